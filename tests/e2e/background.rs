//! Programs that run beside a test and end with it.

use std::process::{Child, Command, Stdio};

/// A running program; dropping it ends it.
pub struct Background {
    child: Child,
}

impl Background {
    pub fn start(command: &mut Command) -> Self {
        let child = command.stdin(Stdio::null()).spawn();
        let name = command.get_program().to_string_lossy().into_owned();
        Self {
            child: child.unwrap_or_else(|error| panic!("`{name}` cannot be started: {error}")),
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing left to end then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl From<Child> for Background {
    fn from(child: Child) -> Self {
        Self { child }
    }
}
