//! How full the model's context window is, and with what.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the next request would hold. Token counts are estimates, corrected by
/// what the provider counted before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContextReport {
    /// Tokens the model takes; none when that is unknown or has no limit.
    #[ts(type = "number | null")]
    pub window: Option<u64>,
    /// Tokens of the next request.
    #[ts(type = "number")]
    pub used: u64,
    /// The same by what it is, in the order of the request.
    pub parts: Vec<ContextPart>,
    /// A condensed part stands for older messages.
    pub condensed: bool,
    /// Messages whose long tool output is left out.
    #[ts(type = "number")]
    pub masked: u64,
}

/// One share of the context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContextPart {
    /// What it is.
    pub kind: ContextPartKind,
    /// Its tokens.
    #[ts(type = "number")]
    pub tokens: u64,
    /// What it consists of, where there are names for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub names: Option<Vec<String>>,
}

/// What a share of the context is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ContextPartKind {
    /// The system prompt, without the memory files.
    System,
    /// Names, prompts and schemas of the tools.
    Tools,
    /// Definitions of tools that do nothing, with their names.
    Decoys,
    /// AGENTS.md and its relatives.
    Memory,
    /// What stands for condensed messages.
    Summary,
    /// Messages of the user.
    Requests,
    /// Messages of the model, with its tool calls and reasoning.
    Answers,
    /// Output of tools.
    Results,
}
