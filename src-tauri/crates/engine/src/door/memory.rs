//! The memory files of a session, to look at and to edit.

use std::path::{Path, PathBuf};

use protocol::{ErrorInfo, ErrorKind, SessionId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Engine, off_runtime};
use crate::draft_file::draft;
use crate::memory::{self, MemoryFile};

/// The notes for agents that a session has, and where new ones would go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MemoryView {
    /// What is part of every prompt, in that order.
    pub files: Vec<MemoryFile>,
    /// Files that may be edited: the ones found, the user's own and the
    /// workspace's, which need not be there yet.
    pub editable: Vec<String>,
}

impl Engine {
    /// The memory files of a session.
    ///
    /// # Errors
    /// No such session.
    pub async fn memory(&self, id: &SessionId) -> Result<MemoryView, ErrorInfo> {
        let (config, workspace) = self.memory_folders(id).await?;
        off_runtime(move || {
            let files = memory::find(&config, &workspace);
            let editable = editable(&files, &config, &workspace);
            Ok(MemoryView { files, editable })
        })
        .await
    }

    /// The text of one of the editable files as it stands on disk, imports
    /// not in place; empty when it is not there yet.
    ///
    /// # Errors
    /// Not an editable file, or it cannot be read.
    pub async fn read_memory(&self, id: &SessionId, path: &str) -> Result<String, ErrorInfo> {
        let path = self.editable_memory(id, path).await?;
        off_runtime(move || match std::fs::read_to_string(&path) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(disk(&path, "read", &error)),
        })
        .await
    }

    /// Writes one of the editable files whole.
    ///
    /// # Errors
    /// Not an editable file, or it cannot be written; it is as it was then.
    pub async fn write_memory(
        &self,
        id: &SessionId,
        path: &str,
        text: &str,
    ) -> Result<(), ErrorInfo> {
        let path = self.editable_memory(id, path).await?;
        let text = text.to_owned();
        off_runtime(move || write(&path, &text).map_err(|error| disk(&path, "written", &error)))
            .await
    }

    async fn memory_folders(&self, id: &SessionId) -> Result<(PathBuf, PathBuf), ErrorInfo> {
        let session = self.inner.session(id).await?;
        Ok((self.inner.home.config.clone(), session.workspace.clone()))
    }

    async fn editable_memory(&self, id: &SessionId, path: &str) -> Result<PathBuf, ErrorInfo> {
        let view = self.memory(id).await?;
        if view.editable.iter().any(|known| known == path) {
            return Ok(PathBuf::from(path));
        }
        Err(ErrorInfo::new(
            ErrorKind::Usage,
            format!("`{path}` is no memory file of this session."),
            "`/memory` lists them.",
        ))
    }
}

fn editable(files: &[MemoryFile], config: &Path, workspace: &Path) -> Vec<String> {
    let mut paths: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
    for folder in [config, workspace] {
        if memory::first_in(folder).is_none() {
            paths.push(folder.join(memory::NEW).display().to_string());
        }
    }
    paths
}

/// A temporary file, synced, renamed into place; a link is refused, for it
/// could lead anywhere.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if path.is_symlink() {
        return Err(std::io::Error::other("it is a link"));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let file = draft(path, text)?;
    if let Ok(old) = path.metadata() {
        file.as_file().set_permissions(old.permissions())?;
    } else {
        readable_by_all(file.as_file())?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Temporary files are private; notes of a project are for everybody in it.
#[cfg(unix)]
fn readable_by_all(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

fn disk(path: &Path, verb: &str, error: &std::io::Error) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Disk,
        format!("`{}` cannot be {verb}: {error}.", path.display()),
        "Check the folder and its permissions; the file is as it was.",
    )
}
