//! Carries out a plan. Everything is first written into one folder at the
//! top of the workspace and brought to disk; only then names change, each by
//! one call of the system, so a full disk or a damaged store is met before
//! anything is touched, and a kill leaves every file old or new.
//!
//! Folders are reached through no link, and a path is left alone when it is
//! not any more what the snapshot before said.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::fd::OwnedFd;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use crate::beneath::{self, Root, stamp};
use crate::blob;
use crate::blobs::{Blobs, Lack};
use crate::hash::ContentHash;
use crate::manifest::Node;
use crate::plan::{Step, is_folder};
use crate::stat_cache::StatCache;
use crate::{CheckpointError, RelPath, rel_path};

mod temp;

pub(crate) use temp::TempFolder;

/// Up to so many files are synced one by one.
const SYNCED_SINGLY: usize = 16;

/// A path that could not be put back. All others were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Where.
    pub path: RelPath,
    /// Why.
    pub why: WhyFailed,
}

/// Why a path could not be put back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhyFailed {
    /// It was changed while the rewind ran.
    #[error("it was changed in the meantime; look at it and rewind again if you like")]
    ChangedMeanwhile,
    /// A folder on the way to it is a link or a file now.
    #[error("a link or a file stands where one of its folders should be; move that away first")]
    WayBlocked,
    /// The store has lost its content.
    #[error("its saved content is missing; take it from your version control or a backup")]
    ContentMissing,
    /// The store's copy of its content is damaged.
    #[error("its saved content is damaged; take it from your version control or a backup")]
    ContentCorrupt,
    /// A folder that holds something unknown.
    #[error("the folder is not empty")]
    NotEmpty,
    /// The system did not allow it.
    #[error("the system did not allow it ({0}); check its permissions")]
    System(String),
}

/// What is to be done, and with what.
pub(crate) struct Restore<'a> {
    pub root: &'a Root,
    pub blobs: &'a Blobs,
    /// What files looked like when the plan was made.
    pub seen: &'a StatCache,
    pub steps: &'a [Step],
}

impl Restore<'_> {
    /// Gives back what could not be done.
    ///
    /// # Errors
    /// When the disk is full or the store fails as a whole; then nothing was
    /// changed.
    pub fn run(&self, token: &str) -> Result<Vec<Failed>, CheckpointError> {
        let temp = TempFolder::make(self.root, token)?;
        let mut work = Work {
            restore: self,
            staged: HashMap::new(),
            loosened: BTreeMap::new(),
            failed: BTreeMap::new(),
        };
        let staged = work.stage(&temp);
        if let Err(error) = staged {
            temp.clear();
            return Err(error);
        }
        for step in self.steps.iter().rev() {
            work.attempt(step, |work| work.remove(step));
        }
        for step in self.steps {
            work.attempt(step, |work| work.place(step, &temp));
        }
        for step in self.steps.iter().rev() {
            work.attempt(step, |work| work.set_folder_mode(step));
        }
        work.tighten();
        temp.clear();
        self.sync();
        let failed = work.failed.into_iter();
        Ok(failed.map(|(path, why)| Failed { path, why }).collect())
    }

    /// Brings the new names to disk; the journal stays until then.
    fn sync(&self) {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        let synced = rustix::fs::syncfs(&self.root.fd);
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        let synced = rustix::fs::fsync(&self.root.fd);
        if let Err(error) = synced {
            tracing::warn!(%error, "a rewind could not be synced");
        }
    }
}

struct Work<'a> {
    restore: &'a Restore<'a>,
    /// Names in the temporary folder of what is to be put at a path.
    staged: HashMap<&'a [u8], String>,
    /// Folders that were made writable for a moment, with their modes.
    loosened: BTreeMap<Box<[u8]>, u32>,
    failed: BTreeMap<RelPath, WhyFailed>,
}

impl<'a> Work<'a> {
    fn attempt(&mut self, step: &Step, act: impl FnOnce(&mut Self) -> Result<(), WhyFailed>) {
        if self.failed.contains_key(&step.path) {
            return;
        }
        if let Err(why) = act(self) {
            self.failed.insert(step.path.clone(), why);
        }
    }

    fn stage(&mut self, temp: &TempFolder<'_>) -> Result<(), CheckpointError> {
        let steps = self.restore.steps;
        let files = steps
            .iter()
            .filter(|step| matches!(step.to, Some(Node::File { .. })))
            .count();
        for (number, step) in steps.iter().enumerate() {
            let name = number.to_string();
            let staged = match &step.to {
                Some(Node::File { mode, hash, .. }) => {
                    self.stage_file(temp, &name, (*hash, *mode), files <= SYNCED_SINGLY)?
                }
                Some(Node::Link { target }) => {
                    rustix::fs::symlinkat(&**target, &temp.fd, &*name).map_err(system)
                }
                _ => continue,
            };
            match staged {
                Ok(()) => {
                    self.staged.insert(step.path.as_bytes(), name);
                }
                Err(why) => {
                    self.failed.insert(step.path.clone(), why);
                }
            }
        }
        if files > SYNCED_SINGLY {
            temp.sync()?;
        }
        Ok(())
    }

    fn stage_file(
        &self,
        temp: &TempFolder<'_>,
        name: &str,
        (hash, mode): (ContentHash, u32),
        synced: bool,
    ) -> Result<Result<(), WhyFailed>, CheckpointError> {
        let failed = |error: io::Error| CheckpointError::store(&self.restore.root.path, error);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        let fd = rustix::fs::openat(
            &temp.fd,
            name,
            flags | OFlags::CLOEXEC,
            Mode::from_raw_mode(0o600),
        );
        let mut out = BufWriter::new(File::from(fd.map_err(|error| failed(error.into()))?));
        let blobs = self.restore.blobs;
        match blobs.read_to(hash, &mut out) {
            Ok(()) => {}
            Err(Lack::Missing) => return Ok(Err(WhyFailed::ContentMissing)),
            Err(Lack::Corrupt) => {
                blobs.discard(hash);
                return Ok(Err(WhyFailed::ContentCorrupt));
            }
            Err(Lack::Unreadable(error)) => return Ok(Err(WhyFailed::System(error.to_string()))),
            Err(Lack::Unwritable(error)) => return Err(failed(error)),
        }
        out.flush().map_err(failed)?;
        let file = out.get_ref();
        rustix::fs::fchmod(file, raw(mode)).map_err(|error| failed(error.into()))?;
        if synced {
            file.sync_all().map_err(failed)?;
        }
        Ok(Ok(()))
    }

    /// Takes away what is not to be there, or is there as another kind.
    fn remove(&mut self, step: &Step) -> Result<(), WhyFailed> {
        let Some(from) = &step.from else {
            return Ok(());
        };
        let was_folder = matches!(from, Node::Folder { .. });
        let is_in_the_way = step.to.is_none() || was_folder != is_folder(step.to.as_ref());
        if !is_in_the_way {
            return Ok(());
        }
        let (above, name) = rel_path::split(step.path.as_bytes());
        let fd = self.reach(above)?;
        self.expect(&fd, step)?;
        let flags = if was_folder {
            AtFlags::REMOVEDIR
        } else {
            AtFlags::empty()
        };
        match rustix::fs::unlinkat(&fd, name, flags) {
            Err(Errno::NOTEMPTY | Errno::EXIST) => Err(WhyFailed::NotEmpty),
            other => other.map_err(system),
        }
    }

    /// Puts what is to be there: folders by making them, the rest by moving
    /// it from the temporary folder.
    fn place(&mut self, step: &Step, temp: &TempFolder<'_>) -> Result<(), WhyFailed> {
        let (above, name) = rel_path::split(step.path.as_bytes());
        let was_folder = is_folder(step.from.as_ref());
        match &step.to {
            Some(Node::Folder { .. }) if !was_folder => {
                let fd = self.reach_or_make(above)?;
                match rustix::fs::mkdirat(&fd, name, Mode::RWXU) {
                    Err(Errno::EXIST) => Err(WhyFailed::ChangedMeanwhile),
                    other => other.map_err(system),
                }
            }
            Some(Node::File { .. } | Node::Link { .. }) => {
                let Some(staged) = self.staged.get(step.path.as_bytes()).cloned() else {
                    return Ok(());
                };
                let fd = self.reach_or_make(above)?;
                let replaces = step.from.is_some() && !was_folder;
                if replaces {
                    self.expect(&fd, step)?;
                    return rustix::fs::renameat(&temp.fd, &*staged, &fd, name).map_err(system);
                }
                put_new(temp, &staged, &fd, name)
            }
            _ => Ok(()),
        }
    }

    fn set_folder_mode(&mut self, step: &Step) -> Result<(), WhyFailed> {
        let Some(Node::Folder { mode, .. }) = step.to else {
            return Ok(());
        };
        let fd = self.reach(step.path.as_bytes())?;
        self.loosened.remove(step.path.as_bytes());
        rustix::fs::fchmod(&fd, raw(mode)).map_err(system)
    }

    /// Gives folders that were in the way of writing their modes back.
    fn tighten(&mut self) {
        for (path, mode) in std::mem::take(&mut self.loosened).into_iter().rev() {
            let done = self
                .restore
                .root
                .folder(&path)
                .and_then(|fd| rustix::fs::fchmod(&fd, raw(mode)));
            if let Err(error) = done
                && error != Errno::NOENT
            {
                tracing::warn!(%error, "a folder stays writable after a rewind");
            }
        }
    }

    fn reach(&mut self, path: &[u8]) -> Result<OwnedFd, WhyFailed> {
        let fd = self.restore.root.folder(path).map_err(blocked)?;
        self.loosen(&fd, path)?;
        Ok(fd)
    }

    fn reach_or_make(&mut self, path: &[u8]) -> Result<OwnedFd, WhyFailed> {
        let fd = self.restore.root.folder_made(path).map_err(blocked)?;
        self.loosen(&fd, path)?;
        Ok(fd)
    }

    /// A folder its owner may not write to is made writable until the end.
    fn loosen(&mut self, fd: &OwnedFd, path: &[u8]) -> Result<(), WhyFailed> {
        const OWNER_WRITES: u32 = 0o300;
        let stat = rustix::fs::fstat(fd).map_err(system)?;
        let mode = beneath::mode(&stat);
        if mode & OWNER_WRITES != OWNER_WRITES && !path.is_empty() {
            rustix::fs::fchmod(fd, raw(mode | 0o700)).map_err(system)?;
            self.loosened.entry(path.into()).or_insert(mode);
        }
        Ok(())
    }

    /// Whether the path still is what the plan was made from.
    fn expect(&self, fd: &OwnedFd, step: &Step) -> Result<(), WhyFailed> {
        let (_, name) = rel_path::split(step.path.as_bytes());
        let stat = beneath::look(fd, name).map_err(system)?;
        let kind = stat.as_ref().map(beneath::file_type);
        let is_same = match (&step.from, &stat) {
            (None, None) => true,
            (Some(Node::Folder { .. }), Some(_)) => kind == Some(FileType::Directory),
            (Some(Node::File { mode, hash, .. }), Some(stat)) => {
                let seen = self.restore.seen.files.get(step.path.as_bytes());
                let is_untouched = seen.is_some_and(|seen| seen.stamp == stamp(stat));
                // Another name of the same file that went has changed its
                // stamp, too: then its content has the word.
                is_untouched || (*mode == beneath::mode(stat) && content(fd, name) == Some(*hash))
            }
            (Some(Node::Link { target }), Some(_)) => rustix::fs::readlinkat(fd, name, Vec::new())
                .is_ok_and(|now| now.as_bytes() == &**target),
            _ => false,
        };
        is_same.then_some(()).ok_or(WhyFailed::ChangedMeanwhile)
    }
}

fn content(fd: &OwnedFd, name: &[u8]) -> Option<ContentHash> {
    let (mut file, stat) = beneath::open_file(fd, name).ok()?;
    let found = blob::encode(&mut file, &mut io::sink(), stamp(&stat).size).ok()?;
    found.map(|(hash, _)| hash)
}

/// Moves a staged file to a name that nothing may have.
fn put_new(
    temp: &TempFolder<'_>,
    staged: &str,
    fd: &OwnedFd,
    name: &[u8],
) -> Result<(), WhyFailed> {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    match rustix::fs::renameat_with(&temp.fd, staged, fd, name, RenameFlags::NOREPLACE) {
        Ok(()) => return Ok(()),
        Err(Errno::EXIST) => return Err(WhyFailed::ChangedMeanwhile),
        // Some file systems cannot do it in one step.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
        Err(error) => return Err(system(error)),
    }
    if beneath::look(fd, name).map_err(system)?.is_some() {
        return Err(WhyFailed::ChangedMeanwhile);
    }
    rustix::fs::renameat(&temp.fd, staged, fd, name).map_err(system)
}

fn raw(mode: u32) -> Mode {
    Mode::from_raw_mode(mode as rustix::fs::RawMode)
}

fn system(error: Errno) -> WhyFailed {
    WhyFailed::System(io::Error::from(error).to_string())
}

fn blocked(error: Errno) -> WhyFailed {
    match error {
        Errno::NOTDIR | Errno::LOOP | Errno::NOENT => WhyFailed::WayBlocked,
        error => system(error),
    }
}
