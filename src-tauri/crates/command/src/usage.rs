//! `/usage`: what was spent.

use crate::read::nothing;
use crate::{Action, Command, Page};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "",
    summary: "Show tokens and money, by turn, day and model",
    parse: |arguments| nothing(NAME, arguments, Action::Open(Page::Usage)),
};

const NAME: &str = "usage";
