//! The audit ledger: what was stopped or noticed, with the place. Entries are
//! added and read, never changed; they outlive their sessions.

use protocol::{AuditEntry, AuditKind, SessionId};
use rusqlite::{Row, params};

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
            let rows = query.query_map([limit.min(AUDIT_LIMIT)], entry_and_kind)?;
            let entries: Result<_, rusqlite::Error> = rows.filter_map(of_known_kind).collect();
            Ok(entries?)
        })
        .await
    }
}

/// An entry with the name of its kind, which this build may not know.
fn entry_and_kind(row: &Row<'_>) -> rusqlite::Result<(String, AuditEntry)> {
    let session: Option<String> = row.get(2)?;
    let entry = AuditEntry {
        at_ms: from_sql(row.get(0)?),
        kind: AuditKind::LeakFound,
        session_id: session.map(SessionId::from),
        subject: row.get(3)?,
        detail: row.get(4)?,
    };
    Ok((row.get(1)?, entry))
}

fn of_known_kind(
    row: rusqlite::Result<(String, AuditEntry)>,
) -> Option<rusqlite::Result<AuditEntry>> {
    match row {
        Ok((kind, entry)) => {
            let kind = from_tag(kind).ok()?;
            Some(Ok(AuditEntry { kind, ..entry }))
        }
        Err(error) => Some(Err(error)),
    }
}
