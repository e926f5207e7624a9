//! `/audit`: what was asked for, decided and done.

use crate::read::nothing;
use crate::{Action, Command, Page};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "",
    summary: "Look back on every request, decision and effect",
    parse: |arguments| nothing(NAME, arguments, Action::Open(Page::Audit)),
};

const NAME: &str = "audit";
