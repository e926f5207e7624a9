//! `/permissions`: modes, rules, trusted folders.

use crate::read::nothing;
use crate::{Action, Command, Page};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "",
    summary: "See and change rules, trusted folders and the mode of new sessions",
    parse: |arguments| nothing(NAME, arguments, Action::Open(Page::Permissions)),
};

const NAME: &str = "permissions";
