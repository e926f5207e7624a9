//! From what was typed to a command.

use crate::{ALL, Action, Command};

/// Why it is not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// There is no such command.
    #[error("There is no command `/{name}`.{}", suggestion(.nearest.as_deref()))]
    Unknown {
        /// What was typed.
        name: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// The arguments make no sense.
    #[error("`/{command}` takes {takes}.")]
    Arguments {
        /// The command.
        command: &'static str,
        /// What it takes, in words.
        takes: &'static str,
    },
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || " `/help` lists them.".to_owned(),
        |name| format!(" Did you mean `/{name}`?"),
    )
}

/// Reads `/name arguments`. `None` when it is no command but a message: it
/// has no slash first, or looks like a path (`/etc/hosts is odd`).
#[must_use]
pub fn read(text: &str) -> Option<Result<Action, CommandError>> {
    let line = text.trim().strip_prefix('/')?;
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let is_name = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !is_name {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let found = ALL.iter().find(|command| command.name == name);
    Some(match found {
        Some(command) => (command.parse)(rest.trim()),
        None => Err(CommandError::Unknown {
            nearest: nearest(&name).map(|command| command.name.to_owned()),
            name,
        }),
    })
}

/// The command whose name begins so, or is at most two slips away.
fn nearest(name: &str) -> Option<&'static Command> {
    let begins = ALL.iter().find(|command| command.name.starts_with(name));
    begins.or_else(|| {
        ALL.iter()
            .map(|command| (strsim::osa_distance(name, command.name), command))
            .filter(|(slips, _)| *slips <= 2)
            .min_by_key(|(slips, _)| *slips)
            .map(|(_, command)| command)
    })
}

/// For commands that take nothing.
pub(crate) fn nothing(
    command: &'static str,
    arguments: &str,
    action: Action,
) -> Result<Action, CommandError> {
    if arguments.is_empty() {
        return Ok(action);
    }
    Err(CommandError::Arguments {
        command,
        takes: "no arguments",
    })
}

/// For commands that want some words.
pub(crate) fn words(
    command: &'static str,
    takes: &'static str,
    arguments: &str,
) -> Result<String, CommandError> {
    if arguments.is_empty() {
        return Err(CommandError::Arguments { command, takes });
    }
    Ok(arguments.to_owned())
}
