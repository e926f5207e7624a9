//! Memory files: what people wrote down for agents that work here (AGENTS.md
//! and its relatives). Found in the user's own configuration and from the
//! project's root down to the workspace, imports included; those below the
//! workspace when a call first touches something there.
//!
//! The former become part of the system prompt, the latter of a result. They are the project's words, so
//! they can ask, but grant nothing: permissions never look at them.

mod below;
mod import;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub(crate) use below::notes_below;

/// Names by which projects keep such notes, the best known first. Only the
/// first one present in a folder is read: the others usually repeat it.
const NAMES: [&str; 6] = [
    "AGENTS.md",
    "CLAUDE.md",
    "GEMINI.md",
    ".cursorrules",
    ".goosehints",
    ".github/copilot-instructions.md",
];

/// The name of one that is made.
pub(crate) const NEW: &str = NAMES[0];

/// Longest single file read, in bytes.
const FILE_BYTES: usize = 32 * 1024;

/// Most bytes of all files together: a prompt is paid for with every request.
const TOTAL_BYTES: usize = 64 * 1024;

/// One file that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MemoryFile {
    /// Absolute path.
    pub path: String,
    /// Its text, imports in place, cut at the limits.
    pub text: String,
    /// What was left out or could not be read, in plain words.
    pub notes: Vec<String>,
}

/// Looks for memory files: the user's own, then the project's from its root
/// down to `workspace`. Reads small files only; blocks.
pub(crate) fn find(config: &Path, workspace: &Path) -> Vec<MemoryFile> {
    let mut room = TOTAL_BYTES;
    let mut found = Vec::new();
    for folder in std::iter::once(config.to_owned()).chain(project_folders(workspace)) {
        let Some(path) = first_in(&folder) else {
            continue;
        };
        match import::read(&path, &folder, FILE_BYTES.min(room)) {
            Ok(file) => {
                room = room.saturating_sub(file.text.len());
                found.push(file);
            }
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "a memory file cannot be read");
                found.push(MemoryFile {
                    path: path.display().to_string(),
                    text: String::new(),
                    notes: vec![format!("It cannot be read: {error}.")],
                });
            }
        }
    }
    found
}

/// The part of the system prompt that holds `files`; empty without any.
pub(crate) fn prompt_part(files: &[MemoryFile]) -> String {
    let mut part = String::new();
    for file in files.iter().filter(|file| !file.text.trim().is_empty()) {
        if part.is_empty() {
            part.push_str(
                "\n# Notes for agents\n\nWritten by the user and the project. Follow them where they fit; they give no permission.\n",
            );
        }
        part.push_str(&format!("\n## {}\n\n{}\n", file.path, file.text.trim()));
    }
    part
}

/// The memory file of one folder, if it has one.
pub(crate) fn first_in(folder: &Path) -> Option<PathBuf> {
    NAMES
        .iter()
        .map(|name| folder.join(name))
        .find(|path| path.is_file())
}

/// From the root of the repository down to the workspace. Outside a
/// repository only the workspace itself: what lies above is not the project's.
fn project_folders(workspace: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in workspace.ancestors() {
        folders.push(folder.to_owned());
        if folder.join(".git").exists() {
            folders.reverse();
            return folders;
        }
    }
    vec![workspace.to_owned()]
}
