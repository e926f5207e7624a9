#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use protocol::Outcome;
use serde_json::json;

use crate::door::{Door, assert_says};

#[tokio::test]
async fn files_and_folders_are_doubled() {
    let door = Door::new();
    let bytes: Vec<u8> = (0..=255).cycle().take(9_000_000).collect();
    door.put("a.bin", &bytes);
    door.put("src/deep/b.rs", "b\n");
    door.put("src/c.rs", "cc\n");
    let said = door
        .ok("copy", json!({"from": "a.bin", "to": "new/b.bin"}))
        .await;
    assert_eq!(said, "Copied `a.bin` to `new/b.bin`: 1 file (8.6 MiB).");
    assert_eq!(
        std::fs::read(door.workspace.join("new/b.bin")).unwrap(),
        bytes
    );
    let said = door.ok("copy", json!({"from": "src", "to": "lib"})).await;
    assert_says(&said, &["2 files (5 bytes)"]);
    assert_eq!(
        (door.get("lib/deep/b.rs"), door.get("src/deep/b.rs")),
        ("b\n".into(), "b\n".into())
    );
    assert_eq!(
        door.tree(),
        [
            "a.bin",
            "lib",
            "lib/c.rs",
            "lib/deep",
            "lib/deep/b.rs",
            "new",
            "new/b.bin",
            "src",
            "src/c.rs",
            "src/deep",
            "src/deep/b.rs"
        ]
    );
}

#[tokio::test]
async fn nothing_is_replaced_and_nothing_guarded_is_copied() {
    let door = Door::new();
    door.put("a.txt", "a\n");
    door.put("b.txt", "b\n");
    door.put("sub/.env", "KEY=1\n");
    let before = door.tree();
    for (from, to, words) in [
        ("a.txt", "b.txt", "`b.txt` exists already"),
        ("no.txt", "c.txt", "`no.txt` does not exist"),
        ("sub", "other", "holds protected files or secrets (`.env`)"),
        ("a.txt", "b.txt/c", "not a folder"),
        ("/dev/zero", "zero", "not a regular file"),
    ] {
        let said = door.failed("copy", json!({"from": from, "to": to})).await;
        assert_says(&said, &[words]);
        assert_eq!(door.tree(), before, "{from} {to}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn modes_are_kept_and_links_left_out() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let door = Door::new();
    let script = door.put("bin/run.sh", "#!/bin/sh\n");
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o750)).unwrap();
    symlink("/etc/passwd", door.workspace.join("bin/link")).unwrap();
    let said = door.ok("copy", json!({"from": "bin", "to": "tools"})).await;
    assert_says(&said, &["1 file", "1 link left out"]);
    assert_eq!(
        door.tree(),
        ["bin", "bin/link", "bin/run.sh", "tools", "tools/run.sh"]
    );
    let copy = door.workspace.join("tools/run.sh");
    let mode = std::fs::metadata(copy).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o750);
    let said = door
        .failed("copy", json!({"from": "bin/link", "to": "p"}))
        .await;
    assert_says(&said, &["leads through a link"]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_is_not_waited_for() {
    let door = Door::new();
    let pipe = door.workspace.join("pipe");
    let made = std::process::Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .unwrap();
    assert!(made.success());
    let said = door
        .failed("copy", json!({"from": "pipe", "to": "p"}))
        .await;
    assert_says(&said, &["pipe, socket or device"]);
}

#[tokio::test]
async fn a_stopped_copy_leaves_nothing() {
    let door = Door::new();
    let big = door.put("big", "");
    std::fs::File::options()
        .write(true)
        .open(&big)
        .unwrap()
        .set_len(8 << 30)
        .unwrap();
    let cancel = door.ctx.cancel.clone();
    let stop = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(60));
        cancel.cancel();
    });
    let output = door
        .run("copy", json!({"from": "big", "to": "sub/copy"}))
        .await;
    stop.join().unwrap();
    assert_eq!(output.outcome, Outcome::Cancelled, "{}", output.content);
    assert_eq!(door.tree(), ["big"]);
}
