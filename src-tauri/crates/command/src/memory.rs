//! `/memory`: AGENTS.md and its relatives.

use crate::read::nothing;
use crate::{Action, Command, Page};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "",
    summary: "Show and edit the notes for agents",
    parse: |arguments| nothing(NAME, arguments, Action::Open(Page::Memory)),
};

const NAME: &str = "memory";
