#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use serde_json::json;

use crate::door::{Door, assert_says};

#[tokio::test]
async fn a_folder_is_made_with_those_it_lies_in() {
    let door = Door::new();
    let made = door.ok("mkdir", json!({"path": "a/b/c"})).await;
    assert_eq!(made, "Made the folder `a/b/c`.");
    assert_eq!(door.tree(), ["a", "a/b", "a/b/c"]);
    let again = door.ok("mkdir", json!({"path": "a/b/c/"})).await;
    assert_says(&again, &["is there already"]);
}

#[tokio::test]
async fn a_file_in_the_way_is_told() {
    let door = Door::new();
    door.put("file", "x");
    for path in ["file", "file/below"] {
        let said = door.failed("mkdir", json!({ "path": path })).await;
        assert_says(&said, &["is a file, not a folder"]);
    }
    assert_says(
        &door.failed("mkdir", json!({"path": "n".repeat(300)})).await,
        &["too long"],
    );
    assert_eq!(door.tree(), ["file"]);
}

#[cfg(unix)]
#[tokio::test]
async fn no_folder_is_made_behind_a_link() {
    let door = Door::new();
    let outside = door.workspace.with_file_name("outside");
    std::fs::create_dir(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, door.workspace.join("link")).unwrap();
    let said = door.failed("mkdir", json!({"path": "link/new"})).await;
    assert_says(&said, &["leads through a link"]);
    assert_eq!(outside.read_dir().unwrap().count(), 0);
}
