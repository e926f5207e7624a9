//! All checkpoints of all sessions: one folder with the contents they share
//! and a folder of each session.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use protocol::SessionId;

use crate::blobs::{Blobs, make_private};
use crate::hash::ContentHash;
use crate::{CheckpointError, Limits, Timeline, suitable};

/// The store. Cheap to clone; all clones are one. Several processes may have
/// the same folder open.
#[derive(Debug, Clone)]
pub struct Checkpoints {
    pub(crate) inner: Arc<Vault>,
}

#[derive(Debug)]
pub(crate) struct Vault {
    pub blobs: Blobs,
    pub sessions: PathBuf,
    pub limits: Limits,
    /// Device and inode of the store's folder.
    pub identity: (u64, u64),
}

impl Checkpoints {
    /// Opens the store in `folder`, which is made when it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made or used.
    pub fn open(folder: &Path, limits: Limits) -> Result<Self, CheckpointError> {
        let failed = |error| CheckpointError::store(folder, error);
        let blobs = Blobs::open(folder, limits.min_free_bytes)?;
        let sessions = folder.join("sessions");
        make_private(&sessions).map_err(failed)?;
        let meta = fs::metadata(folder).map_err(failed)?;
        Ok(Self {
            inner: Arc::new(Vault {
                blobs,
                sessions,
                limits,
                identity: (meta.dev(), meta.ino()),
            }),
        })
    }

    /// The snapshots of a session in `workspace`. While the timeline lives,
    /// no process drops its newest snapshot.
    ///
    /// # Errors
    /// A folder that no checkpoints are made of, one other than the session's,
    /// or a store that cannot be read.
    pub fn timeline(
        &self,
        session: &SessionId,
        workspace: &Path,
    ) -> Result<Timeline, CheckpointError> {
        let root = suitable::suitable(workspace, std::env::home_dir().as_deref())?;
        Timeline::open(Arc::clone(&self.inner), session, &root)
    }

    /// Forgets a session's snapshots. Their contents go with the next sweep.
    ///
    /// # Errors
    /// When the files cannot be removed.
    pub fn forget(&self, session: &SessionId) -> Result<(), CheckpointError> {
        let folder = self.inner.session_folder(session);
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(CheckpointError::store(&folder, error))
            }
            _ => Ok(()),
        }
    }
}

impl Vault {
    pub fn session_folder(&self, session: &SessionId) -> PathBuf {
        self.sessions.join(folder_name(session.as_str()))
    }
}

/// The id, when it can be a file name; a hash of it otherwise.
fn folder_name(id: &str) -> String {
    let is_plain = !id.is_empty()
        && id.len() <= 100
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if is_plain {
        id.to_owned()
    } else {
        format!("_{}", ContentHash::of(id.as_bytes()).to_hex())
    }
}

/// The file whose lock says that a session is open somewhere.
pub(crate) fn alive_file(folder: &Path) -> Result<File, CheckpointError> {
    let path = folder.join("alive");
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(|error| CheckpointError::store(&path, error))
}
