//! The one folder a rewind writes in before it moves files to their places.
//! It stands at the top of the workspace, since moving needs the same file
//! system, and its name tells which rewind it belongs to.

use std::os::fd::OwnedFd;

use rustix::fs::{AtFlags, Dir, Mode};
use rustix::io::Errno;

use crate::CheckpointError;
use crate::beneath::{self, Root};
use crate::scan::TEMP_PREFIX;

pub(crate) struct TempFolder<'a> {
    root: &'a Root,
    name: String,
    pub fd: OwnedFd,
}

impl<'a> TempFolder<'a> {
    pub fn make(root: &'a Root, token: &str) -> Result<Self, CheckpointError> {
        let name = format!("{TEMP_PREFIX}{token}");
        let made = rustix::fs::mkdirat(&root.fd, &*name, Mode::RWXU)
            .and_then(|()| beneath::open_folder(&root.fd, name.as_bytes()));
        match made {
            Ok(fd) => Ok(Self { root, name, fd }),
            Err(error) => Err(CheckpointError::store(&root.path.join(&name), error.into())),
        }
    }

    /// Removes what a rewind that was cut off left.
    pub fn clear_left(root: &Root, token: &str) {
        let name = format!("{TEMP_PREFIX}{token}");
        if let Ok(fd) = beneath::open_folder(&root.fd, name.as_bytes()) {
            TempFolder { root, name, fd }.clear();
        }
    }

    /// Brings all that was written to disk.
    pub fn sync(&self) -> Result<(), CheckpointError> {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        let synced = rustix::fs::syncfs(&self.fd);
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        let synced = self.sync_each();
        synced
            .map_err(|error| CheckpointError::store(&self.root.path.join(&self.name), error.into()))
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    fn sync_each(&self) -> Result<(), Errno> {
        for name in self.names()? {
            match beneath::open_file(&self.fd, &name) {
                Ok((file, _)) => rustix::fs::fsync(&file)?,
                // A link has no content to sync.
                Err(_) => {}
            }
        }
        Ok(())
    }

    /// Removes the folder and what is left in it.
    pub fn clear(self) {
        let cleared = self.names().and_then(|names| {
            for name in names {
                rustix::fs::unlinkat(&self.fd, &*name, AtFlags::empty())?;
            }
            rustix::fs::unlinkat(&self.root.fd, &*self.name, AtFlags::REMOVEDIR)
        });
        if let Err(error) = cleared {
            tracing::warn!(%error, folder = %self.name, "a temporary folder stays in the workspace");
        }
    }

    fn names(&self) -> Result<Vec<Box<[u8]>>, Errno> {
        let mut names: Vec<Box<[u8]>> = Vec::new();
        for entry in Dir::read_from(&self.fd)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if !matches!(name, b"." | b"..") {
                names.push(name.into());
            }
        }
        Ok(names)
    }
}
