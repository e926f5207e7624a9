//! `/fork`: the original stays as it is.

use crate::read::nothing;
use crate::{Action, Command};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "",
    summary: "Go on in a copy of this session",
    parse: |arguments| nothing(NAME, arguments, Action::Fork),
};

const NAME: &str = "fork";
