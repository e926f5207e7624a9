//! A look through a folder for everything in it that is protected or secret,
//! at any depth. It reads names and links only.

use std::path::{Path, PathBuf};

use super::{protected, secret};

/// Folders that package managers and builds fill: what they bring is not
/// looked through, by far the most files there are.
const FILLED: &[&str] = &[
    "node_modules",
    "target",
    ".venv",
    "venv",
    "__pycache__",
    ".tox",
    ".gradle",
    ".next",
    ".svelte-kit",
];

/// What a folder holds that is guarded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guarded {
    /// Protected files and folders; what is in such a folder is not named.
    pub protected: Vec<PathBuf>,
    /// Protected names that are links, with where they point, as written.
    pub links: Vec<(PathBuf, PathBuf)>,
    /// Secret files and folders that are not protected as well.
    pub secrets: Vec<PathBuf>,
}

/// Why a folder was not looked through to the end.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotSeen {
    /// There is too much in it.
    #[error("there are more than {limit} files in it")]
    TooMany {
        /// As many were looked at.
        limit: usize,
    },
    /// A folder could not be listed.
    #[error("`{}` cannot be listed: {problem}", path.display())]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// The system's words.
        problem: String,
    },
}

/// Looks through `root` (absolute), at no more than `limit` entries. It
/// follows no link.
///
/// # Errors
/// When something was not seen; then nothing is to be relied on.
pub fn guarded_in(root: &Path, limit: usize) -> Result<Guarded, NotSeen> {
    let mut found = Guarded::default();
    let mut folders = vec![PathBuf::new()];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        let path = root.join(&folder);
        let unreadable = |error: std::io::Error| NotSeen::Unreadable {
            path: path.clone(),
            problem: error.to_string(),
        };
        let entries = match path.read_dir() {
            // It went away meanwhile.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            entries => entries.map_err(unreadable)?,
        };
        for entry in entries {
            let entry = entry.map_err(unreadable)?;
            seen += 1;
            if seen > limit {
                return Err(NotSeen::TooMany { limit });
            }
            let kind = entry.file_type().map_err(unreadable)?;
            let below = folder.join(entry.file_name());
            if !found.take(root, &below, kind.is_symlink()) && kind.is_dir() && !is_filled(&below) {
                folders.push(below);
            }
        }
    }
    Ok(found)
}

fn is_filled(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default();
    FILLED.iter().any(|filled| name == *filled)
}

impl Guarded {
    /// Notes what lies at `below` the root; false when that is not guarded.
    fn take(&mut self, root: &Path, below: &Path, is_link: bool) -> bool {
        let path = root.join(below);
        if protected(below).is_some() {
            match path.read_link().ok().filter(|_| is_link) {
                Some(target) => self.links.push((path, target)),
                None => self.protected.push(path),
            }
            return true;
        }
        let is_secret = secret(below).is_some();
        if is_secret {
            self.secrets.push(path);
        }
        is_secret
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        folder
    }

    fn names(root: &Path, paths: &[PathBuf]) -> Vec<String> {
        let name = |path: &PathBuf| path.strip_prefix(root).unwrap().display().to_string();
        let mut names: Vec<String> = paths.iter().map(name).collect();
        names.sort();
        names
    }

    #[test]
    fn guarded_places_are_found_at_any_depth() {
        let folder = folder(&[
            "src/main.rs",
            "a/b/c/AGENTS.md",
            "a/.git/config",
            "a/.vscode/tasks.json",
            "a/.cargo/config.toml",
            "a/.cargo/notes.txt",
            ".env",
            "a/b/.env.local",
            "node_modules/x/.npmrc",
            "target/AGENTS.md",
        ]);
        let root = folder.path();
        std::os::unix::fs::symlink("c/AGENTS.md", root.join("a/b/CLAUDE.md")).unwrap();
        let found = guarded_in(root, 100).unwrap();
        assert_eq!(
            names(root, &found.protected),
            [
                "a/.cargo/config.toml",
                "a/.git",
                "a/.vscode",
                "a/b/c/AGENTS.md"
            ]
        );
        assert_eq!(names(root, &found.secrets), [".env", "a/b/.env.local"]);
        let link = (root.join("a/b/CLAUDE.md"), PathBuf::from("c/AGENTS.md"));
        assert_eq!(found.links, [link]);
    }

    #[test]
    fn no_link_is_followed_and_a_full_folder_is_an_error() {
        let folder = folder(&["one", "two", "three"]);
        std::os::unix::fs::symlink("/", folder.path().join("all")).unwrap();
        assert_eq!(guarded_in(folder.path(), 4).unwrap(), Guarded::default());
        assert_eq!(
            guarded_in(folder.path(), 3),
            Err(NotSeen::TooMany { limit: 3 })
        );
    }
}
