//! `/model`: who answers from the next message on.

use crate::read::words;
use crate::{Action, Command};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "NAME or PROVIDER/NAME",
    summary: "Change the model; the conversation goes on",
    parse: |arguments| {
        let name = words(NAME, "a model's name, or `provider/name`", arguments)?;
        Ok(Action::Model { name })
    },
};

const NAME: &str = "model";
