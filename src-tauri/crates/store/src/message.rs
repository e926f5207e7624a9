//! The transcript: append-only, in the order of appending.

use protocol::{Message, SessionId};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use crate::Store;
use crate::encoding::{from_sql, from_tag, to_json, to_sql, to_tag};
use crate::error::{Fault, StoreError};

impl Store {
    /// Puts a message at the end of the session's history and counts it.
    ///
    /// # Errors
    /// `UnknownSession`, or when it cannot be made durable; then nothing of
    /// it is kept.
    pub async fn append_message(
        &self,
        session: &SessionId,
        message: &Message,
    ) -> Result<(), StoreError> {
        let session = session.clone();
        let message = message.clone();
        self.call(move |database| append(&mut database.connection, &session, &message))
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
}

fn append(
    connection: &mut Connection,
    session: &SessionId,
    message: &Message,
) -> Result<(), Fault> {
    let role = to_tag(message.role)?;
    let origin = to_tag(message.origin)?;
    let blocks = to_json(&message.blocks)?;
    let folded = message.text().to_lowercase();
    let created_ms = to_sql(message.created_ms);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // History only grows, so the count is also the position of the newest.
    let position: Option<i64> = transaction
        .prepare_cached(
            "UPDATE sessions SET message_count = message_count + 1, updated_ms = max(updated_ms, ?2)
             WHERE id = ?1 RETURNING message_count",
        )?
        .query_row(params![session.as_str(), created_ms], |row| row.get(0))
        .optional()?;
    let position = position.ok_or_else(|| Fault::unknown(session))?;
    transaction
        .prepare_cached(
            "INSERT INTO messages (id, session_id, position, turn_id, role, origin, blocks, folded, created_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            message.id.as_str(),
            session.as_str(),
            position,
            message.turn_id.as_str(),
            role,
            origin,
            blocks,
            folded,
            created_ms,
        ])?;
    transaction.commit()?;
    Ok(())
}

fn history(connection: &Connection, session: &SessionId) -> Result<Vec<Message>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT id, turn_id, role, origin, blocks, created_ms FROM messages
         WHERE session_id = ? ORDER BY position",
    )?;
    let rows = statement.query_map([session.as_str()], MessageRow::read)?;
    rows.map(|row| {
        let row = row.map_err(|error| Fault::row(session, error))?;
        let id = row.id.clone();
        row.parse()
            .map_err(|error| Fault::unreadable(session, format!("message {id}: {error}")))
    })
    .collect()
}

struct MessageRow {
    id: String,
    turn_id: String,
    role: String,
    origin: String,
    blocks: String,
    created_ms: i64,
}

impl MessageRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            turn_id: row.get(1)?,
            role: row.get(2)?,
            origin: row.get(3)?,
            blocks: row.get(4)?,
            created_ms: row.get(5)?,
        })
    }

    fn parse(self) -> Result<Message, serde_json::Error> {
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
