#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use serde_json::json;

use crate::door::{Door, assert_says};

#[tokio::test]
async fn files_and_folders_get_another_place() {
    let door = Door::new();
    door.put("a.txt", "a\n");
    door.put("src/deep/b.rs", "b\n");
    let said = door
        .ok("move", json!({"from": "a.txt", "to": "new/place/b.txt"}))
        .await;
    assert_eq!(said, "Moved `a.txt` to `new/place/b.txt`.");
    door.ok("move", json!({"from": "src", "to": "lib"})).await;
    assert_eq!(
        door.tree(),
        [
            "lib",
            "lib/deep",
            "lib/deep/b.rs",
            "new",
            "new/place",
            "new/place/b.txt"
        ]
    );
    assert_eq!(door.get("lib/deep/b.rs"), "b\n");
}

#[tokio::test]
async fn what_was_read_is_known_at_the_new_place() {
    let door = Door::new();
    door.put("a.txt", "a\n");
    door.ok("read", json!({"path": "a.txt"})).await;
    door.ok("move", json!({"from": "a.txt", "to": "b.txt"}))
        .await;
    door.ok("write", json!({"path": "b.txt", "content": "b\n"}))
        .await;
    assert_eq!(door.get("b.txt"), "b\n");
}

#[tokio::test]
async fn nothing_is_replaced_and_nothing_guarded_moves() {
    let door = Door::new();
    door.put("a.txt", "a\n");
    door.put("b.txt", "b\n");
    door.put("sub/.env", "KEY=1\n");
    for (from, to, words) in [
        ("a.txt", "b.txt", "`b.txt` exists already"),
        ("a.txt", "sub", "`sub` exists already"),
        ("no.txt", "c.txt", "`no.txt` does not exist"),
        ("sub", "other", "holds protected files or secrets"),
        ("a.txt", "b.txt/c", "not a folder"),
    ] {
        let said = door.failed("move", json!({"from": from, "to": to})).await;
        assert_says(&said, &[words]);
        assert_eq!(
            door.tree(),
            ["a.txt", "b.txt", "sub", "sub/.env"],
            "{from} {to}"
        );
    }
    assert_eq!(
        (door.get("a.txt"), door.get("b.txt")),
        ("a\n".into(), "b\n".into())
    );
    for (from, to, words) in [
        ("a.txt", "./a.txt", "the same place"),
        ("sub", "sub/in/itself", "lies within"),
        (".", "../elsewhere", "is not moved"),
    ] {
        let error = door
            .plan("move", &json!({"from": from, "to": to}))
            .unwrap_err();
        assert_says(&error.to_string(), &[words]);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn no_link_is_followed() {
    use std::os::unix::fs::symlink;
    let door = Door::new();
    let outside = door.workspace.with_file_name("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("a"), "theirs\n").unwrap();
    symlink(&outside, door.workspace.join("link")).unwrap();
    door.put("mine", "mine\n");
    for (from, to) in [("link/a", "here"), ("mine", "link/there")] {
        let said = door.failed("move", json!({"from": from, "to": to})).await;
        assert_says(&said, &["leads through a link"]);
    }
    // The link itself is moved, not what it leads to.
    door.ok("move", json!({"from": "link", "to": "renamed"}))
        .await;
    assert!(door.workspace.join("renamed").is_symlink());
    assert_eq!(outside.read_dir().unwrap().count(), 1);
}
