//! Why a command could not be started.

use std::path::PathBuf;

use crate::command::SCRIPT_BYTES;

/// The command never ran.
#[derive(Debug, thiserror::Error)]
pub enum ExecError {
    /// No bash on this machine.
    #[error("`bash` was not found on this machine. Install it with the system's package manager.")]
    NoShell,
    /// The folder to start in is missing.
    #[error("The folder `{}` does not exist any more.", path.display())]
    FolderGone {
        /// The folder.
        path: PathBuf,
    },
    /// The script is longer than a process argument may be.
    #[error(
        "The command has {bytes} bytes; the most is {SCRIPT_BYTES}. Write it to a script file and run that."
    )]
    TooLong {
        /// Length of the script.
        bytes: usize,
    },
    /// The script holds a NUL byte.
    #[error("The command holds a NUL character, which no command can.")]
    NulByte,
    /// A protected file is a link, which the command could exchange.
    #[error("`{}` is a link, which the sandbox cannot keep as it is.", path.display())]
    Linked {
        /// The link.
        path: PathBuf,
    },
    /// The system would not start a process.
    #[error("The command could not be started: {0}.")]
    Spawn(#[source] std::io::Error),
    /// No process control for this system yet.
    #[error("Running commands is not supported on this system yet.")]
    NotSupported,
}
