//! `/help`: says what there is.

use crate::read::nothing;
use crate::{Action, Command, Page};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "",
    summary: "List the commands",
    parse: |arguments| nothing(NAME, arguments, Action::Open(Page::Commands)),
};

const NAME: &str = "help";
