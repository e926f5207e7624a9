//! `/compact-undo`: the history itself was never changed, so this is exact.

use crate::read::nothing;
use crate::{Action, Command};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "",
    summary: "Bring back what was condensed last",
    parse: |arguments| nothing(NAME, arguments, Action::UndoCompaction),
};

const NAME: &str = "compact-undo";
