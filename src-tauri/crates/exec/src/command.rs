//! What to run, and how it ended.

use std::path::PathBuf;
use std::time::Duration;

use protocol::Confinement;

#[cfg(unix)]
use crate::gateway::Gateway;
use crate::{Captured, Environment, ExecError, Sandbox};

/// The longest script. Linux takes no single argument above 128 KiB.
pub const SCRIPT_BYTES: usize = 100 * 1024;

/// One shell command.
#[derive(Debug, Clone)]
pub struct Command {
    /// What bash gets after `-c`.
    pub script: String,
    /// The folder it starts in.
    pub cwd: PathBuf,
    /// How long it may take.
    pub timeout: Duration,
    /// All variables it sees.
    pub environment: Environment,
    /// The walls around it; none for a command that a person has allowed.
    pub confined: Option<(Sandbox, Confinement)>,
}

impl Command {
    /// The way out of the sandbox, where it is open towards a host.
    #[cfg(unix)]
    pub(crate) fn gateway(&self) -> std::io::Result<Option<Gateway>> {
        let open = self.confined.as_ref();
        let open = open.filter(|(_, limits)| !limits.hosts.is_empty());
        open.map(|(sandbox, limits)| Gateway::open(&limits.hosts, &limits.writable, sandbox.dial()))
            .transpose()
    }

    pub(crate) fn check(&self) -> Result<(), ExecError> {
        if self.script.len() > SCRIPT_BYTES {
            return Err(ExecError::TooLong {
                bytes: self.script.len(),
            });
        }
        if self.script.contains('\0') {
            return Err(ExecError::NulByte);
        }
        if !self.cwd.is_dir() {
            return Err(ExecError::FolderGone {
                path: self.cwd.clone(),
            });
        }
        Ok(())
    }
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// By itself, with this status.
    Code(i32),
    /// By a signal that was not ours.
    Signal(i32),
    /// It took too long, so it was killed.
    TimedOut,
    /// It was cancelled, so it was killed.
    Cancelled,
}

/// A command that was started and has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// How it ended.
    pub exit: Exit,
    /// Standard output and error in the order they arrived, as plain text.
    pub output: Captured,
    /// From spawn to the end of the output.
    pub duration: Duration,
    /// True when a background process still held the output open at the
    /// end; it goes on, but nobody reads what it prints.
    pub left_running: bool,
    /// Hosts that it asked for out of the sandbox and did not get.
    pub refused_hosts: Vec<String>,
}
