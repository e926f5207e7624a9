#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use serde_json::json;

use crate::door::{Door, assert_says};

#[tokio::test]
async fn a_tree_is_indented_and_sorted() {
    let door = Door::new();
    door.put("src/main.rs", "fn main() {}\n");
    door.put("src/deep/er/x.rs", "");
    door.put("src/deep/er/est/y.rs", "");
    door.put("README.md", "hi");
    door.put("target/out", "");
    door.put(".hidden/a", "");
    door.put(".git/config", "");
    door.put(".gitignore", "target\n");
    let shown = door.ok("tree", json!({})).await;
    assert_eq!(
        shown,
        "./\n  README.md  2 bytes\n  src/\n    deep/\n      er/\n    main.rs  13 bytes\n"
    );
    let shown = door
        .ok("tree", json!({"path": "src", "depth": 1, "hidden": true}))
        .await;
    assert_eq!(shown, "src/\n  deep/\n  main.rs  13 bytes\n");
    let shown = door.ok("tree", json!({"depth": 9, "hidden": true})).await;
    assert_says(&shown, &["        y.rs", ".hidden/", ".gitignore"]);
    assert!(
        !shown.contains("config") && !shown.contains("target"),
        "{shown}"
    );
}

#[tokio::test]
async fn large_folders_are_cut_and_said_to_be() {
    let door = Door::new();
    for number in 0..70 {
        door.put(&format!("many/{number:03}/inside.txt"), "");
    }
    door.put("z.txt", "");
    let shown = door.ok("tree", json!({})).await;
    assert_says(&shown, &["    059/", "… 10 more entries", "  z.txt"]);
    assert!(!shown.contains("060"), "{shown}");
    assert_eq!(shown.matches("inside.txt").count(), 60);

    for number in 0..1000 {
        door.put(&format!("wide/{}/{number}/x", number / 50), "");
    }
    let shown = door.ok("tree", json!({})).await;
    assert_says(&shown, &["There is more"]);
    assert!(shown.lines().count() <= 802, "{}", shown.lines().count());
}

#[tokio::test]
async fn what_is_no_folder_is_told() {
    let door = Door::new();
    door.put("a.txt", "");
    assert_says(
        &door.failed("tree", json!({"path": "a.txt"})).await,
        &["is a file", "`read`"],
    );
    assert_says(
        &door.failed("tree", json!({"path": "b"})).await,
        &["does not exist"],
    );
    for depth in [0, 21] {
        let error = door.plan("tree", &json!({ "depth": depth })).unwrap_err();
        assert_says(&error.to_string(), &["from 1 to 20"]);
    }
    let empty = Door::new();
    assert_says(&empty.ok("tree", json!({})).await, &["nothing at all"]);
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_shown_and_not_followed() {
    let door = Door::new();
    std::os::unix::fs::symlink("/etc", door.workspace.join("link")).unwrap();
    door.put("bad\nname", "");
    let shown = door.ok("tree", json!({})).await;
    assert_eq!(shown, "./\n  bad\u{fffd}name  0 bytes\n  link -> /etc\n");
}
