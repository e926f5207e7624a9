//! `/export`: the window asks for the format.

use crate::read::nothing;
use crate::{Action, Command, Page};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "",
    summary: "Save this session as Markdown, JSON or HTML",
    parse: |arguments| nothing(NAME, arguments, Action::Open(Page::Export)),
};

const NAME: &str = "export";
