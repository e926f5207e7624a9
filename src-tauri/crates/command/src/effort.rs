//! `/effort`: how hard the model thinks, from the next message on.

use crate::{Action, Command, CommandError};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "auto | low | medium | high | max",
    summary: "Show or change how hard the model thinks",
    parse: |arguments| {
        if arguments.is_empty() {
            return Ok(Action::Effort { effort: None });
        }
        let effort = arguments.parse().map_err(|_| CommandError::Arguments {
            command: NAME,
            takes: "one of `auto`, `low`, `medium`, `high`, `max`",
        })?;
        Ok(Action::Effort {
            effort: Some(effort),
        })
    },
};

const NAME: &str = "effort";
