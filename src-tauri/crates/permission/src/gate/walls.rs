//! The walls around what runs unasked in mode `auto`: what a confined command
//! may change, what stays as it is, and what it does not see.

use std::path::{Path, PathBuf};

use protocol::{Confinement, Finding};

use super::Gate;
use super::ruling::finding;
use crate::path::{Guarded, guarded_in, protected, secret};

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

/// A workspace with more files is not looked through at each command, so it
/// has no walls. What package managers and builds fill is not counted.
const FILES_LIMIT: usize = 20_000;

/// More places than this are not mounted over at each command.
const MOUNTS_LIMIT: usize = 160;

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
        let guarded = guarded_in(root, FILES_LIMIT).map_err(|why| {
            let reason = format!("The sandbox cannot keep what is protected here: {why}.");
            finding("sandbox.unseen", reason, false)
        })?;
        let mut hidden: Vec<PathBuf> = own.to_vec();
        hidden.extend(home.into_iter().flat_map(secrets_of));
        hidden.retain(|path| !path.starts_with(root));
        hidden.extend(
            guarded
                .secrets
                .iter()
                .filter_map(|path| path.canonicalize().ok()),
        );
        let protected = kept_in(root, &guarded);
        if protected.len() + hidden.len() > MOUNTS_LIMIT {
            let reason =
                "There are more protected and secret files here than the sandbox can keep.";
            return Err(finding("sandbox.many", reason, false));
        }
        Ok(Confinement {
            protected,
            writable: vec![root.to_owned()],
            hidden,
            links: guarded.links,
            hosts: Vec::new(),
        })
    }
}

/// What is protected in the workspace, what a protected link there stands
/// for, and what must not appear at its top.
fn kept_in(root: &Path, guarded: &Guarded) -> Vec<PathBuf> {
    let is_link = |path: &PathBuf| guarded.links.iter().any(|(link, _)| link == path);
    let mut kept: Vec<PathBuf> = NEVER_MADE
        .iter()
        .map(|name| root.join(name))
        .filter(|path| !is_link(path))
        .collect();
    let targets = guarded
        .links
        .iter()
        .filter_map(|(link, _)| link.canonicalize().ok())
        .filter(|target| target.starts_with(root) && target != root);
    for path in guarded.protected.iter().cloned().chain(targets) {
        if !kept.contains(&path) {
            kept.push(path);
        }
    }
    kept
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
