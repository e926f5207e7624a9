//! `/context`: a picture of the window.

use crate::read::nothing;
use crate::{Action, Command, Page};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "",
    summary: "Show what fills the context window",
    parse: |arguments| nothing(NAME, arguments, Action::Open(Page::Context)),
};

const NAME: &str = "context";
