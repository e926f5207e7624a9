//! The audit ledger: what was stopped or noticed on the user's behalf.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::SessionId;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AuditEntry {
    /// Unix time in milliseconds.
    #[ts(type = "number")]
    pub at_ms: u64,
    /// What it is about.
    pub kind: AuditKind,
    /// The session, if one was involved; it may be gone by now.
    pub session_id: Option<SessionId>,
    /// The tool, command or commit.
    pub subject: String,
    /// What happened, in plain words.
    pub detail: String,
}

/// What an audit entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AuditKind {
    /// A model called a tool that does not exist but as a decoy.
    DecoyCalled,
    /// A command was stopped because it would have told something.
    LeakStopped,
    /// A commit was found that tells something.
    LeakFound,
}
