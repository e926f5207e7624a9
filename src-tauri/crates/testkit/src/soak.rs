//! How often tests of chance repeat: once in the gate, more at night.

/// What `cargo xtask soak` sets.
const VARIABLE: &str = "FAMILIAR_SOAK";

/// How many times as many rounds a test of chance makes as in the gate; 1
/// unless `FAMILIAR_SOAK` says more. It never makes fewer.
#[must_use]
pub fn soak_factor() -> usize {
    let Ok(value) = std::env::var(VARIABLE) else {
        return 1;
    };
    value
        .parse::<usize>()
        .expect("FAMILIAR_SOAK is a number")
        .max(1)
}
