//! Programs that tests start and `cargo xtask test` has put in place.

use std::path::{Path, PathBuf};

/// What the environment names, or what the workshop leaves below `target`.
///
/// # Panics
/// When it is not there, with what to do.
pub fn installed(variable: &str, below_target: &str) -> PathBuf {
    let program = std::env::var_os(variable).map_or_else(
        || {
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../target")
                .join(below_target)
        },
        PathBuf::from,
    );
    assert!(
        program.is_file(),
        "`{}` is not there: run `cargo xtask test`, or set {variable}",
        program.display()
    );
    program
}
