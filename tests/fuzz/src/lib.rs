//! What must hold whatever is put in: one function for each target takes bytes
//! and panics where a promise of the product is broken.
//!
//! `cargo xtask fuzz` puts libFuzzer before them; the test here replays the
//! inputs that were worth keeping, so that the gate needs no fuzzer.

mod config;
mod decoder;
mod ground;
mod paths;
mod pieces;
mod prepass;
mod probe;
mod rules;
mod validator;

pub use config::config;
pub use decoder::decoder;
pub use paths::paths;
pub use prepass::prepass;
pub use rules::rules;
pub use validator::validator;

#[cfg(test)]
mod tests;

/// One thing that takes bytes from anybody.
pub type Target = fn(&[u8]);

/// Every target by its name, which its corpus and its program bear too.
pub const TARGETS: &[(&str, Target)] = &[
    ("prepass", prepass),
    ("decoder", decoder),
    ("validator", validator),
    ("rules", rules),
    ("config", config),
    ("paths", paths),
];
