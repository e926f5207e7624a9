//! Branches: how a session goes back without losing anything.
//!
//! Message rows never change. Going back to a message begins a branch whose
//! rows follow that message; what came after it stays on the branch it was
//! written to. The history is the path from the first row to the end of the
//! session's current branch, so going back, and back again, moves one number.

use protocol::{Branch, MessageId, SessionId};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::Store;
use crate::encoding::{from_sql, to_sql};
use crate::error::{Fault, StoreError};
use crate::message::MessageRow;

/// How much of its first request names a branch, in characters.
const BEGINNING: usize = 120;

/// The branch a session begins with; it has no row of its own.
const FIRST: i64 = 0;

impl Store {
    /// Ends the session's history with the message `keep`, or with nothing,
    /// and gives the branch it goes on with. What came after stays on its
    /// branch, to be chosen again with [`Store::choose_branch`]. Whether the
    /// history is valid at that end is the caller's to see to.
    ///
    /// # Errors
    /// `UnknownSession`; `UnknownMessage` when the message is not in the
    /// history; or when it cannot be made durable.
    pub async fn rewind(
        &self,
        session: &SessionId,
        keep: Option<&MessageId>,
        now_ms: u64,
    ) -> Result<u64, StoreError> {
        let (session, keep) = (session.clone(), keep.cloned());
        self.call(move |database| {
            let transaction = begin(&mut database.connection)?;
            let branch = rewind(&transaction, &session, (keep.as_ref(), now_ms))?;
            transaction.commit()?;
            Ok(from_sql(branch))
        })
        .await
    }

    /// The session's branches that hold messages, and the current one.
    ///
    /// # Errors
    /// `UnknownSession`, or when the file cannot be read.
    pub async fn branches(&self, session: &SessionId) -> Result<Vec<Branch>, StoreError> {
        let session = session.clone();
        self.call(move |database| list(&database.connection, &session))
            .await
    }

    /// Makes the history end where the branch `number` ends; also the way
    /// out of a branch that is damaged.
    ///
    /// # Errors
    /// `UnknownSession`, `UnknownBranch`, or when it cannot be made durable.
    pub async fn choose_branch(&self, session: &SessionId, number: u64) -> Result<(), StoreError> {
        let session = session.clone();
        self.call(move |database| {
            let transaction = begin(&mut database.connection)?;
            choose(&transaction, &session, to_sql(number))?;
            transaction.commit()?;
            Ok(())
        })
        .await
    }
}

/// Rows of one branch that belong to a history: `after < position <= upto`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) branch: i64,
    pub(crate) after: i64,
    pub(crate) upto: i64,
}

/// A history as stretches of branches, oldest first.
#[derive(Debug)]
pub(crate) struct Path {
    pub(crate) segments: Vec<Segment>,
    pub(crate) message_count: usize,
    current: i64,
}

impl Path {
    /// What of the path lies below `position`.
    pub(crate) fn below(&self, position: i64) -> Vec<Segment> {
        self.cut(0, position.saturating_sub(1))
    }

    /// What of the path lies at `position` and above.
    pub(crate) fn from(&self, position: i64) -> Vec<Segment> {
        self.cut(position.saturating_sub(1), i64::MAX)
    }

    fn cut(&self, after: i64, upto: i64) -> Vec<Segment> {
        self.segments
            .iter()
            .map(|segment| Segment {
                branch: segment.branch,
                after: segment.after.max(after),
                upto: segment.upto.min(upto),
            })
            .filter(|segment| segment.after < segment.upto)
            .collect()
    }

    /// Whether the row lies on the path.
    pub(crate) fn holds(&self, branch: i64, position: i64) -> bool {
        self.segments.iter().any(|segment| {
            segment.branch == branch && segment.after < position && position <= segment.upto
        })
    }

    /// Messages of the path below `position`.
    pub(crate) fn count(
        &self,
        connection: &Connection,
        session: &SessionId,
        position: i64,
    ) -> Result<i64, Fault> {
        let mut statement = connection.prepare_cached(
            "SELECT count(*) FROM messages
             WHERE session_id = ?1 AND branch = ?2 AND position > ?3 AND position <= ?4",
        )?;
        let mut count = 0;
        for segment in self.below(position) {
            let values = params![
                session.as_str(),
                segment.branch,
                segment.after,
                segment.upto
            ];
            count += statement.query_row(values, |row| row.get::<_, i64>(0))?;
        }
        Ok(count)
    }
}

/// The history of the session.
pub(crate) fn path(connection: &Connection, session: &SessionId) -> Result<Path, Fault> {
    let (current, count) = connection
        .prepare_cached(
            "SELECT branch, message_count FROM sessions WHERE id = ? AND place <> 'gone'",
        )?
        .query_row([session.as_str()], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
        })
        .optional()?
        .ok_or_else(|| Fault::unknown(session))?;
    Ok(Path {
        segments: segments(connection, session, current)?,
        message_count: usize::try_from(count).unwrap_or(0),
        current,
    })
}

/// Every step goes to a smaller number, so that it ends.
fn segments(
    connection: &Connection,
    session: &SessionId,
    current: i64,
) -> Result<Vec<Segment>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT parent, base FROM branches WHERE session_id = ?1 AND number = ?2",
    )?;
    let mut segments = Vec::new();
    let (mut branch, mut upto) = (current, i64::MAX);
    while branch > FIRST {
        let (parent, base): (i64, i64) = statement
            .query_row(params![session.as_str(), branch], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?
            .filter(|(parent, _)| *parent < branch)
            .ok_or_else(|| Fault::unreadable(session, format!("branch {branch} is missing")))?;
        segments.push(Segment {
            branch,
            after: base,
            upto,
        });
        (branch, upto) = (parent, base);
    }
    segments.push(Segment {
        branch: FIRST,
        after: 0,
        upto,
    });
    segments.reverse();
    segments.retain(|segment| segment.after < segment.upto);
    Ok(segments)
}

/// Where the message stands, if it is part of the history.
pub(crate) fn position(
    connection: &Connection,
    session: &SessionId,
    (path, message): (&Path, &MessageId),
) -> Result<i64, Fault> {
    row_of(connection, session, (path, message)).map(|(_, position)| position)
}

fn row_of(
    connection: &Connection,
    session: &SessionId,
    (path, message): (&Path, &MessageId),
) -> Result<(i64, i64), Fault> {
    connection
        .prepare_cached("SELECT branch, position FROM messages WHERE id = ?1 AND session_id = ?2")?
        .query_row([message.as_str(), session.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?
        .filter(|(branch, position)| path.holds(*branch, *position))
        .ok_or_else(|| Fault::unknown_message(session, message))
}

fn begin(connection: &mut Connection) -> Result<Transaction<'_>, Fault> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

fn rewind(
    connection: &Connection,
    session: &SessionId,
    (keep, now_ms): (Option<&MessageId>, u64),
) -> Result<i64, Fault> {
    let path = path(connection, session)?;
    let (parent, base) = match keep {
        Some(keep) => row_of(connection, session, (&path, keep))?,
        None => (FIRST, 0),
    };
    let kept = path.count(connection, session, base.saturating_add(1))?;
    if kept == path.count(connection, session, i64::MAX)? {
        return Ok(path.current);
    }
    let number: i64 = connection
        .prepare_cached("SELECT coalesce(max(number), 0) + 1 FROM branches WHERE session_id = ?")?
        .query_row([session.as_str()], |row| row.get(0))?;
    connection
        .prepare_cached(
            "INSERT INTO branches (session_id, number, parent, base, created_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![session.as_str(), number, parent, base, to_sql(now_ms)])?;
    set_current(connection, session, (number, kept))?;
    Ok(number)
}

fn choose(connection: &Connection, session: &SessionId, number: i64) -> Result<(), Fault> {
    let known: bool = connection
        .prepare_cached(
            "SELECT ?2 = 0 OR EXISTS (SELECT 1 FROM branches WHERE session_id = ?1 AND number = ?2)",
        )?
        .query_row(params![session.as_str(), number], |row| row.get(0))?;
    if !known {
        return Err(Fault::Known(StoreError::UnknownBranch {
            session: session.clone(),
            number: from_sql(number),
        }));
    }
    let new = Path {
        segments: segments(connection, session, number)?,
        message_count: 0,
        current: number,
    };
    let count = new.count(connection, session, i64::MAX)?;
    set_current(connection, session, (number, count))?;
    Ok(())
}

fn set_current(
    connection: &Connection,
    session: &SessionId,
    (number, count): (i64, i64),
) -> Result<(), Fault> {
    let changed = connection
        .prepare_cached("UPDATE sessions SET branch = ?2, message_count = ?3 WHERE id = ?1")?
        .execute(params![session.as_str(), number, count])?;
    match changed {
        0 => Err(Fault::unknown(session)),
        _ => Ok(()),
    }
}

fn list(connection: &Connection, session: &SessionId) -> Result<Vec<Branch>, Fault> {
    let current = path(connection, session)?.current;
    let mut statement = connection.prepare_cached(
        "SELECT 0, NULL, 0, 0 UNION ALL
         SELECT number, parent, base, created_ms FROM branches WHERE session_id = ?1 ORDER BY 1",
    )?;
    let rows = statement.query_map([session.as_str()], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    let mut branches = Vec::new();
    for row in rows {
        let (number, parent, base, created_ms): (i64, Option<i64>, i64, i64) = row?;
        let count: i64 = connection
            .prepare_cached("SELECT count(*) FROM messages WHERE session_id = ?1 AND branch = ?2")?
            .query_row(params![session.as_str(), number], |row| row.get(0))?;
        if count == 0 && number != current {
            continue;
        }
        branches.push(Branch {
            number: from_sql(number),
            current: number == current,
            parent: parent.map(from_sql),
            after: message_at(connection, session, base)?,
            begins_with: beginning(connection, session, number)?,
            message_count: from_sql(count),
            created_ms: from_sql(created_ms),
        });
    }
    Ok(branches)
}

fn message_at(
    connection: &Connection,
    session: &SessionId,
    position: i64,
) -> Result<Option<MessageId>, Fault> {
    let id: Option<String> = connection
        .prepare_cached("SELECT id FROM messages WHERE session_id = ?1 AND position = ?2")?
        .query_row(params![session.as_str(), position], |row| row.get(0))
        .optional()?;
    Ok(id.map(MessageId::from))
}

/// The first message of the branch somebody typed or spoke.
fn beginning(connection: &Connection, session: &SessionId, number: i64) -> Result<String, Fault> {
    let row = connection
        .prepare_cached(
            "SELECT id, turn_id, role, origin, blocks, created_ms FROM messages
             WHERE session_id = ?1 AND branch = ?2 AND role = 'user' AND origin <> 'program'
             ORDER BY position LIMIT 1",
        )?
        .query_row(params![session.as_str(), number], MessageRow::read)
        .optional()
        .map_err(|error| Fault::row(session, error))?;
    let text = row
        .and_then(|row| row.parse().ok())
        .map(|message| message.text())
        .unwrap_or_default();
    Ok(text.chars().take(BEGINNING).collect())
}
