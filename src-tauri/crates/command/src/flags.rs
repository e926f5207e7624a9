//! `/flags`: what can be turned on or off.

use crate::{Action, Command, CommandError};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "[name on | off | default]",
    summary: "List the feature flags, or set one",
    parse: |arguments| {
        let words: Vec<&str> = arguments.split_whitespace().collect();
        let (name, on) = match words.as_slice() {
            [] => return Ok(Action::Flags),
            [name, "on"] => (name, Some(true)),
            [name, "off"] => (name, Some(false)),
            [name, "default"] => (name, None),
            _ => {
                return Err(CommandError::Arguments {
                    command: NAME,
                    takes: "nothing, or a flag's name and `on`, `off` or `default`",
                });
            }
        };
        Ok(Action::SetFlag {
            name: (*name).to_owned(),
            on,
        })
    },
};

const NAME: &str = "flags";
