//! What measuring programs print for the bench to read: `name: number unit`,
//! one a line.
#![allow(clippy::print_stdout, reason = "the bench reads it there")]

use std::time::Duration;

/// Says how long something took.
pub fn say(name: &str, time: Duration) {
    println!("{name}: {:.2} ms", time.as_secs_f64() * 1000.0);
}

/// Says how much room something takes.
#[expect(
    clippy::cast_precision_loss,
    reason = "far fewer bytes than a float is exact for"
)]
pub fn say_size(name: &str, bytes: u64) {
    println!("{name}: {:.1} MB", bytes as f64 / 1024.0 / 1024.0);
}

/// The most memory this process has held, in bytes, from Linux; 0 elsewhere.
#[must_use]
pub fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok())
        .unwrap_or(0)
        * 1024
}
