//! The note that a rewind is under way: written before the first file is
//! touched, removed after the last. What it says is enough to finish the
//! rewind or to roll it back, since both ends of it are snapshots.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::index::Act;
use crate::{CheckpointError, OnConflict, Pick, RelPath, SnapshotId};

/// One rewind under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Journal {
    pub act: Act,
    /// What was there before.
    pub safety: SnapshotId,
    /// Where it goes.
    pub target: SnapshotId,
    /// Names the temporary folder.
    pub token: String,
    /// None for all files.
    picked: Option<Vec<RelPath>>,
    overwrites: bool,
}

impl Journal {
    pub fn new(act: Act, safety: SnapshotId, target: SnapshotId) -> Self {
        Self {
            act,
            safety,
            target,
            token: format!("{:016x}", fastrand::u64(..)),
            picked: None,
            overwrites: false,
        }
    }

    pub fn with(mut self, pick: &Pick, on_conflict: OnConflict) -> Self {
        self.picked = match pick {
            Pick::All => None,
            Pick::Only(paths) => Some(paths.clone()),
        };
        self.overwrites = on_conflict == OnConflict::Overwrite;
        self
    }

    pub fn pick(&self) -> Pick {
        self.picked.clone().map_or(Pick::All, Pick::Only)
    }

    pub fn on_conflict(&self) -> OnConflict {
        if self.overwrites {
            OnConflict::Overwrite
        } else {
            OnConflict::Keep
        }
    }

    fn file(folder: &Path) -> PathBuf {
        folder.join("rewind.json")
    }

    /// The rewind of this session that was cut off, if one was.
    pub fn read(folder: &Path) -> Result<Option<Self>, CheckpointError> {
        let file = Self::file(folder);
        match fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|_| {
                CheckpointError::damaged(format!(
                    "the note of a rewind at `{}` cannot be read",
                    file.display()
                ))
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(CheckpointError::store(&file, error)),
        }
    }

    /// Durable when this returns.
    pub fn write(&self, folder: &Path) -> Result<(), CheckpointError> {
        let file = Self::file(folder);
        let temp = file.with_extension("new");
        let written = (|| -> std::io::Result<()> {
            let mut out = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&temp)?;
            out.write_all(&serde_json::to_vec(self)?)?;
            out.sync_all()?;
            fs::rename(&temp, &file)?;
            File::open(folder)?.sync_all()
        })();
        written.map_err(|error| CheckpointError::store(&file, error))
    }

    pub fn remove(folder: &Path) -> Result<(), CheckpointError> {
        let file = Self::file(folder);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(CheckpointError::store(&file, error))
            }
            _ => Ok(()),
        }
    }
}
