//! `/init`: has the model write AGENTS.md. Its work passes the gate like any
//! other.

use crate::{Action, Command};

const REQUEST: &str = include_str!("../../../../assets/commands/init.md");

pub(crate) const COMMAND: Command = Command {
    name: "init",
    arguments: "[what matters most]",
    summary: "Write AGENTS.md: notes for agents who work in this folder",
    parse: |arguments| {
        let mut text = REQUEST.trim().to_owned();
        if !arguments.is_empty() {
            text.push_str("\n\nThis matters most: ");
            text.push_str(arguments);
        }
        Ok(Action::Submit { text })
    },
};
