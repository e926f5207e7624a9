//! The store of contents: one read-only file per content, named by its hash,
//! in 256 folders. It knows nothing of paths or sessions.
//!
//! A batch writes into `tmp` first and moves its files to their names only
//! when all of them are on disk: what has a name is whole, whatever happens.
//! Writers share a lock that the sweep must have alone.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::CheckpointError;
use crate::blob;
use crate::hash::ContentHash;

/// Up to so many new files are synced one by one; more are synced with the
/// whole file system at once, which then is faster by orders of magnitude.
const SYNCED_SINGLY: usize = 16;
/// How many bytes a batch may write between two looks at the free space.
const SPACE_CHECK_BYTES: u64 = 4 << 20;

/// The folder of contents.
#[derive(Debug)]
pub(crate) struct Blobs {
    folder: PathBuf,
    temp: PathBuf,
    lock: PathBuf,
    generation: PathBuf,
    min_free_bytes: u64,
}

/// Why a content cannot be had.
#[derive(Debug)]
pub(crate) enum Lack {
    /// There is no file of it.
    Missing,
    /// The file holds something else.
    Corrupt,
    /// It cannot be read.
    Unreadable(io::Error),
    /// It cannot be written to where it is wanted.
    Unwritable(io::Error),
}

impl Blobs {
    pub fn open(folder: &Path, min_free_bytes: u64) -> Result<Self, CheckpointError> {
        let blobs = Self {
            folder: folder.join("blobs"),
            temp: folder.join("tmp"),
            lock: folder.join("lock"),
            generation: folder.join("generation"),
            min_free_bytes,
        };
        for made in [folder, &blobs.folder, &blobs.temp] {
            make_private(made).map_err(|error| CheckpointError::store(made, error))?;
        }
        Ok(blobs)
    }

    /// Begins to write. Nothing is swept until the batch is gone.
    pub fn batch(&self) -> Result<Batch<'_>, CheckpointError> {
        let lock = self.hold()?;
        let mut batch = Batch {
            blobs: self,
            staged: HashMap::new(),
            prefix: format!("{:016x}", fastrand::u64(..)),
            next: 0,
            unchecked_bytes: 0,
            _lock: lock,
        };
        batch.check_space(0)?;
        Ok(batch)
    }

    /// Keeps the sweep away as long as the file lives.
    pub fn hold(&self) -> Result<File, CheckpointError> {
        let lock = self.lock_file()?;
        lock.lock_shared()
            .map_err(|error| CheckpointError::store(&self.lock, error))?;
        Ok(lock)
    }

    /// The lock of the sweep; none while anybody writes.
    pub fn lock_alone(&self) -> Result<Option<File>, CheckpointError> {
        let lock = self.lock_file()?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(lock)),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(CheckpointError::store(&self.lock, error)),
        }
    }

    fn lock_file(&self) -> Result<File, CheckpointError> {
        OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&self.lock)
            .map_err(|error| CheckpointError::store(&self.lock, error))
    }

    /// Changes with every sweep: what was there before may be gone.
    pub fn generation(&self) -> String {
        fs::read_to_string(&self.generation).unwrap_or_default()
    }

    /// Says to all processes that contents are about to go.
    pub fn new_generation(&self) -> Result<(), CheckpointError> {
        let text = format!("{:032x}", fastrand::u128(..));
        fs::write(&self.generation, text)
            .map_err(|error| CheckpointError::store(&self.generation, error))
    }

    pub fn contains(&self, hash: ContentHash) -> bool {
        self.path(hash).symlink_metadata().is_ok()
    }

    /// The file of a content.
    pub fn path(&self, hash: ContentHash) -> PathBuf {
        let hex = hash.to_hex();
        self.folder.join(&hex[..2]).join(&hex[2..])
    }

    /// Copies a content to `out`. On an error `out` may hold a part of it.
    pub fn read_to(&self, hash: ContentHash, out: &mut impl Write) -> Result<(), Lack> {
        let mut file = match File::open(self.path(hash)) {
            Ok(file) => io::BufReader::new(file),
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(Lack::Missing),
            Err(error) => return Err(Lack::Unreadable(error)),
        };
        let mut watched = Watched { out, failed: None };
        match blob::decode(&mut file, &mut watched) {
            Ok(found) if found == hash => Ok(()),
            Ok(_) => Err(Lack::Corrupt),
            Err(error) => Err(match (watched.failed, error.kind()) {
                (Some(kind), _) => Lack::Unwritable(io::Error::new(kind, error)),
                (None, ErrorKind::InvalidData | ErrorKind::UnexpectedEof) => Lack::Corrupt,
                (None, _) => Lack::Unreadable(error),
            }),
        }
    }

    pub fn read(&self, hash: ContentHash) -> Result<Vec<u8>, Lack> {
        let mut bytes = Vec::new();
        self.read_to(hash, &mut bytes).map(|()| bytes)
    }

    /// Removes a damaged file, so that the next snapshot writes it anew.
    pub fn discard(&self, hash: ContentHash) {
        tracing::warn!(?hash, "a checkpoint file is damaged");
        let path = self.path(hash);
        let removed = fs::remove_file(&path).map_err(|error| CheckpointError::store(&path, error));
        if let Err(error) = removed.and_then(|()| self.new_generation()) {
            tracing::warn!(%error, "a damaged checkpoint file stays");
        }
    }

    /// Every content with the bytes it takes on disk.
    pub fn list(&self) -> Result<Vec<(ContentHash, u64)>, CheckpointError> {
        let failed = |error| CheckpointError::store(&self.folder, error);
        let mut all = Vec::new();
        for fan in fs::read_dir(&self.folder).map_err(failed)? {
            let fan = fan.map_err(failed)?;
            list_fan(&fan, &mut all).map_err(failed)?;
        }
        Ok(all)
    }

    /// Removes a content; one that is gone already is fine. Only under
    /// [`Blobs::lock_alone`].
    pub fn remove(&self, hash: ContentHash) -> Result<(), CheckpointError> {
        let path = self.path(hash);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(CheckpointError::store(&path, error))
            }
            _ => Ok(()),
        }
    }

    /// Removes what cut-off writers left. Only under [`Blobs::lock_alone`].
    pub fn clear_temp(&self) -> Result<(), CheckpointError> {
        let failed = |error| CheckpointError::store(&self.temp, error);
        for file in fs::read_dir(&self.temp).map_err(failed)? {
            fs::remove_file(file.map_err(failed)?.path()).map_err(failed)?;
        }
        Ok(())
    }
}

/// The contents in one folder of the fan-out; other files are passed over.
fn list_fan(fan: &fs::DirEntry, all: &mut Vec<(ContentHash, u64)>) -> io::Result<()> {
    let start = fan.file_name();
    for file in fs::read_dir(fan.path())? {
        let file = file?;
        let name = format!("{}{}", start.display(), file.file_name().display());
        if let Some(hash) = ContentHash::parse_hex(&name) {
            all.push((hash, file.metadata()?.len()));
        }
    }
    Ok(())
}

/// Contents on their way into the store. Dropped without `commit`, it leaves
/// nothing behind.
pub(crate) struct Batch<'a> {
    blobs: &'a Blobs,
    staged: HashMap<ContentHash, PathBuf>,
    prefix: String,
    next: u64,
    unchecked_bytes: u64,
    _lock: File,
}

impl Batch<'_> {
    pub fn has(&self, hash: ContentHash) -> bool {
        self.staged.contains_key(&hash) || self.blobs.contains(hash)
    }

    /// Keeps a content that stands in memory.
    pub fn put(&mut self, content: &[u8]) -> Result<ContentHash, CheckpointError> {
        let hash = ContentHash::of(content);
        if self.has(hash) {
            return Ok(hash);
        }
        let path = self.temp_path();
        let written = blob::encoded(content).and_then(|bytes| {
            create(&path)?.write_all(&bytes)?;
            Ok(bytes.len() as u64)
        });
        let written = written.map_err(|error| self.failed(&path, error))?;
        self.staged.insert(hash, path);
        self.check_space(written)?;
        Ok(hash)
    }

    /// Keeps a content that is read as it is written; none when it has more
    /// than `max_bytes`.
    pub fn put_from(
        &mut self,
        content: &mut impl Read,
        max_bytes: u64,
    ) -> Result<Option<(ContentHash, u64)>, CheckpointError> {
        let path = self.temp_path();
        let written = create(&path).and_then(|file| {
            let mut out = io::BufWriter::new(file);
            let found = blob::encode(content, &mut out, max_bytes)?;
            out.flush()?;
            Ok(found)
        });
        let found = written.map_err(|error| self.failed(&path, error))?;
        let Some((hash, bytes)) = found else {
            remove(&path);
            return Ok(None);
        };
        if self.has(hash) {
            remove(&path);
        } else {
            self.staged.insert(hash, path);
            self.check_space(bytes)?;
        }
        Ok(Some((hash, bytes)))
    }

    /// Brings everything to disk, then to its name. After this the contents
    /// are durable. The lock stays until the batch is dropped, so that the
    /// caller can write down that it needs them.
    pub fn commit(&mut self) -> Result<(), CheckpointError> {
        if self.staged.is_empty() {
            return Ok(());
        }
        let blobs = self.blobs;
        self.sync_staged()
            .map_err(|error| CheckpointError::store(&blobs.temp, error))?;
        let mut fans: Vec<PathBuf> = Vec::new();
        for (hash, path) in &self.staged {
            let target = blobs.path(*hash);
            let fan = target.parent().unwrap_or(&blobs.folder).to_owned();
            make_private(&fan)
                .and_then(|()| fs::rename(path, &target))
                .map_err(|error| CheckpointError::store(&target, error))?;
            fans.push(fan);
        }
        self.staged.clear();
        fans.sort_unstable();
        fans.dedup();
        fans.push(blobs.folder.clone());
        sync_folders(&fans).map_err(|error| CheckpointError::store(&blobs.folder, error))
    }

    fn sync_staged(&self) -> io::Result<()> {
        if self.staged.len() > SYNCED_SINGLY && sync_file_system(&self.blobs.temp)? {
            return Ok(());
        }
        self.staged
            .values()
            .try_for_each(|path| File::open(path)?.sync_all())
    }

    fn temp_path(&mut self) -> PathBuf {
        self.next += 1;
        self.blobs
            .temp
            .join(format!("{}-{}", self.prefix, self.next))
    }

    fn failed(&self, path: &Path, error: io::Error) -> CheckpointError {
        remove(path);
        CheckpointError::store(&self.blobs.temp, error)
    }

    /// Looks at the free space now and then, before the disk is full.
    fn check_space(&mut self, written: u64) -> Result<(), CheckpointError> {
        let is_first = self.next == 0;
        self.unchecked_bytes += written;
        if !is_first && self.unchecked_bytes < SPACE_CHECK_BYTES {
            return Ok(());
        }
        self.unchecked_bytes = 0;
        let folder = &self.blobs.folder;
        let space = rustix::fs::statvfs(folder)
            .map_err(|error| CheckpointError::store(folder, error.into()))?;
        let free = space.f_bavail.saturating_mul(space.f_frsize);
        if free < self.blobs.min_free_bytes {
            return Err(CheckpointError::Full {
                path: folder.clone(),
            });
        }
        Ok(())
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        self.staged.values().for_each(|path| remove(path));
    }
}

/// Tells a failing target from a failing source.
struct Watched<'a, W> {
    out: &'a mut W,
    failed: Option<ErrorKind>,
}

impl<W: Write> Write for Watched<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out
            .write(bytes)
            .inspect_err(|error| self.failed = Some(error.kind()))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o400)
        .open(path)
}

/// What cannot be removed now goes with the next sweep.
fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        tracing::debug!(%error, path = %path.display(), "a temporary file stays for now");
    }
}

/// Makes a folder, and those above it, that only this user can read.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

/// Brings folders, that is the names in them, to disk.
pub(crate) fn sync_folders(folders: &[PathBuf]) -> io::Result<()> {
    if let Some(first) = folders.first()
        && folders.len() > SYNCED_SINGLY
        && sync_file_system(first)?
    {
        return Ok(());
    }
    folders
        .iter()
        .try_for_each(|folder| File::open(folder)?.sync_all())
}

/// Syncs the whole file system that holds `folder`; false where the system
/// cannot.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn sync_file_system(folder: &Path) -> io::Result<bool> {
    rustix::fs::syncfs(File::open(folder)?)?;
    Ok(true)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn sync_file_system(_folder: &Path) -> io::Result<bool> {
    Ok(false)
}
