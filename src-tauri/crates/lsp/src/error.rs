//! Why a language server gave no answer, in words a model can act on.

use std::path::PathBuf;

use crate::edit::EditError;

/// No answer, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LspError {
    /// No server speaks the language of this file.
    #[error("No language server is known for `{}`. Search the text instead.", path.display())]
    NoServer {
        /// The file.
        path: PathBuf,
    },
    /// None of the programs is there.
    #[error("`{server}` is not installed. {install}")]
    Missing {
        /// Name of the server.
        server: &'static str,
        /// How a person gets it.
        install: &'static str,
    },
    /// The program is there and did not start.
    #[error("`{server}` could not be started: {why}.")]
    Start {
        /// Name of the server.
        server: &'static str,
        /// What the system said.
        why: String,
    },
    /// The server ended or broke the protocol; the next call starts it anew.
    #[error("`{server}` {fault}.{}", last_words(stderr))]
    Broken {
        /// Name of the server.
        server: &'static str,
        /// What it did.
        fault: Fault,
        /// The end of what it wrote to standard error.
        stderr: String,
    },
    /// It broke too often.
    #[error(
        "`{server}` broke down {times} times and is left alone for a while. The last time: {last}"
    )]
    GivenUp {
        /// Name of the server.
        server: &'static str,
        /// How often.
        times: u32,
        /// What it was the last time.
        last: String,
    },
    /// The answer did not come in time.
    #[error(
        "`{server}` did not answer `{method}` within {seconds} seconds. It may still be reading the project; try again."
    )]
    TimedOut {
        /// Name of the server.
        server: &'static str,
        /// The request.
        method: String,
        /// How long was waited.
        seconds: u64,
    },
    /// Too many requests wait for this server.
    #[error("`{server}` has too many requests to answer already. Try again.")]
    Busy {
        /// Name of the server.
        server: &'static str,
    },
    /// The server answered with an error.
    #[error("`{server}` refused `{method}`: {message}")]
    Refused {
        /// Name of the server.
        server: &'static str,
        /// The request.
        method: String,
        /// The protocol's code.
        code: i64,
        /// Its words.
        message: String,
    },
    /// The server cannot do this at all.
    #[error("`{server}` does not offer {what}.")]
    NotOffered {
        /// Name of the server.
        server: &'static str,
        /// What was wanted.
        what: &'static str,
    },
    /// The answer is not what the protocol says.
    #[error("`{server}` answered `{method}` in a form that could not be read: {why}.")]
    Unreadable {
        /// Name of the server.
        server: &'static str,
        /// The request.
        method: String,
        /// What is wrong with it.
        why: String,
    },
    /// The file cannot be shown to a server.
    #[error("`{}` {why}.", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The place asked about is not in the file.
    #[error("{0}")]
    Nowhere(String),
    /// The edit it proposed cannot be used.
    #[error(transparent)]
    Edit(#[from] EditError),
}

/// What a server did that ended it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Its output ended.
    #[error("ended")]
    Ended,
    /// Its output could not be read or its input not written.
    #[error("could not be reached: {0}")]
    Pipe(String),
    /// What came is no message.
    #[error("said something that is no message: {0}")]
    Garbage(String),
    /// A message longer than we take.
    #[error("sent a message of {bytes} bytes, more than is taken")]
    TooLong {
        /// Its length, as announced.
        bytes: u64,
    },
    /// It does not read what it is sent.
    #[error("stopped reading what it is sent")]
    Deaf,
    /// It said nothing at all while several requests ran out of time.
    #[error("hangs: it said nothing while several requests ran out of time")]
    Hung,
    /// We ended it.
    #[error("was stopped")]
    Stopped,
}

fn last_words(stderr: &str) -> String {
    if stderr.trim().is_empty() {
        return String::new();
    }
    format!(" Its last words: {}", stderr.trim())
}
