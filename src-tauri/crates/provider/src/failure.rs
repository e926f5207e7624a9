//! One failed attempt: what to tell the user if it was the last, and whether
//! another attempt makes sense.
//!
//! Turns statuses, transport errors and broken streams into kinds and words.
//! It does not wait or count; that is `retry`.

use std::time::{Duration, SystemTime};

use protocol::ErrorKind;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::ProviderError;

/// Most characters of a provider's own words in a message; error pages of
/// proxies can be whole documents.
const MAX_WORDS_CHARS: usize = 300;

/// Whether and when another attempt may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// The same request would fail the same way.
    Never,
    /// After a pause of our choice.
    Backoff,
    /// Not before the pause the server asked for.
    After(Duration),
}

/// What became of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) error: ProviderError,
    pub(crate) again: Again,
}

impl Failure {
    pub(crate) fn new(kind: ErrorKind, message: String, hint: &str, again: Again) -> Self {
        let error = ProviderError {
            kind,
            message,
            hint: hint.to_owned(),
        };
        Self { error, again }
    }

    /// No connection. A refused certificate stays refused.
    pub(crate) fn unreachable(label: &str, words: &str) -> Self {
        let is_certificate = words.contains("certificate");
        let (hint, again) = if is_certificate {
            (
                "Check the clock of this machine and whether a proxy replaces certificates.",
                Again::Never,
            )
        } else {
            (
                "Check the network, the base URL and the proxy settings.",
                Again::Backoff,
            )
        };
        let message = format!(
            "{label} cannot be reached: {}.",
            words.trim_end_matches('.')
        );
        Self::new(ErrorKind::Unreachable, message, hint, again)
    }

    /// The answer broke off or made no sense.
    pub(crate) fn broken(label: &str, words: &str) -> Self {
        let message = format!(
            "The answer of {label} broke off: {}.",
            words.trim_end_matches('.')
        );
        Self::new(
            ErrorKind::BrokenStream,
            message,
            "Send the request again.",
            Again::Backoff,
        )
    }

    /// Nothing came for too long.
    pub(crate) fn stalled(label: &str, silence: Duration) -> Self {
        let words = format!("nothing came for {} seconds", silence.as_secs().max(1));
        Self::broken(label, &words)
    }

    /// An answer that is not a success.
    pub(crate) fn status(
        label: &str,
        status: u16,
        again_after: Option<Duration>,
        words: &str,
    ) -> Self {
        let words = shorten(words);
        let said = if words.is_empty() {
            String::new()
        } else {
            format!(": {}", words.trim_end_matches('.'))
        };
        let backoff = again_after.map_or(Again::Backoff, Again::After);
        let (kind, what, hint, again) = match status {
            401 | 403 => (
                ErrorKind::Auth,
                "refused the key",
                "Check the key in the settings or the environment.",
                Again::Never,
            ),
            404 => (
                ErrorKind::NotFound,
                "does not know this",
                "Check the model name and the base URL.",
                Again::Never,
            ),
            413 => (
                ErrorKind::BadRequest,
                "finds the request too large",
                "Start a new session or remove large results.",
                Again::Never,
            ),
            429 => (
                ErrorKind::RateLimited,
                "limits the rate",
                "Wait a little, or check the plan's limits.",
                backoff,
            ),
            408 | 409 => (
                ErrorKind::ProviderFailed,
                "gave up on the request",
                "Send the request again.",
                backoff,
            ),
            529 => (
                ErrorKind::ProviderFailed,
                "is overloaded",
                "Try again in a while, or choose another model.",
                backoff,
            ),
            500..=599 => (
                ErrorKind::ProviderFailed,
                "failed",
                "Try again in a while.",
                backoff,
            ),
            300..=399 => (
                ErrorKind::BadRequest,
                "redirects elsewhere, and a key is not sent along",
                "Set the base URL to the final address.",
                Again::Never,
            ),
            _ => (
                ErrorKind::BadRequest,
                "refused the request",
                "Check the model and the settings.",
                Again::Never,
            ),
        };
        Self::new(
            kind,
            format!("{label} {what} ({status}){said}."),
            hint,
            again,
        )
    }
}

/// What the server's `Retry-After` asks for: seconds or an HTTP date.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

fn shorten(words: &str) -> String {
    let words = words.trim();
    match words.char_indices().nth(MAX_WORDS_CHARS) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}
