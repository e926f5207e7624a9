//! How often a permission rule decided, and when last.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The uses of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleUse {
    /// The rule as written.
    pub rule: String,
    /// How often it decided.
    #[ts(type = "number")]
    pub count: u64,
    /// When last, Unix time in milliseconds.
    #[ts(type = "number")]
    pub used_ms: u64,
}
