//! The only way to the files of a workspace: by open folders, one component
//! after the other, and through no link. A link that somebody puts in a
//! folder's place ends the walk with an error instead of leading elsewhere.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use crate::CheckpointError;

const FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);
/// Not blocking and no terminal, should the file have become a pipe or a
/// device since it was looked at.
const FILE: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY);

/// The bits of a mode that are kept and restored.
pub(crate) const MODE_BITS: u32 = 0o7777;

/// A workspace, held open.
#[derive(Debug)]
pub(crate) struct Root {
    pub path: PathBuf,
    pub fd: OwnedFd,
    pub device: u64,
}

/// What tells a file from its changed self without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub size: u64,
    pub mode: u32,
    pub inode: u64,
    pub modified_ns: i128,
    pub changed_ns: i128,
}

impl Root {
    pub fn open(path: &Path) -> Result<Self, CheckpointError> {
        let opened = rustix::fs::open(path, FOLDER, Mode::empty())
            .and_then(|fd| rustix::fs::fstat(&fd).map(|stat| (fd, stat)));
        let (fd, stat) = opened.map_err(|error| CheckpointError::RootGone {
            path: path.to_owned(),
            source: error.into(),
        })?;
        Ok(Self {
            path: path.to_owned(),
            fd,
            device: device(&stat),
        })
    }

    /// The open folder at `path`; the root itself for the empty path.
    pub fn folder(&self, path: &[u8]) -> Result<OwnedFd, Errno> {
        let mut fd = rustix::fs::openat(&self.fd, ".", FOLDER, Mode::empty())?;
        for part in parts(path) {
            fd = rustix::fs::openat(&fd, part, FOLDER, Mode::empty())?;
        }
        Ok(fd)
    }

    /// As [`Root::folder`], but makes what is missing on the way.
    pub fn folder_made(&self, path: &[u8]) -> Result<OwnedFd, Errno> {
        let mut fd = self.folder(b"")?;
        for part in parts(path) {
            let next = match open_folder(&fd, part) {
                Err(Errno::NOENT) => {
                    rustix::fs::mkdirat(&fd, part, Mode::from_raw_mode(0o755))?;
                    open_folder(&fd, part)
                }
                other => other,
            };
            fd = next?;
        }
        Ok(fd)
    }
}

fn parts(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|&byte| byte == b'/')
        .filter(|part| !part.is_empty())
}

/// What `name` in a folder is, links not followed; none when it is gone.
pub(crate) fn look(folder: &impl AsFd, name: &[u8]) -> Result<Option<Stat>, Errno> {
    match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => Ok(Some(stat)),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) fn open_folder(folder: &impl AsFd, name: &[u8]) -> Result<OwnedFd, Errno> {
    rustix::fs::openat(folder, name, FOLDER, Mode::empty())
}

/// Opens a regular file, and only that.
pub(crate) fn open_file(folder: &impl AsFd, name: &[u8]) -> io::Result<(File, Stat)> {
    let fd = rustix::fs::openat(folder, name, FILE, Mode::empty())?;
    let stat = rustix::fs::fstat(&fd)?;
    if file_type(&stat) != FileType::RegularFile {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok((File::from(fd), stat))
}

pub(crate) fn file_type(stat: &Stat) -> FileType {
    FileType::from_raw_mode(stat.st_mode)
}

/// Widths of `stat` fields differ between systems.
#[allow(
    clippy::unnecessary_cast,
    clippy::useless_conversion,
    reason = "the casts do nothing on some systems and are needed on others"
)]
pub(crate) fn stamp(stat: &Stat) -> Stamp {
    let ns = |seconds: i128, rest: i128| seconds * 1_000_000_000 + rest;
    Stamp {
        size: stat.st_size as u64,
        mode: mode(stat),
        inode: stat.st_ino as u64,
        modified_ns: ns(stat.st_mtime as i128, stat.st_mtime_nsec as i128),
        changed_ns: ns(stat.st_ctime as i128, stat.st_ctime_nsec as i128),
    }
}

#[allow(
    clippy::unnecessary_cast,
    reason = "the cast does nothing on some systems and is needed on others"
)]
pub(crate) fn mode(stat: &Stat) -> u32 {
    stat.st_mode as u32 & MODE_BITS
}

#[allow(
    clippy::unnecessary_cast,
    reason = "the cast does nothing on some systems and is needed on others"
)]
pub(crate) fn device(stat: &Stat) -> u64 {
    stat.st_dev as u64
}
