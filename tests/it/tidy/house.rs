//! The repository as a stranger first sees it: what stands at the top, that
//! every crate takes its lints from the workspace, and that commands and words
//! of the paperwork are the real ones.

use std::collections::BTreeSet;

use super::{files, paths, root};

/// What may be seen at the top; tools' own files hide behind a dot.
const TOP: &[&str] = &[
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "assets",
    "models",
    "src-tauri",
    "tauri.conf.json",
    "tests",
    "ui",
];

const ARCHITECTURE_MAX_LINES: usize = 200;

#[test]
fn the_top_is_what_a_stranger_needs() {
    let seen: BTreeSet<String> = paths()
        .iter()
        .filter_map(|path| path.split('/').next())
        .filter(|name| !name.starts_with('.'))
        .map(str::to_owned)
        .collect();
    let expected: BTreeSet<String> = TOP.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(seen, expected);
}

#[test]
fn every_crate_takes_the_lints_of_the_house() {
    let manifests = files(&["toml"]);
    let strays: Vec<&str> = manifests
        .iter()
        .filter(|file| file.stem() == "Cargo")
        .filter(|file| !file.text.contains("[lints]\nworkspace = true"))
        .map(|file| file.path.as_str())
        .collect();
    assert!(strays.is_empty(), "without the house's lints: {strays:?}");
}

#[test]
fn the_architecture_stays_one_sitting_long() {
    let text = std::fs::read_to_string(root().join("src-tauri/ARCHITECTURE.md")).unwrap();
    let count = text.lines().count();
    assert!(count <= ARCHITECTURE_MAX_LINES, "{count} lines");
}

/// Each room that exists is on the map, and the map names no room that is gone.
#[test]
fn the_map_shows_the_rooms_there_are() {
    let map = std::fs::read_to_string(root().join("src-tauri/ARCHITECTURE.md")).unwrap();
    let crates: BTreeSet<String> = paths()
        .iter()
        .filter_map(|path| path.strip_prefix("src-tauri/crates/"))
        .filter_map(|path| path.split('/').next())
        .map(str::to_owned)
        .collect();
    let shown: BTreeSet<String> = map
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter_map(|line| line.split_once("/ "))
        .map(|(name, _)| name.to_owned())
        .filter(|name| name.chars().all(|c| c.is_ascii_lowercase()))
        .collect();
    assert_eq!(shown, crates);
}

#[test]
fn the_gate_is_one_command() {
    let run = std::fs::read_to_string(root().join(".ci/run")).unwrap();
    let commands: Vec<&str> = run.lines().filter(|line| line.contains("cargo")).collect();
    assert_eq!(commands, ["exec cargo xtask test"]);
}
