#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use serde_json::json;

use crate::door::{Door, assert_says};

#[tokio::test]
async fn what_is_deleted_is_in_the_trash() {
    let door = Door::new();
    door.put("a.txt", "a\n");
    door.put("sub/b.txt", "b\n");
    door.put("sub/deep/c.txt", "cc\n");
    let said = door.ok("delete", json!({"path": "a.txt"})).await;
    assert_eq!(said, "Moved `a.txt` to the trash.");
    let said = door.ok("delete", json!({"path": "sub"})).await;
    assert_says(&said, &["the folder `sub` with 2 files (5 bytes)"]);
    assert!(door.tree().is_empty());
    let trash = door.workspace.with_file_name("trash");
    assert_eq!(std::fs::read_to_string(trash.join("a.txt")).unwrap(), "a\n");
    assert_eq!(
        std::fs::read_to_string(trash.join("sub/deep/c.txt")).unwrap(),
        "cc\n"
    );
}

#[tokio::test]
async fn without_a_trash_nothing_is_deleted() {
    let door = Door::new();
    door.put("a.txt", "a\n");
    std::fs::remove_dir(door.workspace.with_file_name("trash")).unwrap();
    let said = door.failed("delete", json!({"path": "a.txt"})).await;
    assert_says(
        &said,
        &["trash does not take `a.txt`", "nothing was deleted", "`rm`"],
    );
    assert_eq!(door.get("a.txt"), "a\n");
}

#[tokio::test]
async fn what_guards_something_is_not_deleted_as_a_whole() {
    let door = Door::new();
    door.put("app/.env", "KEY=1\n");
    door.put("app/main.rs", "");
    door.put("repo/.git/config", "");
    let said = door.failed("delete", json!({"path": "app"})).await;
    assert_says(
        &said,
        &[
            "`app` holds protected files or secrets (`.env`)",
            "nothing was changed",
        ],
    );
    assert_says(
        &door.failed("delete", json!({"path": "repo"})).await,
        &["`.git"],
    );
    assert_says(
        &door.failed("delete", json!({"path": "no"})).await,
        &["does not exist"],
    );
    for path in [".", "..", "/"] {
        let error = door.plan("delete", &json!({ "path": path })).unwrap_err();
        assert_says(&error.to_string(), &["is not deleted"]);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_goes_and_what_it_leads_to_stays() {
    let door = Door::new();
    let outside = door.workspace.with_file_name("outside.txt");
    std::fs::write(&outside, "theirs\n").unwrap();
    std::os::unix::fs::symlink(&outside, door.workspace.join("link")).unwrap();
    door.ok("delete", json!({"path": "link"})).await;
    assert!(door.tree().is_empty());
    assert_eq!(std::fs::read_to_string(&outside).unwrap(), "theirs\n");

    let folder = door.workspace.with_file_name("folder");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("a"), "theirs\n").unwrap();
    std::os::unix::fs::symlink(&folder, door.workspace.join("through")).unwrap();
    let said = door.failed("delete", json!({"path": "through/a"})).await;
    assert_says(&said, &["leads through a link"]);
    assert!(folder.join("a").exists());
}
