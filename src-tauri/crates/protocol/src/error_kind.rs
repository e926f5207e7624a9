//! The closed list of error kinds a shell may switch on.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What went wrong, as far as anybody may branch on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// No key for this provider, or the provider refused the key.
    Auth,
    /// The provider cannot be reached.
    Unreachable,
    /// The provider answered 429 and the retries are used up.
    RateLimited,
    /// The provider is overloaded or failed (5xx) and the retries are used up.
    ProviderFailed,
    /// The provider refused the request as wrong (4xx).
    BadRequest,
    /// The conversation is longer than the model takes.
    ContextOverflow,
    /// The stream broke, stalled or made no sense.
    BrokenStream,
    /// The provider, model or session asked for does not exist.
    NotFound,
    /// The workspace folder is gone or is not a folder.
    WorkspaceGone,
    /// A configuration file cannot be read or understood.
    Config,
    /// The database cannot be opened, read or written.
    Store,
    /// Disk full, read-only or not permitted.
    Disk,
    /// No microphone, or it is busy or silent.
    Microphone,
    /// No speech model, or it is damaged.
    SpeechModel,
    /// No display, no D-Bus, no tray, no hotkey.
    Desktop,
    /// A limit was reached: turns, cost, tool calls.
    Limit,
    /// A turn is already running in this session.
    Busy,
    /// The caller asked for something impossible.
    Usage,
    /// The folder is not trusted.
    NotTrusted,
    /// A bug of ours.
    Internal,
}

/// An error as it crosses a border: kind to branch on, words to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ErrorInfo {
    /// What a caller may branch on.
    pub kind: ErrorKind,
    /// What happened, one sentence.
    pub message: String,
    /// Things the user can do; most useful first.
    pub hints: Vec<String>,
}

impl ErrorInfo {
    /// An error with one hint.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hints: vec![hint.into()],
        }
    }
}

impl std::fmt::Display for ErrorInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        for hint in &self.hints {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ErrorInfo {}
