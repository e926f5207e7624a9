//! `/pin`: again to unpin.

use crate::read::nothing;
use crate::{Action, Command};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "",
    summary: "Keep the last answer word for word through compactions",
    parse: |arguments| nothing(NAME, arguments, Action::Pin),
};

const NAME: &str = "pin";
