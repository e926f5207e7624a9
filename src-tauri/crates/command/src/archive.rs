//! `/archive`: keeps the session, out of the way.

use crate::read::nothing;
use crate::{Action, Command};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "",
    summary: "Put this session away; it stays in the archive",
    parse: |arguments| nothing(NAME, arguments, Action::Archive),
};

const NAME: &str = "archive";
