//! `/rewind`: the window shows the points there are.

use crate::read::nothing;
use crate::{Action, Command, Page};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "",
    summary: "Go back to an earlier message: files, chat or both",
    parse: |arguments| nothing(NAME, arguments, Action::Open(Page::Rewind)),
};

const NAME: &str = "rewind";
