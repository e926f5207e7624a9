//! Copies a file or a whole folder: the copy appears in one step, complete,
//! or not at all.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;

use super::{explain, system};
use crate::call::Stop;
use crate::contents::{Contents, ENTRIES};

/// Bytes copied between two looks at the cancel signal.
const PIECE_BYTES: u64 = 4 * 1024 * 1024;

/// What was copied of a folder.
#[derive(Debug, Default)]
pub(crate) struct Copied {
    pub(crate) contents: Contents,
    /// Links and other things that are neither file nor folder.
    pub(crate) links: usize,
}

/// Copies the file at the resolved path `from` to `to`, where nothing may
/// be; gives its size in bytes.
pub(crate) fn copy_file(
    from: &Path,
    to: &Path,
    name: &str,
    cancel: &CancellationToken,
) -> Result<u64, Stop> {
    file(from, to, cancel).map_err(|error| stopped(&error, name, cancel))
}

/// Copies the folder at the resolved path `from` to `to`, where nothing may
/// be. It is made beside its place and moved there when it is complete.
pub(crate) fn copy_folder(
    from: &Path,
    to: &Path,
    name: &str,
    cancel: &CancellationToken,
) -> Result<Copied, Stop> {
    if to.starts_with(from) {
        return Err(Stop::failed(format!(
            "`{name}` lies within the folder that is copied; nothing was copied."
        )));
    }
    let building = Building::beside(to).map_err(|error| stopped(&error, name, cancel))?;
    let copied =
        folder(from, &building.path, cancel).and_then(|copied| building.place(to).map(|()| copied));
    copied.map_err(|error| stopped(&error, name, cancel))
}

fn stopped(error: &io::Error, name: &str, cancel: &CancellationToken) -> Stop {
    match error.kind() {
        _ if cancel.is_cancelled() => Stop::Cancelled,
        io::ErrorKind::AlreadyExists => {
            Stop::failed(format!("`{name}` exists already; nothing was copied."))
        }
        io::ErrorKind::InvalidInput => Stop::failed(format!(
            "`{name}` is not a regular file but a pipe, socket or device; it is not copied."
        )),
        _ => Stop::Failed(explain(error, name)),
    }
}

fn file(from: &Path, to: &Path, cancel: &CancellationToken) -> io::Result<u64> {
    // Looked at before it is opened: opening a device can already do things.
    if !from.symlink_metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut source = system::open(from)?;
    let metadata = source.metadata()?;
    if !metadata.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut bytes = 0;
    let fill = |target: &mut File| {
        bytes = pour(&mut source, target, cancel)?;
        Ok(())
    };
    system::Prepared::new(to, fill, None, Some(&metadata))?.commit()?;
    Ok(bytes)
}

fn pour(source: &mut File, target: &mut File, cancel: &CancellationToken) -> io::Result<u64> {
    let mut bytes = 0;
    loop {
        if cancel.is_cancelled() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let piece = io::copy(&mut Read::by_ref(source).take(PIECE_BYTES), target)?;
        bytes += piece;
        if piece < PIECE_BYTES {
            target.flush()?;
            return Ok(bytes);
        }
    }
}

fn folder(from: &Path, to: &Path, cancel: &CancellationToken) -> io::Result<Copied> {
    let mut copied = Copied::default();
    let mut folders: Vec<(PathBuf, PathBuf)> = vec![(from.to_owned(), to.to_owned())];
    let mut entries = 0;
    while let Some((source, target)) = folders.pop() {
        system::make_folder(&target)?;
        for entry in source.read_dir()? {
            let entry = entry?;
            entries += 1;
            if entries > ENTRIES {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            let kind = entry.file_type()?;
            let place = target.join(entry.file_name());
            if kind.is_dir() {
                folders.push((entry.path(), place));
            } else if kind.is_file() {
                copied.contents.add(file(&entry.path(), &place, cancel)?);
            } else {
                copied.links += 1;
            }
        }
    }
    Ok(copied)
}

/// A folder that becomes another, or goes away.
struct Building {
    path: PathBuf,
}

impl Building {
    fn beside(to: &Path) -> io::Result<Self> {
        let folder = to.parent().ok_or(io::ErrorKind::IsADirectory)?;
        system::make_folder(folder)?;
        let path = folder.join(format!(".familiar-{}.copy.tmp", std::process::id()));
        match system::make_folder(&path)? {
            true => Ok(Self { path }),
            // Left by a process that was killed, or at work this moment.
            false => Err(io::ErrorKind::ResourceBusy.into()),
        }
    }

    fn place(&self, to: &Path) -> io::Result<()> {
        system::rename(&self.path, to)
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "a half copy stays behind");
        }
    }
}
