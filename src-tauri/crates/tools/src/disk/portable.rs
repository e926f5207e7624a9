//! The same without system calls of its own, for systems that are not Unix.

use std::fs::{File, Metadata};
use std::io::{self, Write};
use std::path::Path;

/// Opens a regular file at an already resolved path for reading.
pub(super) fn open(real: &Path) -> io::Result<File> {
    File::open(real)
}

/// Puts `bytes` in place of `real`, which was `before`.
pub(super) fn replace(real: &Path, bytes: &[u8], before: Option<&Metadata>) -> io::Result<()> {
    let Some(folder) = real.parent() else {
        return Err(io::ErrorKind::IsADirectory.into());
    };
    std::fs::create_dir_all(folder)?;
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    let Some(before) = before else {
        return temporary
            .persist_noclobber(real)
            .map(drop)
            .map_err(|error| error.error);
    };
    let now = std::fs::symlink_metadata(real)?;
    if now.len() != before.len() || now.modified()? != before.modified()? {
        return Err(io::ErrorKind::StaleNetworkFileHandle.into());
    }
    temporary.as_file().set_permissions(before.permissions())?;
    temporary
        .persist(real)
        .map(drop)
        .map_err(|error| error.error)
}
