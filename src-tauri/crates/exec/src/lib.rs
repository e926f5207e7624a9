//! Runs a shell command as a process tree of its own: a rebuilt environment,
//! bounded output, a timeout, and a cancel that leaves no process behind.
//!
//! It decides nothing: whether a command may run, and whether confined, was
//! settled before it comes here.

mod capture;
mod clean;
mod command;
mod environment;
mod error;
#[cfg(unix)]
mod gateway;
#[cfg(not(unix))]
mod other;
#[cfg(target_os = "linux")]
mod proc_table;
mod sandbox;
#[cfg(unix)]
mod shell;
#[cfg(unix)]
mod tree;
#[cfg(unix)]
mod unix;

#[cfg(all(test, unix))]
mod tests;

pub use capture::{Captured, HEAD_BYTES, TAIL_BYTES};
pub use command::{Command, Exit, Finished, SCRIPT_BYTES};
pub use environment::Environment;
pub use error::ExecError;
#[cfg(unix)]
pub use gateway::{Dial, NotReached};
pub use sandbox::{NoSandbox, Sandbox};

use protocol::OutputStream;
use tokio_util::sync::CancellationToken;

/// Runs `command` to its end, its timeout or its cancel, whichever comes
/// first. `on_output` sees all output while it is made; it must not block. Dropping the future kills the process tree.
///
/// # Errors
/// When the command could not be started. How a started command ended, also
/// by timeout or cancel, is part of [`Finished`].
pub async fn run(
    command: Command,
    on_output: impl FnMut(OutputStream, &str) + Send,
    cancel: &CancellationToken,
) -> Result<Finished, ExecError> {
    command.check()?;
    #[cfg(unix)]
    return unix::run(command, on_output, cancel).await;
    #[cfg(not(unix))]
    return other::run(command, on_output, cancel).await;
}
