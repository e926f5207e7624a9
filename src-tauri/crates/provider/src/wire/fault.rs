//! What a decoder found wrong, before anybody's name is put to it.
//!
//! Error words inside a stream have no status; the names providers give
//! them stand for one, so that they end like the same refusal without one.

use protocol::ErrorKind;

use crate::failure::{Again, Failure, is_too_long};

/// Why an answer cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It contradicts itself or makes no sense.
    Broken(String),
    /// The provider says it failed, in a way that has a status.
    Status {
        /// HTTP status.
        status: u16,
        /// The provider's words.
        words: String,
    },
    /// The conversation outgrew the model.
    TooLong {
        /// The provider's words.
        words: String,
    },
    /// The provider says it failed, in a way of its own.
    Failed {
        /// The provider's name for it.
        kind: String,
        /// The provider's words.
        words: String,
    },
}

impl Fault {
    pub(crate) fn broken(words: impl Into<String>) -> Self {
        Self::Broken(words.into())
    }

    /// A frame that is no JSON, or not of the wire's shape.
    pub(crate) fn senseless(error: &serde_json::Error) -> Self {
        Self::Broken(format!("an event makes no sense ({error})"))
    }

    /// An error the provider gives by name.
    pub(crate) fn named(kind: &str, words: &str) -> Self {
        let words = words.to_owned();
        if is_too_long(kind) {
            return Self::TooLong { words };
        }
        let status = match kind.to_ascii_lowercase().as_str() {
            "invalid_request_error"
            | "invalid_prompt"
            | "invalid_argument"
            | "failed_precondition"
            | "bad_request" => 400,
            "authentication_error" | "invalid_api_key" | "unauthenticated" => 401,
            "billing_error" | "insufficient_quota" => 402,
            "permission_error" | "permission_denied" => 403,
            "not_found_error" | "model_not_found" | "not_found" => 404,
            "request_too_large" => 413,
            "rate_limit_error" | "rate_limit_exceeded" | "resource_exhausted" => 429,
            "timeout_error" | "deadline_exceeded" => 504,
            "overloaded_error" | "server_overloaded" | "unavailable" => 529,
            "api_error"
            | "server_error"
            | "internal_error"
            | "internal_server_error"
            | "internal" => 500,
            code => match code.parse() {
                Ok(status @ 400..=599) => status,
                _ => {
                    return Self::Failed {
                        kind: kind.to_owned(),
                        words,
                    };
                }
            },
        };
        Self::Status { status, words }
    }

    pub(crate) fn into_failure(self, label: &str) -> Failure {
        match self {
            Self::Broken(words) => Failure::broken(label, &words),
            Self::Status { status, words } => Failure::status(label, status, None, &words),
            Self::TooLong { words } => Failure::too_long(label, &words),
            Self::Failed { words, .. } if is_too_long(&words) => Failure::too_long(label, &words),
            Self::Failed { kind, words } => {
                let words = words.trim_end_matches('.');
                let message = match (kind.is_empty(), words.is_empty()) {
                    (_, true) => format!("{label} failed ({kind})."),
                    (true, false) => format!("{label} failed: {words}."),
                    (false, false) => format!("{label} failed ({kind}): {words}."),
                };
                Failure::new(
                    ErrorKind::ProviderFailed,
                    message,
                    "Try again in a while.",
                    Again::Backoff,
                )
            }
        }
    }
}
