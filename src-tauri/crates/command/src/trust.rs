//! `/trust`: what this folder brings, and whether it is trusted.

use crate::read::nothing;
use crate::{Action, Command, Page};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "",
    summary: "See what this folder brings along, and trust it or not",
    parse: |arguments| nothing(NAME, arguments, Action::Open(Page::Trust)),
};

const NAME: &str = "trust";
