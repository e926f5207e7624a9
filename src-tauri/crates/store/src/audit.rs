//! The audit ledger: what was stopped or noticed, with the place. Entries are
//! added and read, never changed; they outlive their sessions.

use protocol::{AuditEntry, AuditKind, SessionId};
use rusqlite::params;

use crate::Store;
use crate::encoding::{from_sql, from_tag, to_sql, to_tag};
use crate::error::StoreError;

/// The most entries of one reading.
pub const AUDIT_LIMIT: u32 = 1_000;

impl Store {
    /// Adds an entry.
    ///
    /// # Errors
    /// When it cannot be made durable.
    pub async fn add_audit(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        let entry = entry.clone();
        self.call(move |database| {
            database
                .connection
                .prepare_cached(
                    "INSERT INTO audit (at_ms, kind, session_id, subject, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![
                    to_sql(entry.at_ms),
                    to_tag(entry.kind)?,
                    entry.session_id.as_ref().map(SessionId::as_str),
                    entry.subject,
                    entry.detail,
                ])?;
            Ok(())
        })
        .await
    }

    /// The newest entries, the newest first; one of a kind that this build
    /// does not know is left out.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn audit(&self, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        self.call(move |database| {
            let mut query = database.connection.prepare_cached(
                "SELECT at_ms, kind, session_id, subject, detail FROM audit ORDER BY id DESC LIMIT ?1",
            )?;
            let rows = query.query_map([limit.min(AUDIT_LIMIT)], |row| {
                Ok((
                    row.get::<_, String>(1)?,
                    AuditEntry {
                        at_ms: from_sql(row.get(0)?),
                        kind: AuditKind::LeakFound,
                        session_id: row.get::<_, Option<String>>(2)?.map(SessionId::from),
                        subject: row.get(3)?,
                        detail: row.get(4)?,
                    },
                ))
            })?;
            let mut entries = Vec::new();
            for row in rows {
                let (tag, entry) = row?;
                if let Ok(kind) = from_tag(tag) {
                    entries.push(AuditEntry { kind, ..entry });
                }
            }
            Ok(entries)
        })
        .await
    }
}
