//! What stands for condensed messages, and what the user pinned. Rows are
//! marked when taken back, never removed: the history itself is untouched.

use std::collections::HashSet;

use protocol::{MessageId, SessionId};
use rusqlite::{OptionalExtension, params};

use crate::Store;
use crate::encoding::{from_sql, to_sql};
use crate::error::StoreError;
use crate::turn::missing_session;

/// The condensed form of a history's first part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCompaction {
    /// The first message that is still sent as it is.
    pub first_kept: MessageId,
    /// What stands for all before it.
    pub text: String,
    /// Unix time in milliseconds.
    pub created_ms: u64,
}

impl Store {
    /// Puts a compaction in force.
    ///
    /// # Errors
    /// `UnknownSession`, or when it cannot be made durable.
    pub async fn add_compaction(
        &self,
        session: &SessionId,
        compaction: &StoredCompaction,
    ) -> Result<(), StoreError> {
        let (session, compaction) = (session.clone(), compaction.clone());
        self.call(move |database| {
            database
                .connection
                .execute(
                    "INSERT INTO compactions (session_id, first_kept, text, created_ms) VALUES (?1, ?2, ?3, ?4)",
                    params![
                        session.as_str(),
                        compaction.first_kept.as_str(),
                        compaction.text,
                        to_sql(compaction.created_ms)
                    ],
                )
                .map_err(|error| missing_session(error, &session))?;
            Ok(())
        })
        .await
    }

    /// The compaction in force, if any.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn compaction(
        &self,
        session: &SessionId,
    ) -> Result<Option<StoredCompaction>, StoreError> {
        let session = session.clone();
        self.call(move |database| {
            let found = database
                .connection
                .query_row(
                    "SELECT first_kept, text, created_ms FROM compactions \
                     WHERE session_id = ?1 AND undone_ms IS NULL ORDER BY id DESC LIMIT 1",
                    [session.as_str()],
                    |row| {
                        Ok(StoredCompaction {
                            first_kept: MessageId::from(row.get::<_, String>(0)?),
                            text: row.get(1)?,
                            created_ms: from_sql(row.get(2)?),
                        })
                    },
                )
                .optional()?;
            Ok(found)
        })
        .await
    }

    /// Takes the compaction in force back; the one before it, if any, is in
    /// force again. False when there was none.
    ///
    /// # Errors
    /// When it cannot be made durable.
    pub async fn undo_compaction(
        &self,
        session: &SessionId,
        at_ms: u64,
    ) -> Result<bool, StoreError> {
        let session = session.clone();
        self.call(move |database| {
            let changed = database.connection.execute(
                "UPDATE compactions SET undone_ms = ?2 WHERE id = \
                 (SELECT max(id) FROM compactions WHERE session_id = ?1 AND undone_ms IS NULL)",
                params![session.as_str(), to_sql(at_ms)],
            )?;
            Ok(changed > 0)
        })
        .await
    }

    /// Pins a message, or unpins it when it was; true when it is pinned now.
    ///
    /// # Errors
    /// `UnknownSession`, or when it cannot be made durable.
    pub async fn toggle_pin(
        &self,
        session: &SessionId,
        message: &MessageId,
    ) -> Result<bool, StoreError> {
        let (session, message) = (session.clone(), message.clone());
        self.call(move |database| {
            let key = params![session.as_str(), message.as_str()];
            let removed = database.connection.execute(
                "DELETE FROM pins WHERE session_id = ?1 AND message_id = ?2",
                key,
            )?;
            if removed > 0 {
                return Ok(false);
            }
            database
                .connection
                .execute(
                    "INSERT INTO pins (session_id, message_id) VALUES (?1, ?2)",
                    key,
                )
                .map_err(|error| missing_session(error, &session))?;
            Ok(true)
        })
        .await
    }

    /// The messages of a session that are pinned.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn pins(&self, session: &SessionId) -> Result<HashSet<MessageId>, StoreError> {
        let session = session.clone();
        self.call(move |database| {
            let mut query = database
                .connection
                .prepare_cached("SELECT message_id FROM pins WHERE session_id = ?1")?;
            let rows = query.query_map([session.as_str()], |row| row.get::<_, String>(0))?;
            let pins: Result<HashSet<MessageId>, _> =
                rows.map(|row| row.map(MessageId::from)).collect();
            Ok(pins?)
        })
        .await
    }
}
