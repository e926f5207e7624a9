//! The desktop's trash, from which a person can take back what was deleted.

use std::path::Path;

use tool::TrashPort;

/// That of the user who runs the program.
pub(crate) struct Trash;

impl TrashPort for Trash {
    fn put(&self, path: &Path) -> Result<(), String> {
        trash::delete(path).map_err(|error| error.to_string())
    }
}
