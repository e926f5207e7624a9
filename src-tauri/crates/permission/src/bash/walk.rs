//! Goes through a folder and what is below it, up to a limit.

use std::fs::FileType;
use std::path::{Path, PathBuf};

/// Folders of others' files, which hold keys for tests.
const FOREIGN: &[&str] = &["node_modules", "target", "vendor", ".venv", "venv", ".git"];

/// What to go through.
#[derive(Debug, Clone, Copy)]
pub(super) struct Walk {
    /// Also what begins with a dot.
    pub(super) hidden: bool,
    /// Also into folders of others' files.
    pub(super) foreign: bool,
    /// How many folders deep; 0 is the folder itself.
    pub(super) depth: usize,
    /// How many entries altogether.
    pub(super) limit: usize,
}

/// One thing in a folder.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) path: PathBuf,
    /// Of the entry itself, not of what a link leads to.
    pub(super) kind: FileType,
}

/// There is more than the limit allows to look at.
#[derive(Debug)]
pub(super) struct TooMuch;

/// Shows every entry to `visit` until it finds something.
pub(super) fn walk<T>(
    folder: &Path,
    rules: Walk,
    mut visit: impl FnMut(&Entry) -> Option<T>,
) -> Result<Option<T>, TooMuch> {
    let mut left = rules.limit;
    let mut todo = vec![(folder.to_path_buf(), 0)];
    while let Some((folder, depth)) = todo.pop() {
        // A file, or nothing at all.
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        for entry in entries {
            left = left.checked_sub(1).ok_or(TooMuch)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if !rules.hidden && name.starts_with('.') {
                continue;
            }
            let entry = Entry {
                path: entry.path(),
                name,
                kind,
            };
            if let Some(found) = visit(&entry) {
                return Ok(Some(found));
            }
            let enters = rules.foreign || !FOREIGN.contains(&entry.name.as_str());
            if entry.kind.is_dir() && enters && depth < rules.depth {
                todo.push((entry.path, depth + 1));
            }
        }
    }
    Ok(None)
}
