//! What a folder brings along that could run or steer something, and whether
//! it is the folder that was trusted. It reads names and small files; it runs
//! nothing and asks no git.

mod found;

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use protocol::TrustedFolder;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub(crate) use found::look;

/// Something in a folder that could run or steer something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FoundItem {
    /// What kind of thing it is.
    pub kind: FoundKind,
    /// Where it stands, relative to the folder.
    pub path: String,
    /// What it would run or say, one line; empty when the name says it all.
    pub detail: String,
}

/// Kinds of such things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FoundKind {
    /// Settings for Familiar; they can only make it stricter.
    Settings,
    /// Servers that would be started for tools.
    McpServer,
    /// Hooks and permissions of an agent.
    AgentHooks,
    /// Tasks and programs of an editor.
    EditorTask,
    /// Hooks and programs of git.
    GitProgram,
    /// A toolchain or package manager that the folder brings itself.
    Toolchain,
    /// Scripts that set up a shell's environment.
    Environment,
    /// Notes for agents, which become part of every request.
    Notes,
}

/// A folder, whether it is trusted, and what it brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TrustView {
    /// Its real path.
    pub path: String,
    /// The user trusts it, or a folder around it.
    pub trusted: bool,
    /// What was found in it, the most powerful first.
    pub found: Vec<FoundItem>,
}

/// The folder as it is now; none when it is gone.
pub(crate) fn identity(folder: &Path, at_ms: u64) -> Option<TrustedFolder> {
    let path = folder.canonicalize().ok()?;
    let about = path.metadata().ok().filter(std::fs::Metadata::is_dir)?;
    Some(TrustedFolder {
        path: path.to_str()?.to_owned(),
        device: about.dev(),
        inode: about.ino(),
        at_ms,
    })
}

/// True when `folder` (a real path) or one around it is trusted and is still
/// the same. A repository inside a trusted folder has a say of its own: what
/// was cloned into it was not seen when the trust was given.
pub(crate) fn is_trusted(folder: &Path, trusted: &[TrustedFolder]) -> bool {
    for around in folder.ancestors() {
        let known = trusted
            .iter()
            .find(|known| Path::new(&known.path) == around);
        if let Some(known) = known {
            return identity(around, 0)
                .is_some_and(|now| (now.device, now.inode) == (known.device, known.inode));
        }
        if around.join(".git").symlink_metadata().is_ok() {
            return false;
        }
    }
    false
}

#[cfg(test)]
mod tests;
