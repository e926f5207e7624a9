//! The system calls behind it, all relative to opened folders, so that no
//! link swapped in after the check is followed.

use std::fs::{File, Metadata};
use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{
    AtFlags, Gid, Mode, OFlags, Uid, fchmod, fchown, fstat, fsync, mkdirat, openat, statat,
    unlinkat,
};
use rustix::io::Errno;

/// Opens a regular file at an already resolved path for reading, without
/// waiting for the other end of a pipe and without following a link.
pub(super) fn open(real: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    open_straight(real, flags).map(File::from)
}

/// New content on the disk beside the file whose place it will take.
pub(super) struct Prepared {
    dir: OwnedFd,
    name: PathBuf,
    before: Option<Metadata>,
    temporary: Temporary,
    made: MadeFolders,
}

impl Prepared {
    /// Writes the content beside `real`, which was `before`, with owner and
    /// mode of `like`.
    pub(super) fn new(
        real: &Path,
        content: impl FnOnce(&mut File) -> io::Result<()>,
        before: Option<&Metadata>,
        like: Option<&Metadata>,
    ) -> io::Result<Self> {
        let (folder, name) = parts(real)?;
        let mut made = MadeFolders::default();
        let dir = made.open(folder)?;
        check_unchanged(&dir, name, before)?;
        let mut temporary = Temporary::create(&dir, like)?;
        content(&mut temporary.file)?;
        fsync(&temporary.file)?;
        Ok(Self {
            name: name.to_owned(),
            before: before.cloned(),
            dir,
            temporary,
            made,
        })
    }

    /// Puts it in place, unless the file is another by now.
    pub(super) fn commit(self) -> io::Result<()> {
        check_unchanged(&self.dir, &self.name, self.before.as_ref())?;
        self.temporary.rename(&self.name, self.before.is_none())?;
        self.made.keep();
        settle(&self.dir);
        Ok(())
    }
}

/// Makes a folder with those it lies in. False when it was there.
pub(super) fn make_folder(real: &Path) -> io::Result<bool> {
    let mut made = MadeFolders::default();
    made.open(real)?;
    let is_new = !made.made.is_empty();
    made.keep();
    Ok(is_new)
}

/// Gives a file or folder another name, at which nothing may be yet.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let (from_folder, from_name) = parts(from)?;
    let (to_folder, to_name) = parts(to)?;
    let source = open_folder(from_folder)?;
    let mut made = MadeFolders::default();
    let target = made.open(to_folder)?;
    rename_between((&source, from_name), (&target, to_name), true)?;
    made.keep();
    settle(&source);
    settle(&target);
    Ok(())
}

/// Removes a file that still is as it was `before`.
pub(super) fn remove(real: &Path, before: &Metadata) -> io::Result<()> {
    let (folder, name) = parts(real)?;
    let dir = open_folder(folder)?;
    check_unchanged(&dir, name, Some(before))?;
    unlinkat(&dir, name, AtFlags::empty())?;
    settle(&dir);
    Ok(())
}

/// Puts back a file as it was `before`, whatever is there now.
pub(super) fn restore(real: &Path, bytes: &[u8], before: &Metadata) -> io::Result<()> {
    let (folder, name) = parts(real)?;
    let dir = open_folder(folder)?;
    let mut temporary = Temporary::create(&dir, Some(before))?;
    temporary.file.write_all(bytes)?;
    fsync(&temporary.file)?;
    temporary.rename(name, false)?;
    settle(&dir);
    Ok(())
}

fn parts(real: &Path) -> io::Result<(&Path, &Path)> {
    match (real.parent(), real.file_name()) {
        (Some(folder), Some(name)) => Ok((folder, Path::new(name))),
        _ => Err(io::ErrorKind::IsADirectory.into()),
    }
}

fn open_folder(folder: &Path) -> io::Result<OwnedFd> {
    open_straight(folder, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC)
}

/// The names are in place; a folder that cannot be synced changes nothing.
fn settle(dir: &OwnedFd) {
    if let Err(error) = fsync(dir) {
        tracing::debug!(%error, "folder not synced");
    }
}

/// Opens a path none of whose parts may be a link.
#[cfg(target_os = "linux")]
fn open_straight(real: &Path, flags: OFlags) -> io::Result<OwnedFd> {
    use rustix::fs::{CWD, ResolveFlags, openat2};
    let straight = ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    match openat2(CWD, real, flags, Mode::empty(), straight) {
        // Kernels before 5.6, and sandboxes that know no newer calls.
        Err(Errno::NOSYS | Errno::PERM) => open_last(real, flags),
        done => Ok(done?),
    }
}

#[cfg(not(target_os = "linux"))]
fn open_straight(real: &Path, flags: OFlags) -> io::Result<OwnedFd> {
    open_last(real, flags)
}

fn open_last(real: &Path, flags: OFlags) -> io::Result<OwnedFd> {
    Ok(rustix::fs::open(
        real,
        flags | OFlags::NOFOLLOW,
        Mode::empty(),
    )?)
}

/// An error unless `name` is still the very file that was read, or still
/// does not exist.
fn check_unchanged(dir: &OwnedFd, name: &Path, before: Option<&Metadata>) -> io::Result<()> {
    let now = match statat(dir, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(now) => Some(now),
        Err(Errno::NOENT) => None,
        Err(error) => return Err(error.into()),
    };
    let same = match (&now, before) {
        (None, None) => true,
        (Some(now), Some(before)) => {
            now.st_ino == before.ino()
                && now.st_dev == before.dev()
                && u64::try_from(now.st_size).is_ok_and(|size| size == before.size())
                && i128::from(now.st_mtime) == i128::from(before.mtime())
                && i128::from(now.st_mtime_nsec) == i128::from(before.mtime_nsec())
        }
        _ => false,
    };
    if same {
        Ok(())
    } else {
        Err(io::ErrorKind::StaleNetworkFileHandle.into())
    }
}

/// Folders made on the way, removed again unless kept.
#[derive(Default)]
struct MadeFolders {
    made: Vec<PathBuf>,
}

impl MadeFolders {
    /// Opens `folder`, making what is missing of it.
    fn open(&mut self, folder: &Path) -> io::Result<OwnedFd> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        match open_folder(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            done => return done,
        }
        let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) else {
            return Err(io::ErrorKind::NotFound.into());
        };
        let parent = self.open(parent)?;
        match mkdirat(&parent, name, Mode::from_raw_mode(0o777)) {
            Ok(()) => self.made.push(folder.to_owned()),
            Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(openat(
            &parent,
            name,
            flags | OFlags::NOFOLLOW,
            Mode::empty(),
        )?)
    }

    fn keep(mut self) {
        self.made.clear();
    }
}

impl Drop for MadeFolders {
    fn drop(&mut self) {
        for folder in self.made.iter().rev() {
            let _not_empty = std::fs::remove_dir(folder);
        }
    }
}

/// A file beside the target that becomes the target, or goes away.
struct Temporary {
    dir: OwnedFd,
    name: Option<String>,
    file: File,
}

impl Temporary {
    fn create(dir: &OwnedFd, before: Option<&Metadata>) -> io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = if before.is_some() { 0o600 } else { 0o666 };
        loop {
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            let name = format!(".familiar-{}-{number}.tmp", std::process::id());
            match openat(dir, name.as_str(), flags, Mode::from_raw_mode(mode)) {
                Ok(file) => {
                    let temporary = Self {
                        dir: dir.try_clone()?,
                        name: Some(name),
                        file: file.into(),
                    };
                    temporary.dress(before)?;
                    return Ok(temporary);
                }
                // Left by a process of the same number that was killed.
                Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Gives it owner and mode of the file it replaces. Without the right to
    /// set the owner, a file of another owner is not replaced.
    fn dress(&self, before: Option<&Metadata>) -> io::Result<()> {
        let Some(before) = before else { return Ok(()) };
        let own = fstat(&self.file)?;
        if own.st_uid != before.uid() || own.st_gid != before.gid() {
            fchown(
                self.file.as_fd(),
                Some(Uid::from_raw(before.uid())),
                Some(Gid::from_raw(before.gid())),
            )?;
        }
        Ok(fchmod(
            &self.file,
            Mode::from_raw_mode(before.mode() & 0o7777),
        )?)
    }

    fn rename(mut self, target: &Path, fresh: bool) -> io::Result<()> {
        let Some(name) = &self.name else {
            return Ok(());
        };
        let name = Path::new(name);
        rename_between((&self.dir, name), (&self.dir, target), fresh)?;
        self.name = None;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            let _gone = unlinkat(&self.dir, name.as_str(), AtFlags::empty());
        }
    }
}

/// Renames; a `fresh` target must not exist, checked by the kernel in the same
/// step where it can.
fn rename_between(from: (&OwnedFd, &Path), to: (&OwnedFd, &Path), fresh: bool) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    if fresh {
        use rustix::fs::{RenameFlags, renameat_with};
        match renameat_with(from.0, from.1, to.0, to.1, RenameFlags::NOREPLACE) {
            // File systems that cannot; the check just before has to do.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => check_unchanged(to.0, to.1, None)?,
            done => return Ok(done?),
        }
    }
    let _ = fresh;
    Ok(rustix::fs::renameat(from.0, from.1, to.0, to.1)?)
}
