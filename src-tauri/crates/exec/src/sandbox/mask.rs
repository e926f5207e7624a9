//! Protected files that are not there. To keep a command from making one,
//! bubblewrap mounts over the place, and for that makes an empty file first.
//! Those files are taken away when the last command in the folder has ended;
//! what a crash left behind is known by its look and goes with the next.

use std::fs::{File, Metadata};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use protocol::Confinement;
use rustix::fs::{FlockOperation, flock};

use crate::ExecError;

/// The mode with which bubblewrap makes a file to mount on.
const MOUNT_POINT_MODE: u32 = 0o444;

/// The masks of one running command. Dropped, it tidies up.
#[derive(Debug)]
pub(crate) struct Masks {
    paths: Vec<PathBuf>,
    /// The first writable folder, locked for sharing as long as it runs.
    lock: Option<File>,
}

impl Masks {
    /// Looks at what is protected.
    pub(crate) fn of(limits: &Confinement) -> Result<Self, ExecError> {
        let lock = match limits.writable.first() {
            Some(folder) => {
                let folder = File::open(folder).map_err(ExecError::Spawn)?;
                flock(&folder, FlockOperation::LockShared)
                    .map_err(|error| ExecError::Spawn(error.into()))?;
                Some(folder)
            }
            None => None,
        };
        let mut paths = Vec::new();
        for path in &limits.protected {
            match std::fs::symlink_metadata(path) {
                Ok(meta) if meta.is_symlink() => {
                    return Err(ExecError::Linked { path: path.clone() });
                }
                Ok(meta) if is_mount_point(&meta) => paths.push(path.clone()),
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    paths.push(path.clone());
                }
                Err(error) => return Err(ExecError::Spawn(error)),
            }
        }
        Ok(Self { paths, lock })
    }

    pub(crate) fn paths(&self) -> &[PathBuf] {
        &self.paths
    }
}

impl Drop for Masks {
    fn drop(&mut self) {
        // Unlinking a mount point would take the mask from another command.
        let alone = self
            .lock
            .as_ref()
            .is_some_and(|lock| flock(lock, FlockOperation::NonBlockingLockExclusive).is_ok());
        if alone {
            for path in &self.paths {
                remove(path);
            }
        }
    }
}

fn remove(path: &Path) {
    let is_ours = std::fs::symlink_metadata(path).is_ok_and(|meta| is_mount_point(&meta));
    if is_ours && let Err(error) = std::fs::remove_file(path) {
        tracing::warn!(%error, path = %path.display(), "an empty file stays behind");
    }
}

fn is_mount_point(meta: &Metadata) -> bool {
    meta.is_file() && meta.len() == 0 && meta.permissions().mode() & 0o777 == MOUNT_POINT_MODE
}
