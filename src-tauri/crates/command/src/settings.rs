//! `/settings`: provider, permissions, voice, pet.

use crate::read::nothing;
use crate::{Action, Command, Page};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "",
    summary: "Open the settings",
    parse: |arguments| nothing(NAME, arguments, Action::Open(Page::Settings)),
};

const NAME: &str = "settings";
