//! The audit ledger: every request of the model, every decision on it, what
//! came of it, and what was stopped or noticed on the user's behalf.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{SessionId, ToolCallId};

/// What happened, before it is in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AuditEntry {
    /// Unix time in milliseconds.
    #[ts(type = "number")]
    pub at_ms: u64,
    /// What it is about.
    pub kind: AuditKind,
    /// The session, if one was involved; it may be gone by now.
    pub session_id: Option<SessionId>,
    /// The tool call, if it is about one.
    #[serde(default)]
    pub call_id: Option<ToolCallId>,
    /// The tool, command, folder or commit.
    pub subject: String,
    /// What happened, in plain words.
    pub detail: String,
}

/// An entry with its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AuditRecord {
    /// Counts from one, without gaps.
    #[ts(type = "number")]
    pub number: u64,
    /// SHA-256 over the entry and the hash before it, in hex.
    pub hash: String,
    /// What happened.
    #[serde(flatten)]
    pub entry: AuditEntry,
}

/// Which part of the ledger to read, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AuditQuery {
    /// At most so many entries.
    pub limit: u32,
    /// Only entries of a lower number.
    #[ts(type = "number | null")]
    pub before: Option<u64>,
    /// Only of these kinds; none means all.
    pub kinds: Vec<AuditKind>,
}

/// What a look at the whole chain found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AuditCheck {
    /// Entries in the ledger.
    #[ts(type = "number")]
    pub count: u64,
    /// The hash of the last one; noted elsewhere it proves the whole ledger.
    /// Empty for an empty ledger.
    pub head: String,
    /// The first place where the chain does not hold.
    pub broken: Option<AuditBreak>,
    /// The hash that was asked about is the one of some entry; true when none
    /// was asked about.
    pub has_head: bool,
}

/// Where a chain was broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AuditBreak {
    /// The entry's number.
    #[ts(type = "number")]
    pub number: u64,
    /// What does not fit.
    pub detail: String,
}

/// What an audit entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AuditKind {
    /// A call may run, and what allows it.
    CallAllowed,
    /// A call does not run, and why.
    CallRefused,
    /// A question was answered: by whom, and how.
    CallAnswered,
    /// A call ended: how, and after what time.
    CallEnded,
    /// A session works in another mode.
    ModeChanged,
    /// The user's rules were changed.
    RulesChanged,
    /// A folder was trusted.
    TrustGiven,
    /// The trust in a folder was taken back.
    TrustRevoked,
    /// A model called a tool that does not exist but as a decoy.
    DecoyCalled,
    /// A command was stopped because it would have told something.
    LeakStopped,
    /// A commit was found that tells something.
    LeakFound,
}
