//! The port through which a server's program is started. The sandbox, the
//! environment and the process tree live behind it.

use std::path::Path;

use async_trait::async_trait;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::catalog::ServerCommand;

/// Ends the whole process tree when it is dropped. That may take a moment,
/// so it is dropped off the runtime's threads wherever that can be done.
pub type ProcessGuard = Box<dyn Send + Sync>;

/// Starts programs.
#[async_trait]
pub trait Launch: Send + Sync {
    /// Starts `command` in the folder `root`.
    ///
    /// # Errors
    /// When the program does not exist, may not run, or did not start.
    async fn launch(&self, command: &ServerCommand, root: &Path)
    -> Result<Connection, LaunchError>;
}

/// A program that was started.
pub struct Connection {
    /// What it reads.
    pub stdin: Box<dyn AsyncWrite + Send + Unpin>,
    /// What it says.
    pub stdout: Box<dyn AsyncRead + Send + Unpin>,
    /// What it complains of; its end is kept for errors.
    pub stderr: Box<dyn AsyncRead + Send + Unpin>,
    /// The process, for its use of memory.
    pub pid: Option<u32>,
    /// Ends it.
    pub guard: ProcessGuard,
}

/// A program did not start.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// There is no such program; the next command is tried.
    #[error("the program was not found")]
    NotFound,
    /// It is there and was not allowed or not able to run.
    #[error("{0}")]
    Failed(String),
}
