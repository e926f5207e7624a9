//! `/policy-test`: what would be said of a call, without making it.

use crate::read::words;
use crate::{Action, Command};

pub(crate) const COMMAND: Command = Command {
    name: NAME,
    arguments: "COMMAND | Read(PATH) | Edit(PATH)",
    summary: "Say whether a command or a file would be allowed, and why",
    parse: |arguments| {
        let what = words(NAME, "a command", arguments)?;
        Ok(Action::TestPolicy { what })
    },
};

const NAME: &str = "policy-test";
