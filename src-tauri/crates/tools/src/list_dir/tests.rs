#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use serde_json::json;

use crate::door::{Door, assert_says};

#[tokio::test]
async fn folders_come_first_then_files_by_name() {
    let door = Door::new();
    for name in [
        "b.txt",
        "a.txt",
        "z/deep/file",
        ".hidden",
        ".git/config",
        "B.txt",
    ] {
        door.put(name, "12345");
    }
    let listed = door.ok("list_dir", json!({})).await;
    assert_eq!(
        listed,
        ".git/\nz/\n.hidden  5 bytes\nB.txt  5 bytes\na.txt  5 bytes\nb.txt  5 bytes\n"
    );
    assert_eq!(door.ok("list_dir", json!({"path": "z"})).await, "deep/\n");
}

#[cfg(unix)]
#[tokio::test]
async fn links_and_odd_names_stay_one_line_each() {
    let door = Door::new();
    std::os::unix::fs::symlink("/etc", door.workspace.join("link")).unwrap();
    door.put("two\nlines", "");
    assert_eq!(
        door.ok("list_dir", json!({})).await,
        "link  -> /etc\ntwo\u{fffd}lines  0 bytes\n"
    );
}

#[tokio::test]
async fn empty_and_crowded_folders_are_told() {
    let door = Door::new();
    assert_eq!(
        door.ok("list_dir", json!({"path": "."})).await,
        "(The folder is empty.)\n"
    );
    for number in 0..1100 {
        door.put(&format!("f{number:04}"), "");
    }
    let listed = door.ok("list_dir", json!({})).await;
    assert_says(
        &listed,
        &[
            "f0000  0 bytes\n",
            "f0999",
            "(100 more entries are not shown",
        ],
    );
    assert!(!listed.contains("f1000"));
}

#[tokio::test]
async fn what_is_no_folder_is_told() {
    let door = Door::new();
    door.put("a.txt", "");
    assert_says(
        &door.failed("list_dir", json!({"path": "a.txt"})).await,
        &["is a file", "`read`"],
    );
    assert_says(
        &door.failed("list_dir", json!({"path": "gone"})).await,
        &["does not exist"],
    );
    assert_says(
        &door.failed("list_dir", json!({"path": ""})).await,
        &["empty"],
    );
}
