#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use serde_json::json;

use crate::door::{Door, assert_says};

#[tokio::test]
async fn a_new_file_is_made_with_its_folders() {
    let door = Door::new();
    let output = door
        .run(
            "write",
            json!({"path": "a/b/c.txt", "content": "one\ntwo\n"}),
        )
        .await;
    assert_eq!(output.content, "Created `a/b/c.txt` with 2 lines.");
    assert_eq!(door.get("a/b/c.txt"), "one\ntwo\n");
    assert_eq!(door.tree(), ["a", "a/b", "a/b/c.txt"]);
    let details = output.details.unwrap();
    assert_eq!(
        (&details["created"], &details["added"]),
        (&json!(true), &json!(2))
    );
}

#[tokio::test]
async fn content_is_written_byte_by_byte() {
    for content in [
        "",
        "no newline",
        "a\r\nb\n",
        "\u{feff}x\n",
        "tab\t \n\n",
        "“curly” 🦀\n",
    ] {
        let door = Door::new();
        door.ok("write", json!({"path": "a.txt", "content": content}))
            .await;
        assert_eq!(door.get("a.txt"), content);
    }
}

#[tokio::test]
async fn an_existing_file_must_be_known_whole() {
    let door = Door::new();
    let lines = "line\n".repeat(3000);
    door.put("a.txt", &lines);
    let write = || door.run("write", json!({"path": "a.txt", "content": "new\n"}));

    assert_says(
        &write().await.content,
        &["you have not read it", "Read it first"],
    );
    door.ok("read", json!({"path": "a.txt"})).await;
    assert_says(&write().await.content, &["only a part", "`edit`"]);
    door.ok("read", json!({"path": "a.txt", "limit": 3000}))
        .await;
    door.put("a.txt", lines.replacen("line", "lime", 1));
    assert_says(
        &write().await.content,
        &["has changed since", "Read it again"],
    );
    assert_eq!(door.get("a.txt"), lines.replacen("line", "lime", 1));
    door.ok("read", json!({"path": "a.txt", "limit": 3000}))
        .await;
    assert_eq!(
        write().await.content,
        "Wrote `a.txt`: 1 line added, 3000 removed."
    );
    assert_eq!(door.get("a.txt"), "new\n");
    door.ok(
        "write",
        json!({"path": "a.txt", "content": "what it wrote it knows\n"}),
    )
    .await;
}

#[tokio::test]
async fn a_touched_file_with_the_same_content_has_not_changed() {
    let door = Door::new();
    let path = door.put("a.txt", "one\n");
    door.ok("read", json!({"path": "a.txt"})).await;
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(std::time::SystemTime::UNIX_EPOCH)
        .unwrap();
    door.ok("write", json!({"path": "a.txt", "content": "two\n"}))
        .await;
}

#[cfg(unix)]
#[tokio::test]
async fn the_mode_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    let door = Door::new();
    let path = door.put("run.sh", "#!/bin/sh\n");
    for mode in [0o755, 0o600, 0o444, 0o640] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        door.ok("read", json!({"path": "run.sh"})).await;
        door.ok(
            "write",
            json!({"path": "run.sh", "content": format!("#!/bin/sh\n# {mode}\n")}),
        )
        .await;
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o7777,
            mode
        );
    }
}

#[tokio::test]
async fn what_cannot_be_written_is_told_and_leaves_nothing() {
    let door = Door::new();
    door.put("folder/a", "");
    door.put("file", "x");
    for (path, words) in [
        ("folder", "is a folder"),
        ("new/", "names a folder"),
        ("file/below.txt", "not a folder"),
        ("", "empty"),
        ("/proc/familiar/hello.txt", "not a file on a disk"),
        ("/proc/version", "not a file on a disk"),
        ("/dev/full", "not a file on a disk"),
    ] {
        assert_says(
            &door
                .failed("write", json!({"path": path, "content": "x"}))
                .await,
            &[words],
        );
    }
    let name = "n".repeat(300);
    assert_says(
        &door
            .failed(
                "write",
                json!({"path": format!("new/{name}"), "content": "x"}),
            )
            .await,
        &["too long"],
    );
    assert_eq!(door.tree(), ["file", "folder", "folder/a"]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_is_never_written_through() {
    let door = Door::new();
    let outside = door.workspace.with_file_name("outside.txt");
    std::fs::write(&outside, "theirs\n").unwrap();
    std::os::unix::fs::symlink(&outside, door.workspace.join("link.txt")).unwrap();
    let said = door
        .failed("write", json!({"path": "link.txt", "content": "mine\n"}))
        .await;
    assert_says(
        &said,
        &["leads through a link", &outside.display().to_string()],
    );
    assert_eq!(std::fs::read_to_string(&outside).unwrap(), "theirs\n");
}

#[tokio::test]
async fn absurd_contents_are_refused() {
    let door = Door::new();
    let content = "x".repeat(17 * 1024 * 1024);
    assert_says(
        &door
            .failed("write", json!({"path": "a", "content": content}))
            .await,
        &["17.0 MiB", "16.0 MiB"],
    );
    assert!(door.tree().is_empty());
}
