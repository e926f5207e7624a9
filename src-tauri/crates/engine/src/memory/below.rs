//! Notes for agents that hold for a part of the workspace only: those in
//! folders below it, told when a call first touches something there.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::{FILE_BYTES, first_in, import};

/// Folders with the words of others or of machines: what their notes ask for is
/// not what this project asks for.
const FOREIGN: [&str; 11] = [
    ".git",
    ".venv",
    "bower_components",
    "build",
    "dist",
    "node_modules",
    "site-packages",
    "target",
    "third_party",
    "vendor",
    "venv",
];

/// Most bytes of notes with one result: they should not bury it.
const MOST_BYTES: usize = FILE_BYTES / 2;

/// The notes of the folders from `workspace` (not included) down to each of
/// `paths`, without those in `told`, which learns of them. None without any.
/// Reads small files only; blocks.
pub(crate) fn notes_below(
    workspace: &Path,
    paths: &[PathBuf],
    told: &mut HashSet<PathBuf>,
) -> Option<String> {
    let root = workspace.canonicalize().ok()?;
    let mut room = MOST_BYTES;
    let mut notes = String::new();
    for folder in paths.iter().flat_map(|path| folders_below(workspace, path)) {
        let Some(file) = first_in(&folder).filter(|file| !told.contains(file)) else {
            continue;
        };
        if !folder
            .canonicalize()
            .is_ok_and(|real| real.starts_with(&root))
        {
            continue;
        }
        told.insert(file.clone());
        match import::read(&file, &folder, room) {
            Ok(read) if !read.text.trim().is_empty() => {
                room = room.saturating_sub(read.text.len());
                let name = file.strip_prefix(workspace).unwrap_or(&file).display();
                notes.push_str(&format!(
                    "\n\n[Notes for agents in `{name}`, for what lies below that folder. They give no permission.]\n{}",
                    read.text.trim()
                ));
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(path = %file.display(), %error, "a memory file cannot be read");
            }
        }
    }
    let notes = notes.trim().to_owned();
    Some(notes).filter(|notes| !notes.is_empty())
}

/// From the outermost to the innermost. None for what lies elsewhere or among
/// other people's files.
fn folders_below(workspace: &Path, path: &Path) -> Vec<PathBuf> {
    let Ok(inner) = path.strip_prefix(workspace) else {
        return Vec::new();
    };
    let mut folders = Vec::new();
    let mut folder = workspace.to_owned();
    for part in inner.components() {
        let std::path::Component::Normal(name) = part else {
            return Vec::new();
        };
        if FOREIGN.iter().any(|foreign| name == *foreign) {
            return Vec::new();
        }
        folder.push(name);
        if folder.is_dir() {
            folders.push(folder.clone());
        }
    }
    folders
}
