//! `/rename`: another title for this session.

use crate::read::words;
use crate::{Action, Command};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "TITLE",
    summary: "Give this session a title",
    parse: |arguments| {
        let title = words(NAME, "a title", arguments)?;
        Ok(Action::Rename { title })
    },
};

const NAME: &str = "rename";
