//! A workspace folder for one test, gone with it.

use std::path::{Path, PathBuf};

/// A temporary folder that takes files.
#[derive(Debug)]
pub struct Workspace {
    folder: tempfile::TempDir,
    root: PathBuf,
}

impl Workspace {
    /// An empty workspace. Its path has no symbolic links in it.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("workspace-")
            .tempdir()
            .expect("a temporary folder");
        let root = folder
            .path()
            .canonicalize()
            .expect("the folder's real path");
        Self { folder, root }
    }

    /// The same workspace with a file; folders on the way are made.
    #[must_use]
    pub fn with_file(self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> Self {
        let full = self.path(path);
        if let Some(parent) = full.parent() {
            std::fs::create_dir_all(parent).expect("the file's folder");
        }
        std::fs::write(&full, content).expect("the file");
        self
    }

    /// The same workspace with an empty folder.
    #[must_use]
    pub fn with_folder(self, path: impl AsRef<Path>) -> Self {
        std::fs::create_dir_all(self.path(path)).expect("the folder");
        self
    }

    /// The workspace folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside the workspace.
    #[must_use]
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join(path)
    }

    /// A file's text, or nothing when there is no such file.
    #[must_use]
    pub fn read(&self, path: impl AsRef<Path>) -> Option<String> {
        std::fs::read_to_string(self.path(path)).ok()
    }

    /// All files, relative to the root, sorted.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            let (below, here) =
                entries(&folder).partition::<Vec<_>, _>(|path| path.is_dir() && !path.is_symlink());
            folders.extend(below);
            files.extend(here);
        }
        let relative = |path: PathBuf| {
            path.strip_prefix(&self.root)
                .expect("inside the root")
                .to_owned()
        };
        let mut files: Vec<_> = files.into_iter().map(relative).collect();
        files.sort();
        files
    }

    /// Removes the folder now, as a user might while a session runs.
    pub fn vanish(self) {
        self.folder.close().expect("the folder can be removed");
    }
}

impl Default for Workspace {
    fn default() -> Self {
        Self::new()
    }
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a readable folder");
    entries.map(|entry| entry.expect("a readable entry").path())
}

#[cfg(test)]
mod tests;
