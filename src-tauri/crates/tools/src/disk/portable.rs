//! The same without system calls of its own, for systems that are not Unix.

use std::fs::{File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Opens a regular file at an already resolved path for reading.
pub(super) fn open(real: &Path) -> io::Result<File> {
    File::open(real)
}

/// New content on the disk beside the file whose place it will take.
pub(super) struct Prepared {
    real: PathBuf,
    before: Option<Metadata>,
    temporary: NamedTempFile,
}

impl Prepared {
    /// Writes the content beside `real`, which was `before`, with the permissions
    /// of `like`.
    pub(super) fn new(
        real: &Path,
        content: impl FnOnce(&mut File) -> io::Result<()>,
        before: Option<&Metadata>,
        like: Option<&Metadata>,
    ) -> io::Result<Self> {
        std::fs::create_dir_all(folder(real)?)?;
        Ok(Self {
            real: real.to_owned(),
            before: before.cloned(),
            temporary: written(real, content, like)?,
        })
    }

    /// Puts it in place, unless the file is another by now.
    pub(super) fn commit(self) -> io::Result<()> {
        let placed = match &self.before {
            None => self.temporary.persist_noclobber(&self.real),
            Some(before) => {
                check_unchanged(&self.real, before)?;
                self.temporary.persist(&self.real)
            }
        };
        placed.map(drop).map_err(|error| error.error)
    }
}

/// Makes a folder with those it lies in. False when it was there.
pub(super) fn make_folder(real: &Path) -> io::Result<bool> {
    if real.is_dir() {
        return Ok(false);
    }
    std::fs::create_dir_all(real)?;
    Ok(true)
}

/// Gives a file or folder another name, at which nothing may be yet.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    if to.symlink_metadata().is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    std::fs::create_dir_all(folder(to)?)?;
    std::fs::rename(from, to)
}

/// Removes a file that still is as it was `before`.
pub(super) fn remove(real: &Path, before: &Metadata) -> io::Result<()> {
    check_unchanged(real, before)?;
    std::fs::remove_file(real)
}

/// Puts back a file as it was `before`, whatever is there now.
pub(super) fn restore(real: &Path, bytes: &[u8], before: &Metadata) -> io::Result<()> {
    let temporary = written(real, |file| file.write_all(bytes), Some(before))?;
    temporary
        .persist(real)
        .map(drop)
        .map_err(|error| error.error)
}

fn folder(real: &Path) -> io::Result<&Path> {
    real.parent()
        .ok_or_else(|| io::ErrorKind::IsADirectory.into())
}

fn written(
    real: &Path,
    content: impl FnOnce(&mut File) -> io::Result<()>,
    before: Option<&Metadata>,
) -> io::Result<NamedTempFile> {
    let mut temporary = NamedTempFile::new_in(folder(real)?)?;
    content(temporary.as_file_mut())?;
    temporary.as_file().sync_all()?;
    if let Some(before) = before {
        temporary.as_file().set_permissions(before.permissions())?;
    }
    Ok(temporary)
}

fn check_unchanged(real: &Path, before: &Metadata) -> io::Result<()> {
    let now = std::fs::symlink_metadata(real)?;
    if now.len() == before.len() && now.modified()? == before.modified()? {
        Ok(())
    } else {
        Err(io::ErrorKind::StaleNetworkFileHandle.into())
    }
}
