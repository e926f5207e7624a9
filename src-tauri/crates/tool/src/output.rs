//! What a tool answers, and how much of it a model gets to read.

#[cfg(test)]
mod tests;

use protocol::Outcome;
use serde_json::Value;

/// The most a single tool result may hold, in bytes. About 12,000 tokens at
/// four bytes each: large enough for a long file page, small enough that one
/// call cannot fill a 200,000-token window.
pub const OUTPUT_LIMIT_BYTES: usize = 48 * 1024;

/// Room for the note that says how much was cut: its words and the longest
/// number.
const NOTE_BYTES: usize = 48;

/// The answer of a tool.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolOutput {
    /// What the model reads.
    pub content: String,
    /// How it ended; a tool says `Ok`, `Failed` or `Cancelled`.
    pub outcome: Outcome,
    /// What a card in the window shows beyond the text.
    pub details: Option<Value>,
}

impl ToolOutput {
    /// It worked.
    #[must_use]
    pub fn ok(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            outcome: Outcome::Ok,
            details: None,
        }
    }

    /// It did not work; the text says why and what to do.
    #[must_use]
    pub fn failed(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            outcome: Outcome::Failed,
            details: None,
        }
    }

    /// It was stopped.
    #[must_use]
    pub fn cancelled(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            outcome: Outcome::Cancelled,
            details: None,
        }
    }

    /// Adds what the card shows.
    #[must_use]
    pub fn with_details(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }
}

/// Cuts `text` to at most `limit` bytes at character borders, keeping head
/// and tail and saying in the middle how much is missing.
#[must_use]
pub fn clip(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let half = limit.saturating_sub(NOTE_BYTES) / 2;
    let head = text.floor_char_boundary(half);
    let tail = text.ceil_char_boundary(text.len() - half);
    format!(
        "{}\n… {} bytes left out …\n{}",
        &text[..head],
        tail - head,
        &text[tail..]
    )
}
