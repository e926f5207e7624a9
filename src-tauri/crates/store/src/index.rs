//! Keeps the full-text index: what goes in, and its repair. A damaged index
//! never costs a message: it is made anew from the documents.

use protocol::{Message, SessionId};
use rusqlite::{Connection, params};

use crate::error::Fault;
use crate::message::MessageRow;
use crate::words;

/// The document of a title has no message.
pub(crate) const TITLE: &str = "";

/// Rows brought in at a time while an old database is indexed.
const FILL_ROWS: i64 = 500;

/// Puts a message into the index, in the caller's transaction.
pub(crate) fn add_message(
    connection: &Connection,
    session: &SessionId,
    message: &Message,
) -> Result<(), Fault> {
    add(
        connection,
        session.as_str(),
        message.id.as_str(),
        &words::of_message(message),
    )
}

/// Puts a session's title into the index, in place of an earlier one.
pub(crate) fn set_title(
    connection: &Connection,
    session: &SessionId,
    title: &str,
) -> Result<(), Fault> {
    let text = words::of_title(title);
    let changed = connection
        .prepare_cached("UPDATE documents SET text = ?2 WHERE session_id = ?1 AND message_id = ''")?
        .execute(params![session.as_str(), text])?;
    if changed == 0 {
        add(connection, session.as_str(), TITLE, &text)?;
    }
    Ok(())
}

/// Makes the index anew from the documents.
pub(crate) fn rebuild(connection: &Connection) -> Result<(), Fault> {
    tracing::warn!("the search index is made anew");
    connection.execute("INSERT INTO search (search) VALUES ('rebuild')", [])?;
    Ok(())
}

/// Compares index and documents; slow on a large one.
pub(crate) fn check(connection: &Connection) -> Result<(), Fault> {
    connection.execute(
        "INSERT INTO search (search, rank) VALUES ('integrity-check', 1)",
        [],
    )?;
    Ok(())
}

/// Whether the index, and not the file as a whole, is what is damaged.
pub(crate) fn is_damaged(fault: &Fault) -> bool {
    let Fault::Sql(error) = fault else {
        return false;
    };
    error
        .sqlite_error()
        .is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_CORRUPT_VTAB)
}

/// Runs `work`; when the index is damaged, repairs it and tries once more.
pub(crate) fn repairing<T>(
    connection: &mut Connection,
    mut work: impl FnMut(&mut Connection) -> Result<T, Fault>,
) -> Result<T, Fault> {
    match work(connection) {
        Err(fault) if is_damaged(&fault) => {
            rebuild(connection)?;
            work(connection)
        }
        other => other,
    }
}

/// Indexes what an earlier format holds. A row nobody can read stays out of
/// the index and is reported when its session is opened.
pub(crate) fn fill(connection: &Connection) -> Result<(), Fault> {
    let mut titles = connection.prepare("SELECT id, title FROM sessions")?;
    let mut rows = titles.query([])?;
    while let Some(row) = rows.next()? {
        if let (Ok(id), Ok(title)) = (row.get::<_, String>(0), row.get::<_, String>(1)) {
            add(connection, &id, TITLE, &words::of_title(&title))?;
        }
    }
    let mut after = 0;
    while let Some(last) = fill_some(connection, after)? {
        after = last;
    }
    Ok(())
}

fn fill_some(connection: &Connection, after: i64) -> Result<Option<i64>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT m.id, m.turn_id, m.role, m.origin, m.blocks, m.created_ms, m.session_id, m.rowid
         FROM messages m JOIN sessions s ON s.id = m.session_id
         WHERE m.rowid > ?1 ORDER BY m.rowid LIMIT ?2",
    )?;
    let mut rows = statement.query([after, FILL_ROWS])?;
    let mut last = None;
    while let Some(row) = rows.next()? {
        last = Some(row.get(7)?);
        let Ok(session) = row.get::<_, String>(6) else {
            continue;
        };
        if let Some(message) = MessageRow::read(row).ok().and_then(|row| row.parse().ok()) {
            add_message(connection, &session.as_str().into(), &message)?;
        }
    }
    Ok(last)
}

fn add(connection: &Connection, session: &str, message: &str, text: &str) -> Result<(), Fault> {
    connection
        .prepare_cached("INSERT INTO documents (session_id, message_id, text) VALUES (?1, ?2, ?3)")?
        .execute([session, message, text])?;
    Ok(())
}
