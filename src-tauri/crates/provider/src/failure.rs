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
                "Check the clock of this machine. If a proxy or a gateway of your own signs its certificates, \
                 add its CA certificate to the system's, or name its file in SSL_CERT_FILE.",
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

    /// The answer came to an end without a word or a call.
    pub(crate) fn empty(label: &str) -> Self {
        Self::new(
            ErrorKind::BrokenStream,
            format!("{label} answered with nothing."),
            "Send the request again, or choose another model.",
            Again::Backoff,
        )
    }

    /// The answer, or one piece of it, is larger than any honest one.
    pub(crate) fn oversized(label: &str) -> Self {
        Self::new(
            ErrorKind::BrokenStream,
            format!("{label} sent more at once than an answer can have, so it was cut off."),
            "Check the base URL, or choose another model.",
            Again::Never,
        )
    }

    /// The same with the hint for an account that is used up: waiting does
    /// not mend that.
    pub(crate) fn without_quota(mut self) -> Self {
        "Check the plan and the billing of the account.".clone_into(&mut self.error.hint);
        self.again = Again::Never;
        self
    }

    /// The conversation outgrew the model, said in a way of its own.
    pub(crate) fn too_long(label: &str, words: &str) -> Self {
        let words = shorten(words);
        let said = match words.trim_end_matches('.') {
            "" => String::new(),
            words => format!(": {words}"),
        };
        let message = format!("{label} {}{said}.", TOO_LARGE.what);
        Self::new(TOO_LARGE.kind, message, TOO_LARGE.hint, Again::Never)
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
        let reading = said_plainly(status, &words).unwrap_or_else(|| read_status(status));
        let message = format!("{label} {} ({status}){said}.", reading.what);
        let again = if reading.may_pass {
            backoff
        } else {
            Again::Never
        };
        Self::new(reading.kind, message, reading.hint, again)
    }
}

/// What a status means.
struct Reading {
    kind: ErrorKind,
    what: &'static str,
    hint: &'static str,
    /// The same request may succeed later.
    may_pass: bool,
}

impl Reading {
    const fn lasting(kind: ErrorKind, what: &'static str, hint: &'static str) -> Self {
        Self {
            kind,
            what,
            hint,
            may_pass: false,
        }
    }

    const fn passing(kind: ErrorKind, what: &'static str, hint: &'static str) -> Self {
        Self {
            kind,
            what,
            hint,
            may_pass: true,
        }
    }
}

const NO_KEY: Reading = Reading::lasting(
    ErrorKind::Auth,
    "refused the key",
    "Check the key in the settings or the environment.",
);

const TOO_LARGE: Reading = Reading::lasting(
    ErrorKind::ContextOverflow,
    "finds the conversation too long",
    "Condense it with `/compact`, choose a model with a larger context window, or start a new session.",
);

const NO_TOOLS: Reading = Reading::lasting(
    ErrorKind::BadRequest,
    "refused the request",
    "Choose a model that can call tools.",
);

/// How providers say that the conversation outgrew the model.
const TOO_LONG: &[&str] = &[
    "context_length_exceeded",
    "exceed_context_size",
    "maximum context length",
    "max context length",
    "exceeds the context length",
    "greater than the context length",
    "exceed context limit",
    "context the overflows",
    "prompt is too long",
    "prompt too long",
    "input is too long",
    "context window",
    "exceeds the available context size",
    "input token count",
    "exceeds the maximum number of tokens",
    "too many tokens",
    "maximum prompt length",
    "reduce the length of the messages",
];

/// Whether a provider's name for an error, or its words, say that the
/// conversation outgrew the model.
pub(crate) fn is_too_long(said: &str) -> bool {
    let said = said.to_ascii_lowercase();
    TOO_LONG.iter().any(|phrase| said.contains(phrase))
}

/// Some refusals are all one status, and only their words tell them apart.
fn said_plainly(status: u16, words: &str) -> Option<Reading> {
    if !matches!(status, 400 | 422 | 500) {
        return None;
    }
    if is_too_long(words) {
        return Some(TOO_LARGE);
    }
    let words = words.to_ascii_lowercase();
    if words.contains("does not support tools") {
        return Some(NO_TOOLS);
    }
    let is_key = words.contains("api key not valid") || words.contains("api key expired");
    is_key.then_some(NO_KEY)
}

fn read_status(status: u16) -> Reading {
    match status {
        401 | 403 => NO_KEY,
        402 => Reading::lasting(
            ErrorKind::BadRequest,
            "wants to be paid first",
            "Check the plan and the billing of the account.",
        ),
        404 => Reading::lasting(
            ErrorKind::NotFound,
            "does not know this",
            "Check the model name and the base URL.",
        ),
        413 => TOO_LARGE,
        429 => Reading::passing(
            ErrorKind::RateLimited,
            "limits the rate",
            "Wait a little, or check the plan's limits.",
        ),
        408 | 409 => Reading::passing(
            ErrorKind::ProviderFailed,
            "gave up on the request",
            "Send the request again.",
        ),
        529 => Reading::passing(
            ErrorKind::ProviderFailed,
            "is overloaded",
            "Try again in a while, or choose another model.",
        ),
        500..=599 => Reading::passing(ErrorKind::ProviderFailed, "failed", "Try again in a while."),
        300..=399 => Reading::lasting(
            ErrorKind::BadRequest,
            "redirects elsewhere, and a key is not sent along",
            "Set the base URL to the final address.",
        ),
        _ => Reading::lasting(
            ErrorKind::BadRequest,
            "refused the request",
            "Check the model and the settings.",
        ),
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
