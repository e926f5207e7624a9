//! Systems without process groups: commands are refused, not half run.

use protocol::OutputStream;
use tokio_util::sync::CancellationToken;

use crate::{Command, ExecError, Finished};

pub(crate) async fn run(
    _command: Command,
    _on_output: impl FnMut(OutputStream, &str) + Send,
    _cancel: &CancellationToken,
) -> Result<Finished, ExecError> {
    Err(ExecError::NotSupported)
}
