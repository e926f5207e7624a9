//! `/compact`: condenses the conversation in the background.

use crate::{Action, Command};

pub(crate) const COMMAND: Command = Command {
    name: "compact",
    arguments: "[what to keep above all]",
    summary: "Condense the conversation so far; /compact-undo brings it back",
    parse: |arguments| {
        let focus = (!arguments.is_empty()).then(|| arguments.to_owned());
        Ok(Action::Compact { focus })
    },
};
