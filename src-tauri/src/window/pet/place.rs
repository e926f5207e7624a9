//! Where the pet sat when it was last moved.

use std::path::PathBuf;

use tauri::{AppHandle, Manager};

use crate::Shell;

fn file(app: &AppHandle) -> PathBuf {
    app.state::<Shell>().engine.home().state.join("pet-place")
}

/// Logical pixels from the upper left of the desktop; none when never moved.
pub fn load(app: &AppHandle) -> Option<(i32, i32)> {
    let text = std::fs::read_to_string(file(app)).ok()?;
    let (x, y) = text.trim().split_once(' ')?;
    Some((x.parse().ok()?, y.parse().ok()?))
}

/// Keeps the place; losing it is no harm.
pub fn save(app: &AppHandle, x: i32, y: i32) {
    if load(app) == Some((x, y)) {
        return;
    }
    if let Err(error) = std::fs::write(file(app), format!("{x} {y}\n")) {
        tracing::debug!(%error, "the pet's place could not be kept");
    }
}
