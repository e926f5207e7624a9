//! Puts speech models into the app's folder: downloads of the catalogue,
//! checked to the last bit, and whisper models the user already has. A model
//! appears under its name whole or not at all. It chooses none.

mod download;

use std::path::{Path, PathBuf};

use protocol::{ErrorInfo, ErrorKind};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::catalog::CatalogModel;
use crate::{VoiceError, model_file};

/// Room that must stay free on the disk beside the model.
const SPARE_BYTES: u64 = 64 << 20;

/// Why a model could not be installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The server cannot be reached, or went away.
    #[error("The model cannot be downloaded: {detail}")]
    Unreachable {
        /// The network's words.
        detail: String,
    },
    /// The server answered with something else than the file.
    #[error("The model cannot be downloaded: the server answered {status}.")]
    Refused {
        /// HTTP status.
        status: u16,
    },
    /// Fewer or more bytes came than the model has.
    #[error("The download has {received} bytes where the model has {expected}.")]
    WrongSize {
        /// What came.
        received: u64,
        /// What should have come.
        expected: u64,
    },
    /// The bytes are not those of the model.
    #[error("The download is not the model: its checksum differs.")]
    WrongChecksum,
    /// There is not enough room.
    #[error("The model needs {needed_mb} MB, and only {free_mb} MB are free.")]
    DiskFull {
        /// What it takes.
        needed_mb: u64,
        /// What there is.
        free_mb: u64,
    },
    /// The folder or the file cannot be written.
    #[error("`{}` cannot be written: {source}", path.display())]
    Disk {
        /// Where.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The user's file is no whole whisper model.
    #[error(transparent)]
    Model(#[from] VoiceError),
    /// The user stopped it.
    #[error("The download was stopped.")]
    Cancelled,
}

impl InstallError {
    /// The error as it crosses to a shell.
    #[must_use]
    pub fn info(&self) -> ErrorInfo {
        let (kind, hint) = match self {
            Self::Unreachable { .. } => (
                ErrorKind::Unreachable,
                "Check the network, or install a model file you already have.",
            ),
            Self::Refused { .. } => (
                ErrorKind::Unreachable,
                "Try again later, or choose another model.",
            ),
            Self::WrongSize { .. } | Self::WrongChecksum => (
                ErrorKind::SpeechModel,
                "Try again; nothing of the broken download was kept.",
            ),
            Self::DiskFull { .. } => (
                ErrorKind::Disk,
                "Free some space, or choose a smaller model.",
            ),
            Self::Disk { .. } => (ErrorKind::Disk, "Check that the folder can be written to."),
            Self::Model(error) => return error.info(),
            Self::Cancelled => (ErrorKind::Usage, "Start it again whenever you like."),
        };
        ErrorInfo::new(kind, self.to_string(), hint)
    }
}

/// How far a download is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Progress {
    /// Bytes that came.
    #[ts(type = "number")]
    pub received: u64,
    /// Bytes of the whole model.
    #[ts(type = "number")]
    pub total: u64,
}

/// A model in the app's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InstalledModel {
    /// File name without `ggml-` and `.bin`; the catalogue's name if it has
    /// one.
    pub name: String,
    /// Absolute path.
    pub path: String,
    /// Size of the file.
    #[ts(type = "number")]
    pub bytes: u64,
    /// True when it knows languages beside English.
    pub multilingual: bool,
}

/// Downloads a model of the catalogue into the folder; `progress` is told
/// about ten times a second.
///
/// # Errors
/// See [`InstallError`]; nothing is left behind then.
pub async fn install(
    model: &CatalogModel,
    folder: &Path,
    progress: impl FnMut(Progress) + Send,
    cancel: CancellationToken,
) -> Result<PathBuf, InstallError> {
    let target = folder.join(model.file_name());
    prepare(folder.to_owned(), model.bytes).await?;
    download::fetch(model, &target, progress, cancel).await?;
    Ok(target)
}

/// Copies a whisper model the user has into the folder. Blocks.
///
/// # Errors
/// `Model` when it is none, `Disk` and `DiskFull`.
pub fn install_file(file: &Path, folder: &Path) -> Result<PathBuf, InstallError> {
    let header = model_file::inspect(file)?;
    make_room(folder, header.bytes)?;
    let name = file
        .file_stem()
        .map_or_else(|| "model".into(), |stem| stem.to_string_lossy());
    let target = folder.join(format!("{name}.bin"));
    if same_file(file, &target) {
        return Ok(target);
    }
    let disk = |source: std::io::Error| InstallError::Disk {
        path: target.clone(),
        source,
    };
    let mut reader = std::fs::File::open(file).map_err(disk)?;
    let mut copy = tempfile::NamedTempFile::new_in(folder).map_err(disk)?;
    std::io::copy(&mut reader, copy.as_file_mut()).map_err(disk)?;
    publish(copy, &target)?;
    Ok(target)
}

/// The whole models in the folder, by name. Damaged files are left out. Blocks.
#[must_use]
pub fn installed(folder: &Path) -> Vec<InstalledModel> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<InstalledModel> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "bin"))
        .filter_map(|path| {
            let header = model_file::inspect(&path).ok()?;
            let stem = path.file_stem()?.to_string_lossy();
            Some(InstalledModel {
                name: stem.strip_prefix("ggml-").unwrap_or(&stem).to_owned(),
                path: path.display().to_string(),
                bytes: header.bytes,
                multilingual: header.is_multilingual(),
            })
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

async fn prepare(folder: PathBuf, bytes: u64) -> Result<(), InstallError> {
    let path = folder.clone();
    tokio::task::spawn_blocking(move || make_room(&folder, bytes))
        .await
        .map_err(|error| InstallError::Disk {
            path,
            source: std::io::Error::other(error),
        })?
}

fn make_room(folder: &Path, bytes: u64) -> Result<(), InstallError> {
    let disk = |source: std::io::Error| InstallError::Disk {
        path: folder.to_owned(),
        source,
    };
    std::fs::create_dir_all(folder).map_err(disk)?;
    let Some(free) = free_bytes(folder).map_err(disk)? else {
        return Ok(());
    };
    let needed = bytes + SPARE_BYTES;
    if free < needed {
        return Err(InstallError::DiskFull {
            needed_mb: needed >> 20,
            free_mb: free >> 20,
        });
    }
    Ok(())
}

/// Bytes the user may still write there, where the system can tell.
#[cfg(unix)]
fn free_bytes(folder: &Path) -> std::io::Result<Option<u64>> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(Some(disk.f_bavail.saturating_mul(disk.f_frsize)))
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> std::io::Result<Option<u64>> {
    Ok(None)
}

/// Makes a complete file appear under its name, durably and at once.
fn publish(file: tempfile::NamedTempFile, target: &Path) -> Result<(), InstallError> {
    let disk = |source: std::io::Error| InstallError::Disk {
        path: target.to_owned(),
        source,
    };
    file.as_file().sync_all().map_err(disk)?;
    file.persist(target).map_err(|error| disk(error.error))?;
    Ok(())
}

fn same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
