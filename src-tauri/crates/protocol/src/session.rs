//! Sessions as a list shows them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::SessionId;

/// What a session is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// Nothing runs.
    #[default]
    Idle,
    /// A turn runs.
    Working,
    /// A turn waits for the user's answer.
    Waiting,
    /// The last turn ended with an error.
    Failed,
}

/// One line of the session list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SessionSummary {
    /// The session.
    pub id: SessionId,
    /// Made from the first request; never empty.
    pub title: String,
    /// Absolute path of the folder it works in.
    pub workspace: String,
    /// What it is doing.
    pub state: SessionState,
    /// Unix time in milliseconds.
    #[ts(type = "number")]
    pub created_ms: u64,
    /// Unix time in milliseconds of the last message.
    #[ts(type = "number")]
    pub updated_ms: u64,
    /// Number of messages in the history.
    #[ts(type = "number")]
    pub message_count: u64,
}
