//! What a tool call would touch, declared before it runs so that the gate
//! can judge it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One thing a tool call wants to do to the world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Access {
    /// Read a file or list a folder. Absolute path, as asked for.
    Read {
        /// Absolute path.
        path: String,
    },
    /// Create or change a file. Absolute path, as asked for.
    Write {
        /// Absolute path.
        path: String,
    },
    /// Run a shell command.
    Execute {
        /// The command, verbatim.
        command: String,
        /// Absolute working directory.
        cwd: String,
    },
    /// Reach a machine by HTTP or HTTPS; for a command, out of the sandbox.
    Connect {
        /// The name of the host, as [`Host`](crate::Host) has it.
        host: String,
    },
    /// Run what else is declared outside of the sandbox.
    Unconfined,
    /// Ask the user something; harmless by itself.
    Ask,
    /// Change only the agent's own notes (the todo list).
    Own,
}

/// A byte range in a command that a finding points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Span {
    /// First byte.
    #[ts(type = "number")]
    pub start: usize,
    /// One past the last byte.
    #[ts(type = "number")]
    pub end: usize,
}
