//! What can go wrong with a provider, as far as the loop branches on it.

use protocol::{ErrorInfo, ErrorKind};

/// A failed request or a broken stream, after all retries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ProviderError {
    /// What a caller may branch on.
    pub kind: ErrorKind,
    /// What happened, one sentence, with the provider's own words.
    pub message: String,
    /// What the user can do.
    pub hint: String,
}

impl From<ProviderError> for ErrorInfo {
    fn from(error: ProviderError) -> Self {
        Self::new(error.kind, error.message, error.hint)
    }
}
