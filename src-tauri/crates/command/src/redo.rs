//! `/redo`: the opposite of `/undo`.

use crate::read::nothing;
use crate::{Action, Command};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "",
    summary: "Take the last undo back",
    parse: |arguments| nothing(NAME, arguments, Action::Redo),
};

const NAME: &str = "redo";
