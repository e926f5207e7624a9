//! The audit ledger at the door.

use protocol::{AuditCheck, AuditEntry, AuditKind, AuditQuery, AuditRecord, ErrorInfo, SessionId};

use super::{Engine, Inner};
use crate::clock::now_ms;
use crate::redaction;

impl Engine {
    /// The part of the ledger that fits, the newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn audit(&self, query: &AuditQuery) -> Result<Vec<AuditRecord>, ErrorInfo> {
        Ok(self.inner.store.audit(query).await?)
    }

    /// Looks whether the ledger is as it was written, and still has the entry
    /// of a hash that was noted.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn check_audit(&self, noted: Option<&str>) -> Result<AuditCheck, ErrorInfo> {
        Ok(self.inner.store.check_audit(noted).await?)
    }
}

impl Inner {
    /// Adds what a person did to the ledger; a failure is told in the log.
    pub(super) async fn put_on_record(
        &self,
        kind: AuditKind,
        session: Option<&SessionId>,
        (subject, detail): (String, String),
    ) {
        let entry = AuditEntry {
            at_ms: now_ms(),
            kind,
            session_id: session.cloned(),
            call_id: None,
            subject,
            detail,
        };
        let entry = redaction::entry(&self.redactor, entry);
        if let Err(error) = self.store.add_audit(&entry).await {
            tracing::warn!(%error, "the audit ledger could not be written");
        }
    }
}
