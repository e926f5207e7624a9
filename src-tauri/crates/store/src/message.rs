//! The transcript: rows are only ever added, in the order of appending. A
//! history is the path of the session's current branch through them.

use protocol::{
    AuditEntry, Message, MessageId, MessagePage, Origin, Role, SessionId, UnreadableMessage,
};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use crate::Store;
use crate::branch::{self, Path, Segment};
use crate::encoding::{from_sql, from_tag, to_json, to_sql, to_tag};
use crate::error::{Fault, StoreError};
use crate::{audit, index};

/// The most messages one page holds, whatever was asked for.
pub const MESSAGE_PAGE_LIMIT: u32 = 2_000;

/// Which stretch of a history to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageAt {
    /// Its end.
    Latest,
    /// What comes right before this message.
    Before(MessageId),
    /// What comes right after this message.
    After(MessageId),
    /// This message, with as much before as after it.
    Around(MessageId),
}

impl Store {
    /// Puts a message at the end of the session's history and counts it. A
    /// request of the user brings a session back from archive and trash.
    ///
    /// # Errors
    /// `UnknownSession`, or when it cannot be made durable; then nothing of
    /// it is kept.
    pub async fn append_message(
        &self,
        session: &SessionId,
        message: &Message,
    ) -> Result<(), StoreError> {
        self.append_messages(session, vec![message.clone()]).await
    }

    /// Puts messages at the end of the session's history, all or none.
    ///
    /// # Errors
    /// As [`Store::append_message`].
    pub async fn append_messages(
        &self,
        session: &SessionId,
        messages: Vec<Message>,
    ) -> Result<(), StoreError> {
        let session = session.clone();
        self.call(move |database| {
            let waiting = &database.audit_waiting;
            let is_recorded = index::repairing(&mut database.connection, |connection| {
                append(connection, &session, (&messages, waiting))
            })?;
            if is_recorded {
                database.audit_waiting.clear();
            }
            Ok(())
        })
        .await
    }

    /// The session's whole history, oldest first; empty for an unknown one.
    ///
    /// # Errors
    /// `Unreadable` when an entry makes no sense to this build.
    pub async fn messages(&self, session: &SessionId) -> Result<Vec<Message>, StoreError> {
        let session = session.clone();
        self.call(move |database| history(&database.connection, &session))
            .await
    }

    /// The session's whole history without the messages that are damaged,
    /// which are named.
    ///
    /// # Errors
    /// `UnknownSession`, or when the file cannot be read.
    pub async fn readable_messages(
        &self,
        session: &SessionId,
    ) -> Result<(Vec<Message>, Vec<UnreadableMessage>), StoreError> {
        let mut read = Stretch::default();
        let mut after = 0;
        // In steps, so that other sessions can write in between. Rows never
        // change, so the steps fit together.
        while let Some(further) = self.read_some(session.clone(), after).await? {
            after = further.last;
            read.messages.extend(further.messages);
            read.unreadable.extend(further.unreadable);
        }
        Ok((read.messages, read.unreadable))
    }

    /// One message of a session, on whatever branch it lies.
    ///
    /// # Errors
    /// `UnknownMessage` when the session has none of this id; `Unreadable`
    /// when it makes no sense to this build.
    pub async fn message(
        &self,
        session: &SessionId,
        id: &MessageId,
    ) -> Result<Message, StoreError> {
        let (session, id) = (session.clone(), id.clone());
        self.call(move |database| one(&database.connection, &session, &id))
            .await
    }

    /// The next rows behind the position `after`; none at the end.
    async fn read_some(
        &self,
        session: SessionId,
        after: i64,
    ) -> Result<Option<Stretch>, StoreError> {
        self.call(move |database| read_some(&database.connection, &session, after))
            .await
    }

    /// A stretch of at most `limit` messages; damaged ones are left out and
    /// named, so that one of them does not hide the others.
    ///
    /// # Errors
    /// `UnknownSession`; `UnknownMessage` when the message is not in the
    /// session's history; or when the file cannot be read.
    pub async fn message_page(
        &self,
        session: &SessionId,
        at: PageAt,
        limit: u32,
    ) -> Result<MessagePage, StoreError> {
        let session = session.clone();
        let limit = i64::from(limit.clamp(1, MESSAGE_PAGE_LIMIT));
        self.call(move |database| page(&database.connection, &session, (&at, limit)))
            .await
    }
}

/// Whether the entries of the ledger went with the messages.
fn append(
    connection: &mut Connection,
    session: &SessionId,
    (messages, audit_entries): (&[Message], &[AuditEntry]),
) -> Result<bool, Fault> {
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for message in messages {
        append_one(&transaction, session, message)?;
    }
    let is_recorded = audit::write_within(&mut transaction, audit_entries)?;
    transaction.commit()?;
    Ok(is_recorded)
}

fn append_one(
    connection: &Connection,
    session: &SessionId,
    message: &Message,
) -> Result<(), Fault> {
    let created_ms = to_sql(message.created_ms);
    // A session somebody goes on with is no longer put away.
    let is_request = message.role == Role::User && message.origin != Origin::Program;
    let branch: Option<i64> = connection
        .prepare_cached(
            "UPDATE sessions SET message_count = message_count + 1, updated_ms = max(updated_ms, ?2),
                 place = CASE WHEN ?3 AND place IN ('archived', 'trashed') THEN 'active' ELSE place END
             WHERE id = ?1 AND place <> 'gone' RETURNING branch",
        )?
        .query_row(params![session.as_str(), created_ms, is_request], |row| {
            row.get(0)
        })
        .optional()?;
    let branch = branch.ok_or_else(|| Fault::unknown(session))?;
    // Rows of all branches share one numbering, so that a row's place never
    // depends on which branch is chosen.
    connection
        .prepare_cached(
            "INSERT INTO messages (id, session_id, position, turn_id, role, origin, blocks, created_ms, branch)
             VALUES (?1, ?2, 1 + coalesce((SELECT position FROM messages WHERE session_id = ?2 ORDER BY position DESC LIMIT 1), 0),
                     ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            message.id.as_str(),
            session.as_str(),
            message.turn_id.as_str(),
            to_tag(message.role)?,
            to_tag(message.origin)?,
            to_json(&message.blocks)?,
            created_ms,
            branch,
        ])?;
    index::add_message(connection, session, message)
}

fn history(connection: &Connection, session: &SessionId) -> Result<Vec<Message>, Fault> {
    let path = match branch::path(connection, session) {
        Err(Fault::Known(StoreError::UnknownSession { .. })) => return Ok(Vec::new()),
        other => other?,
    };
    let mut messages = Vec::with_capacity(path.message_count);
    for segment in &path.segments {
        read_segment(
            connection,
            session,
            (segment, Order::Forward, i64::MAX),
            |row| {
                let row = MessageRow::read(row).map_err(|error| Fault::row(session, error))?;
                let id = row.id.clone();
                let message = row.parse();
                messages.push(message.map_err(|error| {
                    Fault::unreadable(session, format!("message {id}: {error}"))
                })?);
                Ok(())
            },
        )?;
    }
    Ok(messages)
}

fn one(connection: &Connection, session: &SessionId, id: &MessageId) -> Result<Message, Fault> {
    let row = connection
        .prepare_cached(
            "SELECT id, turn_id, role, origin, blocks, created_ms FROM messages
             WHERE session_id = ?1 AND id = ?2",
        )?
        .query_row(params![session.as_str(), id.as_str()], MessageRow::read)
        .optional()
        .map_err(|error| Fault::row(session, error))?;
    let row = row.ok_or_else(|| Fault::unknown_message(session, id))?;
    row.parse()
        .map_err(|error| Fault::unreadable(session, format!("message {id}: {error}")))
}

fn read_some(
    connection: &Connection,
    session: &SessionId,
    after: i64,
) -> Result<Option<Stretch>, Fault> {
    let path = branch::path(connection, session)?;
    let mut stretch = Stretch::default();
    for segment in &path.from(after.saturating_add(1)) {
        let left = i64::from(MESSAGE_PAGE_LIMIT) - stretch.count;
        if left <= 0 {
            break;
        }
        let part = (segment, Order::Forward, left);
        read_segment(connection, session, part, |row| stretch.add(row))?;
    }
    Ok(Some(stretch).filter(|stretch| stretch.count > 0))
}

fn page(
    connection: &Connection,
    session: &SessionId,
    (at, limit): (&PageAt, i64),
) -> Result<MessagePage, Fault> {
    let path = branch::path(connection, session)?;
    let place = |id: &MessageId| branch::position(connection, session, (&path, id));
    match at {
        PageAt::Latest => page_between(connection, session, &path, (i64::MAX, limit, 0)),
        PageAt::Before(id) => page_between(connection, session, &path, (place(id)?, limit, 0)),
        PageAt::After(id) => page_between(connection, session, &path, (place(id)? + 1, 0, limit)),
        PageAt::Around(id) => {
            let before = limit / 2;
            page_between(
                connection,
                session,
                &path,
                (place(id)?, before, limit - before),
            )
        }
    }
}

/// `before` messages below `position` and `after` messages from it on.
fn page_between(
    connection: &Connection,
    session: &SessionId,
    path: &Path,
    (position, before, after): (i64, i64, i64),
) -> Result<MessagePage, Fault> {
    let mut rows = Stretch::default();
    for segment in path.below(position).iter().rev() {
        let left = before - rows.count;
        if left <= 0 {
            break;
        }
        read_segment(
            connection,
            session,
            (segment, Order::Backward, left),
            |row| rows.add(row),
        )?;
    }
    rows.messages.reverse();
    rows.unreadable.reverse();
    let below = path.count(connection, session, position)?;
    let older = below - rows.count;
    rows.count = 0;
    for segment in &path.from(position) {
        let left = after - rows.count;
        if left <= 0 {
            break;
        }
        read_segment(
            connection,
            session,
            (segment, Order::Forward, left),
            |row| rows.add(row),
        )?;
    }
    let all = path.count(connection, session, i64::MAX)?;
    Ok(MessagePage {
        messages: rows.messages,
        older: from_sql(older),
        newer: from_sql(all - below - rows.count),
        unreadable: rows.unreadable,
    })
}

/// What was read, the damaged apart.
#[derive(Default)]
struct Stretch {
    messages: Vec<Message>,
    unreadable: Vec<UnreadableMessage>,
    count: i64,
    /// Position of the row read last.
    last: i64,
}

impl Stretch {
    fn add(&mut self, row: &Row<'_>) -> Result<(), Fault> {
        self.count += 1;
        self.last = row.get(6)?;
        let (message_id, detail) = match MessageRow::read(row) {
            Ok(row) => {
                let id = row.id.clone();
                match row.parse() {
                    Ok(message) => {
                        self.messages.push(message);
                        return Ok(());
                    }
                    Err(error) => (id, error.to_string()),
                }
            }
            Err(error) if error.sqlite_error().is_some() => return Err(error.into()),
            Err(error) => (row.get(0).unwrap_or_default(), error.to_string()),
        };
        tracing::warn!(message = message_id, detail, "a stored message is damaged");
        self.unreadable.push(UnreadableMessage {
            message_id: message_id.into(),
            detail,
        });
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Order {
    Forward,
    Backward,
}

fn read_segment(
    connection: &Connection,
    session: &SessionId,
    (segment, order, limit): (&Segment, Order, i64),
    mut take: impl FnMut(&Row<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let direction = match order {
        Order::Forward => "ASC",
        Order::Backward => "DESC",
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id, turn_id, role, origin, blocks, created_ms, position FROM messages
         WHERE session_id = ?1 AND branch = ?2 AND position > ?3 AND position <= ?4
         ORDER BY position {direction} LIMIT ?5",
    ))?;
    let values = params![
        session.as_str(),
        segment.branch,
        segment.after,
        segment.upto,
        limit
    ];
    let mut rows = statement.query(values)?;
    while let Some(row) = rows.next().map_err(|error| Fault::row(session, error))? {
        take(row)?;
    }
    Ok(())
}

/// A row as SQLite has it, before its words are understood.
pub(crate) struct MessageRow {
    id: String,
    turn_id: String,
    role: String,
    origin: String,
    blocks: String,
    created_ms: i64,
}

impl MessageRow {
    /// Columns in the order of the struct.
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            turn_id: row.get(1)?,
            role: row.get(2)?,
            origin: row.get(3)?,
            blocks: row.get(4)?,
            created_ms: row.get(5)?,
        })
    }

    pub(crate) fn parse(self) -> Result<Message, serde_json::Error> {
        Ok(Message {
            id: self.id.into(),
            turn_id: self.turn_id.into(),
            role: from_tag(self.role)?,
            origin: from_tag(self.origin)?,
            blocks: serde_json::from_str(&self.blocks)?,
            created_ms: from_sql(self.created_ms),
        })
    }
}
