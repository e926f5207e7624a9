//! The system prompt: fixed text from `assets/prompts`, then the few facts
//! of this session. Stable within a session, so that the cached prefix holds.

use protocol::PermissionMode;

const SYSTEM: &str = include_str!("../../../../assets/prompts/system.md");

/// Facts of the session the model should know.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// Absolute path of the workspace.
    pub workspace: String,
    /// Operating system name.
    pub os: &'static str,
    /// Date as `YYYY-MM-DD`.
    pub date: String,
    /// Mode at the start of the session.
    pub mode: PermissionMode,
}

/// The system prompt of a session.
#[must_use]
pub fn system_prompt(surroundings: &Surroundings) -> String {
    format!(
        "{SYSTEM}\n# This session\n\n- Folder: {}\n- System: {}\n- Date: {}\n- Permission mode at the start: {}\n",
        surroundings.workspace,
        surroundings.os,
        surroundings.date,
        surroundings.mode.name(),
    )
}
