//! The walls around what runs unasked in mode `auto`: what a confined command
//! may change, what stays as it is, and what it does not see.

use std::path::{Path, PathBuf};

use protocol::{Confinement, Finding};

use super::Gate;
use super::ruling::finding;
use crate::path::{protected, secret};

/// Not there yet, these must not appear either: git, editors and agents run
/// what is in them, some at once.
const NEVER_MADE: &[&str] = &[
    ".git",
    ".familiar",
    ".claude",
    ".codex",
    ".cursor",
    ".cursorrules",
    ".gemini",
    ".mcp.json",
    ".vscode",
    ".idea",
    ".zed",
    ".devcontainer",
    ".husky",
    ".githooks",
    ".gitmodules",
    ".envrc",
    "AGENTS.md",
    "CLAUDE.md",
    "GEMINI.md",
];

/// Folders of the home whose entries are looked through for secrets.
const LOOKED_IN: &[&str] = &["", ".config", ".local/share", ".cargo"];

/// More entries than this are not looked through.
const ENTRIES_LIMIT: usize = 10_000;

impl Gate {
    /// Says that commands can be confined here, and which places of our own
    /// no confined command sees; `None` when they cannot.
    pub fn set_sandbox(&mut self, hidden: Option<Vec<PathBuf>>) {
        self.sandbox = hidden;
    }

    /// The walls for a command in this workspace, or why it cannot be walled
    /// in; neither without a sandbox.
    pub(super) fn walls(&self) -> (Option<Confinement>, Option<Finding>) {
        match self.sandbox.as_ref().map(|own| self.confinement(own)) {
            Some(Ok(walls)) => (Some(walls), None),
            Some(Err(finding)) => (None, Some(finding)),
            None => (None, None),
        }
    }

    fn confinement(&self, own: &[PathBuf]) -> Result<Confinement, Finding> {
        let root = self.ground.root();
        let home = self.ground.home();
        let is_wide = home.is_some_and(|home| home.starts_with(root)) || root.parent().is_none();
        if is_wide || protected(root).is_some() {
            let reason = format!("The sandbox cannot give all of `{}` away.", root.display());
            return Err(finding("sandbox.wide", reason, false));
        }
        let mut hidden: Vec<PathBuf> = own.to_vec();
        hidden.extend(home.into_iter().flat_map(secrets_of));
        hidden.retain(|path| !path.starts_with(root));
        Ok(Confinement {
            protected: protected_in(root)?,
            writable: vec![root.to_owned()],
            hidden,
        })
    }
}

/// What is protected right in the workspace, there or not, and the git
/// folders of its folders.
fn protected_in(root: &Path) -> Result<Vec<PathBuf>, Finding> {
    let unreadable = |error: std::io::Error| {
        let reason = format!("`{}` cannot be listed: {error}.", root.display());
        finding("sandbox.unreadable", reason, false)
    };
    let mut found: Vec<PathBuf> = NEVER_MADE.iter().map(|name| root.join(name)).collect();
    for entry in root.read_dir().map_err(unreadable)?.take(ENTRIES_LIMIT) {
        let entry = entry.map_err(unreadable)?;
        let (path, name) = (entry.path(), entry.file_name());
        if protected(Path::new(&name)).is_some() {
            if !found.contains(&path) {
                found.push(path);
            }
        } else if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            let inner = path.join(".git");
            if inner.symlink_metadata().is_ok() {
                found.push(inner);
            }
        }
    }
    match found.iter().find(|path| path.is_symlink()) {
        Some(link) => {
            let reason = format!(
                "`{}` is a link, which the sandbox cannot keep as it is.",
                link.display()
            );
            Err(finding("sandbox.link", reason, false))
        }
        None => Ok(found),
    }
}

/// Keys, logins and histories of the user that are there.
fn secrets_of(home: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in LOOKED_IN {
        let Ok(entries) = home.join(folder).read_dir() else {
            continue;
        };
        let entries = entries.take(ENTRIES_LIMIT).flatten();
        let secrets = entries.filter(|entry| {
            let below = Path::new(folder).join(entry.file_name());
            secret(&below).is_some()
        });
        // Where a link leads is what must not be seen.
        found.extend(secrets.filter_map(|entry| entry.path().canonicalize().ok()));
    }
    found
}

#[cfg(test)]
mod tests;
