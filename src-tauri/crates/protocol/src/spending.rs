//! What was spent, in tokens and money.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{TurnId, Usage};

/// Everything spent, for a page of plots.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct UsageReport {
    /// By day and model, newest day first; at most a year.
    pub days: Vec<DayUsage>,
    /// The turns of one session, oldest first; empty without a session.
    pub turns: Vec<TurnUsage>,
}

/// What one model took on one day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DayUsage {
    /// Days since 1970-01-01, UTC.
    #[ts(type = "number")]
    pub day: u64,
    /// Provider id.
    pub provider: String,
    /// Model name.
    pub model: String,
    /// How many turns.
    #[ts(type = "number")]
    pub turns: u64,
    /// Their tokens.
    pub usage: Usage,
    /// US dollars; none when the price is unknown.
    pub cost_usd: Option<f64>,
}

/// What one turn took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TurnUsage {
    /// The turn.
    pub turn_id: TurnId,
    /// Unix time in milliseconds.
    #[ts(type = "number")]
    pub started_ms: u64,
    /// Provider id.
    pub provider: String,
    /// Model name.
    pub model: String,
    /// Its tokens.
    pub usage: Usage,
    /// US dollars; none when the price is unknown.
    pub cost_usd: Option<f64>,
}
