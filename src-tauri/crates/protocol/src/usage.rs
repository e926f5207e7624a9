//! Token counts.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Tokens of one model request, or the sum of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Usage {
    /// Input tokens that were neither read from nor written to a cache.
    #[ts(type = "number")]
    pub input_tokens: u64,
    /// Output tokens, reasoning included.
    #[ts(type = "number")]
    pub output_tokens: u64,
    /// Input tokens read from the provider's prompt cache.
    #[ts(type = "number")]
    pub cache_read_tokens: u64,
    /// Input tokens written to the provider's prompt cache.
    #[ts(type = "number")]
    pub cache_write_tokens: u64,
}

impl Usage {
    /// All tokens, cached ones included.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.input_tokens + self.output_tokens + self.cache_read_tokens + self.cache_write_tokens
    }
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.input_tokens += other.input_tokens;
        self.output_tokens += other.output_tokens;
        self.cache_read_tokens += other.cache_read_tokens;
        self.cache_write_tokens += other.cache_write_tokens;
    }
}
