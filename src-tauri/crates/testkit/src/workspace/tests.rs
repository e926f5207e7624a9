#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;

use super::Workspace;

#[test]
fn files_are_listed_and_read() {
    let workspace = Workspace::new()
        .with_file("src/main.rs", "fn main() {}")
        .with_file("a.txt", "a")
        .with_folder("empty");
    assert_eq!(
        workspace.files(),
        [PathBuf::from("a.txt"), PathBuf::from("src/main.rs")]
    );
    assert_eq!(workspace.read("a.txt").as_deref(), Some("a"));
    assert_eq!(workspace.read("b.txt"), None);
    assert!(workspace.path("empty").is_dir());
}

#[test]
fn a_dropped_workspace_is_gone() {
    let workspace = Workspace::new().with_file("a.txt", "a");
    let root = workspace.root().to_owned();
    drop(workspace);
    assert!(!root.exists());
}
