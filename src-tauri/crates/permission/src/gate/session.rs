//! What the user allowed until the session ends: always less than it could
//! be, never more than was shown.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use protocol::Host;

/// The most narrow thing an answer for the session can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scope {
    /// This tool changes unprotected files in the workspace.
    Edits { tool: String },
    /// Exactly this command in exactly this folder.
    Command { command: String, cwd: PathBuf },
    /// Reading this file, or this folder and what is in it.
    Reads { path: PathBuf },
    /// Reaching this host.
    Host { host: Host },
}

/// All that was allowed for the session.
#[derive(Debug, Default)]
pub(super) struct SessionGrants {
    scopes: Vec<Scope>,
    /// How often each rule would have spared a question.
    approved: BTreeMap<String, u32>,
}

impl SessionGrants {
    pub(super) fn remember(&mut self, scopes: Vec<Scope>) {
        for scope in scopes {
            if !self.scopes.contains(&scope) {
                self.scopes.push(scope);
            }
        }
    }

    /// A question was answered with yes that this rule would have spared.
    pub(super) fn approved(&mut self, rule: String) {
        let times = self.approved.entry(rule).or_default();
        *times = times.saturating_add(1);
    }

    pub(super) fn times_approved(&self, rule: &str) -> u32 {
        self.approved.get(rule).copied().unwrap_or_default()
    }

    pub(super) fn edits(&self, tool: &str) -> bool {
        self.scopes
            .iter()
            .any(|scope| matches!(scope, Scope::Edits { tool: known } if known == tool))
    }

    pub(super) fn command(&self, command: &str, cwd: &Path) -> bool {
        self.scopes.iter().any(|scope| matches!(scope, Scope::Command { command: known, cwd: folder } if known == command && folder == cwd))
    }

    pub(super) fn reads(&self, path: &Path) -> bool {
        self.scopes
            .iter()
            .any(|scope| matches!(scope, Scope::Reads { path: known } if path.starts_with(known)))
    }

    pub(super) fn reaches(&self, host: &Host) -> bool {
        self.scopes
            .iter()
            .any(|scope| matches!(scope, Scope::Host { host: known } if known == host))
    }
}

impl Scope {
    /// The scope in the words the user sees.
    pub(super) fn words(&self, workspace: &Path) -> String {
        match self {
            Self::Edits { tool } => format!(
                "`{tool}` may change any file in `{}` until the session ends; protected files still ask",
                workspace.display()
            ),
            Self::Command { cwd, .. } => format!(
                "Exactly this command in `{}` until the session ends",
                cwd.display()
            ),
            Self::Reads { path } => format!("Reading `{}` until the session ends", path.display()),
            Self::Host { host } => format!("Reaching `{host}` until the session ends"),
        }
    }
}
