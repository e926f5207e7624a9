//! `/mode`: another permission mode for this session.

use crate::{Action, Command, CommandError};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "plan | ask | edits | auto | bypass",
    summary: "Change how much runs without a question",
    parse: |arguments| {
        let mode = arguments.parse().map_err(|_| CommandError::Arguments {
            command: NAME,
            takes: "one of `plan`, `ask`, `edits`, `auto`, `bypass`",
        })?;
        Ok(Action::Mode { mode })
    },
};

const NAME: &str = "mode";
