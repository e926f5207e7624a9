//! `/undo`: the opposite is `/redo`.

use crate::read::nothing;
use crate::{Action, Command};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "",
    summary: "Put the files back as they were before the last change",
    parse: |arguments| nothing(NAME, arguments, Action::Undo),
};

const NAME: &str = "undo";
