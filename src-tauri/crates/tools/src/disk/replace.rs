//! Puts new content in place of a file in one step: a reader sees the old
//! file or the new one, whatever happens in between.

use std::io;
use std::path::Path;

use super::{Loaded, explain, system};
use crate::call::Stop;

/// Makes `bytes` the content of `real`. `before` is the file as it was read;
/// none when there was none. When the file is another by now, nothing is
/// written. Missing folders are made, and unmade when the rest fails.
pub(crate) fn replace(
    real: &Path,
    name: &str,
    bytes: &[u8],
    before: Option<&Loaded>,
) -> Result<(), Stop> {
    system::replace(real, bytes, before.map(|before| &before.metadata)).map_err(|error| {
        Stop::Failed(match error.kind() {
            io::ErrorKind::AlreadyExists | io::ErrorKind::StaleNetworkFileHandle => {
                format!("`{name}` was changed by somebody else just now; nothing was written. Read it again.")
            }
            io::ErrorKind::IsADirectory => format!("`{name}` is a folder; nothing was written."),
            _ => explain(&error, name),
        })
    })
}
