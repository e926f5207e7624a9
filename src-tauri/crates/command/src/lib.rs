//! Slash commands: what a person can order besides talking to the model.
//!
//! This crate knows their names, their words and how to read their
//! arguments. It does nothing itself: the engine carries out the [`Action`].
#![deny(missing_docs)]

mod action;
mod archive;
mod audit;
mod compact;
mod compact_undo;
mod context;
mod effort;
mod export;
mod flags;
mod fork;
mod help;
mod init;
mod memory;
mod mode;
mod model;
mod new;
mod permissions;
mod pin;
mod policy_test;
mod read;
mod redo;
mod rename;
mod rewind;
mod settings;
mod trust;
mod undo;
mod usage;

#[cfg(test)]
mod tests;

pub use action::{Action, Page};
pub use read::{CommandError, read};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One command.
pub struct Command {
    /// Its name, without the slash.
    pub name: &'static str,
    /// What it takes, as a reader would write it; empty when nothing.
    pub arguments: &'static str,
    /// What it does, one line.
    pub summary: &'static str,
    /// Reads its arguments.
    parse: fn(&str) -> Result<Action, CommandError>,
}

/// A command for a list to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CommandInfo {
    /// Its name, without the slash.
    pub name: String,
    /// What it takes; empty when nothing.
    pub arguments: String,
    /// What it does, one line.
    pub summary: String,
}

/// All commands, by name.
pub const ALL: &[Command] = &[
    archive::COMMAND,
    audit::COMMAND,
    compact::COMMAND,
    compact_undo::COMMAND,
    context::COMMAND,
    effort::COMMAND,
    export::COMMAND,
    flags::COMMAND,
    fork::COMMAND,
    help::COMMAND,
    init::COMMAND,
    memory::COMMAND,
    mode::COMMAND,
    model::COMMAND,
    new::COMMAND,
    permissions::COMMAND,
    pin::COMMAND,
    policy_test::COMMAND,
    redo::COMMAND,
    rename::COMMAND,
    rewind::COMMAND,
    settings::COMMAND,
    trust::COMMAND,
    undo::COMMAND,
    usage::COMMAND,
];

/// The list for a menu.
#[must_use]
pub fn list() -> Vec<CommandInfo> {
    let info = |command: &Command| CommandInfo {
        name: command.name.to_owned(),
        arguments: command.arguments.to_owned(),
        summary: command.summary.to_owned(),
    };
    ALL.iter().map(info).collect()
}
