//! A session as a window shows it when it opens one.

use protocol::{Message, PermissionMode, PermissionRequest, Question, SessionSummary, Usage};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything to draw a session; events with a greater `seq` follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SessionView {
    /// Its line in the list.
    pub summary: SessionSummary,
    /// The end of the history; while an answer streams, its text so far is
    /// the last message, under the id its deltas name.
    pub messages: Vec<Message>,
    /// How many messages come before these; none when these are all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub older: Option<u64>,
    /// How many of these are left out because they are damaged on disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub unreadable: Option<u64>,
    /// Mode in force.
    pub mode: PermissionMode,
    /// It is worked on under cover.
    #[serde(default)]
    pub undercover: bool,
    /// A turn runs.
    pub running: bool,
    /// Permission questions that wait.
    pub permissions: Vec<PermissionRequest>,
    /// `ask_user` questions that wait.
    pub questions: Vec<Question>,
    /// The todo list.
    #[ts(type = "unknown")]
    pub todos: serde_json::Value,
    /// Tokens of the session.
    pub usage: Usage,
    /// The last event this view includes.
    #[ts(type = "number")]
    pub last_seq: u64,
}
