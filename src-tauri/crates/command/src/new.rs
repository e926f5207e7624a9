//! `/new`: the current one is kept.

use crate::read::nothing;
use crate::{Action, Command};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "",
    summary: "Begin a new session",
    parse: |arguments| nothing(NAME, arguments, Action::New),
};

const NAME: &str = "new";
