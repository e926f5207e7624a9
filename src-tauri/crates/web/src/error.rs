//! Why something of the web was not had, in words a model can act on.

use protocol::{Host, visible_line};

use crate::target::{Target, TargetError};

/// The most characters that are told of what somebody else said.
const TOLD_CHARS: usize = 200;

/// Why a page, a file or a search came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// The URL is not one that is fetched.
    #[error("{0}")]
    Target(#[from] TargetError),
    /// The name leads into the house.
    #[error(
        "`{host}` leads to an address of this machine, of the network it is in, or of none; only the internet is fetched"
    )]
    Private {
        /// The name.
        host: Host,
    },
    /// There is no such name, or nobody answers.
    #[error("`{host}` cannot be reached: {why}")]
    Unreachable {
        /// The name.
        host: Host,
        /// What the system said.
        why: String,
    },
    /// The time is up.
    #[error("`{host}` {what}; try again later or another source")]
    Slow {
        /// Who was slow.
        host: Host,
        /// What it did not do in which time.
        what: &'static str,
    },
    /// Another host, or a less safe way to the same, which nobody judged.
    #[error("it redirects to {to} ; fetch that if you want it")]
    Redirects {
        /// Where to.
        to: Target,
    },
    /// A redirect that leads nowhere one may go.
    #[error("it redirects to something that is not fetched: {why}")]
    BadRedirect {
        /// What is wrong with it.
        why: String,
    },
    /// Redirects without end.
    #[error("it redirects more than {most} times, most likely in a circle")]
    TooManyRedirects {
        /// How many were followed.
        most: usize,
    },
    /// The server said no.
    #[error("the server answered {status}{}", hint_of(*status))]
    Status {
        /// The status of the answer.
        status: u16,
    },
    /// More than anybody wants to read.
    #[error("it is larger than {most_bytes} bytes, the most that is taken")]
    TooLarge {
        /// The most bytes.
        most_bytes: u64,
    },
    /// No text.
    #[error("it is {what}, not text; `download` saves it to a file")]
    NotText {
        /// "a PDF document".
        what: String,
    },
    /// A compression nobody asked for.
    #[error("it came compressed as `{encoding}`, which was not asked for and is not read")]
    Encoding {
        /// As the server calls it.
        encoding: String,
    },
    /// The answer ended too soon, or made no sense.
    #[error("the answer of `{host}` cannot be used: {why}")]
    Broken {
        /// Who answered.
        host: Host,
        /// What is wrong with it.
        why: String,
    },
    /// What came could not be written.
    #[error("it could not be written: {0}")]
    Sink(std::io::Error),
    /// The caller stopped it.
    #[error("it was stopped")]
    Cancelled,
}

/// What a status most likely means.
fn hint_of(status: u16) -> &'static str {
    match status {
        401 => " (it wants a login, and none is ever sent)",
        403 => " (it does not let programs in, or not without a login)",
        404 | 410 => " (there is nothing at this address)",
        429 => " (too many requests; wait before asking it again)",
        500..=599 => " (the fault is on its side; try again later)",
        _ => "",
    }
}

/// Somebody else's words, in one line and of bounded length.
pub(crate) fn told(words: &str) -> String {
    visible_line(&words.chars().take(TOLD_CHARS).collect::<String>())
}
