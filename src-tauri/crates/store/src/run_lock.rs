//! Tells a turn that still runs in another process from one a crash cut.
//!
//! Each open store holds a lock on a file of its own; the system drops the
//! lock when the process ends, in whatever way.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::database::make_folder;

/// Files on their way to being locked; the sweep leaves them alone.
const UNLOCKED_PREFIX: &str = "new-";

/// This process's mark.
pub(crate) struct RunLock {
    id: String,
    held: Option<Held>,
}

struct Held {
    folder: PathBuf,
    file: PathBuf,
    _lock: File,
}

impl RunLock {
    /// A fresh mark in `folder`; marks of dead runs are swept away.
    pub(crate) fn take(folder: &Path) -> std::io::Result<Self> {
        make_folder(folder)?;
        sweep(folder)?;
        let id = uuid::Uuid::now_v7().to_string();
        let unlocked = folder.join(format!("{UNLOCKED_PREFIX}{id}"));
        let lock = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&unlocked)?;
        if let Err(error) = lock.try_lock() {
            tracing::warn!(%error, "the disk has no file locks; two processes may disturb each other");
        }
        let file = folder.join(&id);
        std::fs::rename(&unlocked, &file)?;
        let held = Held {
            folder: folder.to_owned(),
            file,
            _lock: lock,
        };
        Ok(Self {
            id,
            held: Some(held),
        })
    }

    /// A mark for a database no other process can see.
    pub(crate) fn unshared() -> Self {
        Self {
            id: uuid::Uuid::now_v7().to_string(),
            held: None,
        }
    }

    /// Goes into the turns this process starts.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Whether the run `id` still lives, here or elsewhere.
    pub(crate) fn lives(&self, id: &str) -> bool {
        if id == self.id {
            return true;
        }
        // Ids come from the database; one that is no plain name is not ours.
        let plain = id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        self.held
            .as_ref()
            .is_some_and(|held| plain && is_locked(&held.folder.join(id)))
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        if let Some(held) = &self.held
            && let Err(error) = std::fs::remove_file(&held.file)
        {
            tracing::debug!(%error, "the run mark stays until the next start");
        }
    }
}

fn is_locked(path: &Path) -> bool {
    let Ok(file) = File::open(path) else {
        return false;
    };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

fn sweep(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let fresh = entry
            .file_name()
            .to_string_lossy()
            .starts_with(UNLOCKED_PREFIX);
        if fresh || is_locked(&entry.path()) {
            continue;
        }
        if let Err(error) = std::fs::remove_file(entry.path()) {
            tracing::debug!(%error, "an old run mark cannot be removed");
        }
    }
    Ok(())
}
