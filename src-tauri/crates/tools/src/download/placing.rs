//! A file that comes bit by bit: written beside its place and moved there
//! whole, never over another. When it does not come to that, nothing stays.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::call::Stop;
use crate::disk;

/// What is left free on a disk, in bytes: enough for a database to write its
/// journal and for a person to notice.
const LEFT_FREE: u64 = 64 * 1024 * 1024;

/// A file on its way.
#[derive(Debug)]
pub(super) struct Placing {
    real: PathBuf,
    name: String,
    /// Goes before the folders it is in.
    temporary: NamedTempFile,
    made: MadeFolders,
}

impl Placing {
    /// Makes the folders of `real`, and an empty file beside it.
    pub fn begin(real: PathBuf, name: String) -> Result<Self, Stop> {
        if real.symlink_metadata().is_ok() {
            return Err(exists(&name));
        }
        let failed = |error: io::Error| Stop::Failed(disk::explain(&error, &name));
        let Some(folder) = real.parent() else {
            return Err(exists(&name));
        };
        let made = MadeFolders::on_the_way_to(folder).map_err(failed)?;
        let mut builder = Builder::new();
        builder.prefix(".familiar-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any new file: the user's mask takes from it.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let temporary = builder.tempfile_in(folder).map_err(failed)?;
        Ok(Self {
            real,
            name,
            temporary,
            made,
        })
    }

    /// The file to write to.
    pub fn file(&self) -> Result<File, Stop> {
        let file = self.temporary.as_file().try_clone();
        file.map_err(|error| Stop::Failed(disk::explain(&error, &self.name)))
    }

    /// How many bytes the disk takes.
    pub fn room(&self) -> u64 {
        free_bytes(self.temporary.path()).saturating_sub(LEFT_FREE)
    }

    /// Puts it in its place, once it is on the disk.
    pub fn finish(self) -> Result<(), Stop> {
        // The file goes before its folders when it does not come to that.
        let Self {
            made,
            temporary,
            name,
            real,
        } = self;
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => exists(&name),
            _ => Stop::Failed(disk::explain(&error, &name)),
        };
        temporary.as_file().sync_all().map_err(failed)?;
        let placed = temporary.persist_noclobber(&real);
        placed.map_err(|error| failed(error.error))?;
        made.keep();
        sync_folder(&real);
        Ok(())
    }
}

fn exists(name: &str) -> Stop {
    Stop::failed(format!(
        "`{name}` exists, and a download never replaces a file. Choose another name."
    ))
}

#[cfg(unix)]
fn free_bytes(path: &Path) -> u64 {
    let free = rustix::fs::statvfs(path).map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    // A file system that does not say says so when it is full.
    free.unwrap_or(u64::MAX)
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> u64 {
    u64::MAX
}

/// The name is in place; a folder that cannot be synced changes nothing.
fn sync_folder(real: &Path) {
    let synced = real.parent().map(|folder| File::open(folder)?.sync_all());
    if let Some(Err(error)) = synced {
        tracing::debug!(%error, "folder not synced");
    }
}

/// Folders made on the way, removed again unless kept.
#[derive(Debug, Default)]
struct MadeFolders {
    made: Vec<PathBuf>,
}

impl MadeFolders {
    fn on_the_way_to(folder: &Path) -> io::Result<Self> {
        let mut missing = Vec::new();
        let mut above = Some(folder);
        while let Some(path) = above.filter(|path| !path.exists()) {
            missing.push(path.to_owned());
            above = path.parent();
        }
        let mut made = Self::default();
        for path in missing.into_iter().rev() {
            std::fs::create_dir(&path)?;
            made.made.push(path);
        }
        Ok(made)
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
