//! Folders to judge in: a small project with a repository, a link that leads
//! out and one that leads to keys. One for each thread, gone with it.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A workspace that is not there: only spelling counts in it.
pub const NOWHERE: &str = "/home/someone/project";

pub struct Project {
    folder: TempDir,
}

impl Project {
    fn make() -> std::io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let root = folder.path().join("project");
        for made in ["src", "docs", ".git/objects", ".git/refs", ".ssh"] {
            std::fs::create_dir_all(root.join(made))?;
        }
        std::fs::create_dir_all(folder.path().join("elsewhere"))?;
        for (path, text) in [
            (".git/HEAD", "ref: refs/heads/main\n"),
            (".git/config", "[core]\n\tbare = false\n"),
            (".ssh/id_rsa", "key\n"),
            ("README.md", "text\n"),
            ("src/main.rs", "fn main() {}\n"),
            ("docs/my notes.md", "text\n"),
            ("package.json", "{}\n"),
            ("../elsewhere/file", "text\n"),
        ] {
            std::fs::write(root.join(path), text)?;
        }
        link("../elsewhere", &root.join("out"))?;
        link(".ssh", &root.join("keys"))?;
        link("src/main.rs", &root.join("same"))?;
        Ok(Self { folder })
    }

    /// As the system would open it.
    pub fn root(&self) -> PathBuf {
        let root = self.folder.path().join("project");
        root.canonicalize().unwrap_or(root)
    }
}

/// A folder for a moment, in memory where there is such a place.
pub fn scratch() -> std::io::Result<TempDir> {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir())
}

#[cfg(unix)]
fn link(target: &str, at: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

#[cfg(not(unix))]
fn link(_: &str, _: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Runs something with the project of this thread.
#[expect(clippy::expect_used, reason = "without a project nothing is tried")]
pub fn in_project(run: impl FnOnce(&Path)) {
    thread_local! {
        static PROJECT: Project = Project::make().expect("a temporary folder can be filled");
    }
    PROJECT.with(|project| run(&project.root()));
}
