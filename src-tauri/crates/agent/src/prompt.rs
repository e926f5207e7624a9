//! The system prompt: fixed text from `assets/prompts`, then the few facts
//! of this session. Stable within a session, so that the cached prefix holds.

use protocol::PermissionMode;

const SYSTEM: &str = include_str!("../../../../assets/prompts/system.md");

/// What an undercover session adds.
const UNDERCOVER: &str = include_str!("../../../../assets/prompts/undercover.md");

/// How the prompt begins, and how it begins under cover.
const NAMED: &str = "You are Familiar, a coding companion";
const UNNAMED: &str = "You are a coding companion";

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
    /// The project is worked on under cover.
    pub undercover: bool,
}

/// The system prompt of a session. Under cover it names neither the program
/// nor the machine.
#[must_use]
pub fn system_prompt(surroundings: &Surroundings) -> String {
    let Surroundings {
        workspace,
        os,
        date,
        mode,
        undercover,
    } = surroundings;
    let mode = mode.name();
    if *undercover {
        let system = SYSTEM.replacen(NAMED, UNNAMED, 1);
        return format!(
            "{system}\n{UNDERCOVER}\n# This session\n\n- Folder: the project's; name files relative to it\n- Date: {date}\n- Permission mode at the start: {mode}\n"
        );
    }
    format!(
        "{SYSTEM}\n# This session\n\n- Folder: {workspace}\n- System: {os}\n- Date: {date}\n- Permission mode at the start: {mode}\n"
    )
}

#[cfg(test)]
mod tests;
