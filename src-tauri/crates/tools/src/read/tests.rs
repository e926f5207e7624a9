#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use serde_json::json;
use tool::{Extent, OUTPUT_LIMIT_BYTES};

use crate::door::{Door, assert_says};

#[tokio::test]
async fn a_file_comes_with_line_numbers() {
    let door = Door::new();
    for (content, expected) in [
        ("one\ntwo\n", "     1\tone\n     2\ttwo\n"),
        ("no end", "     1\tno end\n"),
        (
            "\u{feff}bom\r\nand returns\r\n",
            "     1\tbom\n     2\tand returns\n",
        ),
        ("\n\n", "     1\t\n     2\t\n"),
        ("", "(The file is empty.)\n"),
    ] {
        door.put("a.txt", content);
        assert_eq!(
            door.ok("read", json!({"path": "a.txt"})).await,
            expected,
            "{content:?}"
        );
    }
}

#[tokio::test]
async fn a_page_says_where_to_go_on() {
    let door = Door::new();
    let lines: String = (1..=5000)
        .map(|number| format!("line {number}\n"))
        .collect();
    door.put("a.txt", lines);
    let first = door.ok("read", json!({"path": "a.txt"})).await;
    assert!(first.ends_with("  2000\tline 2000\n(2000 of 5000 lines; go on with offset 2001.)\n"));
    let part = door
        .run("read", json!({"path": "a.txt", "offset": 7, "limit": 2}))
        .await;
    assert_eq!(
        part.content,
        "     7\tline 7\n     8\tline 8\n(2 of 5000 lines; go on with offset 9.)\n"
    );
    assert_eq!(
        part.details.unwrap(),
        json!({"path": "a.txt", "from": 7, "to": 8, "total_lines": 5000})
    );
    let last = door
        .ok("read", json!({"path": "a.txt", "offset": 5000}))
        .await;
    assert_eq!(last, "  5000\tline 5000\n");
    let past = door
        .failed("read", json!({"path": "a.txt", "offset": 5001}))
        .await;
    assert_says(
        &past,
        &["`a.txt` has 5000 lines", "offset 5001 is past its end"],
    );
}

#[tokio::test]
async fn long_lines_and_long_files_are_cut_to_what_a_model_can_take() {
    let door = Door::new();
    door.put("wide.txt", format!("{}\nnext\n", "é".repeat(5_000_000)));
    let wide = door.ok("read", json!({"path": "wide.txt"})).await;
    assert_says(&wide, &["… (9998000 bytes more)", "     2\tnext"]);
    door.put("long.txt", format!("{}\n", "x".repeat(1500)).repeat(2000));
    let long = door.ok("read", json!({"path": "long.txt"})).await;
    assert!(
        long.len() <= OUTPUT_LIMIT_BYTES && !long.contains("left out"),
        "{}",
        long.len()
    );
    assert_says(&long, &["of 2000 lines; go on with offset"]);
}

#[tokio::test]
async fn what_is_no_text_is_named() {
    let door = Door::new();
    door.put("a.png", b"\x89PNG\r\n\x1a\n\0\0");
    door.put("latin.txt", b"caf\xe9\n");
    door.put("wide.txt", b"\xff\xfeh\0i\0");
    assert_says(
        &door.failed("read", json!({"path": "a.png"})).await,
        &["not text but a PNG image (10 bytes)"],
    );
    assert_says(
        &door.ok("read", json!({"path": "latin.txt"})).await,
        &["café", "windows-1252, kept when you change it"],
    );
    assert_says(
        &door.ok("read", json!({"path": "wide.txt"})).await,
        &["     1\thi", "UTF-16 LE"],
    );
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_no_file_is_answered_at_once() {
    let door = Door::new();
    door.put("sub/a.txt", "");
    let fifo = door.workspace.join("fifo");
    rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, rustix::fs::Mode::RWXU).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(door.workspace.join("socket")).unwrap();
    for (path, words) in [
        ("fifo", "pipe, socket or device"),
        ("socket", "pipe, socket or device"),
        ("sub", "`list_dir`"),
        ("/dev/zero", "not a file on a disk"),
        ("/proc/self/environ", "not a file on a disk"),
        ("/dev/stdin", "not a file on a disk"),
        ("sub/a.txt/below", "file, not a folder"),
    ] {
        let said = door.failed("read", json!({"path": path})).await;
        assert!(
            said.contains(words) || path == "/dev/stdin",
            "{path}: {said}"
        );
    }
}

#[tokio::test]
async fn a_missing_file_brings_near_names() {
    let door = Door::new();
    door.put("src/Main.rs", "");
    door.put("src/lib.rs", "");
    assert_says(
        &door.failed("read", json!({"path": "src/main.rs"})).await,
        &["does not exist", "`Main.rs`"],
    );
    assert_says(
        &door.failed("read", json!({"path": "src/zzzzzzz"})).await,
        &["does not exist", "`glob`"],
    );
    assert_says(
        &door.failed("read", json!({"path": "nowhere/a"})).await,
        &["nor does its folder"],
    );
}

#[tokio::test]
async fn offsets_and_limits_are_checked() {
    let door = Door::new();
    door.put("a.txt", "one\n");
    for (input, words) in [
        (json!({"path": "a.txt", "offset": 0}), "counts lines from 1"),
        (json!({"path": "a.txt", "limit": 0}), "at least 1"),
        (json!({"path": "a.txt", "offset": -1}), "`offset`"),
        (json!({"path": "a.txt", "offset": 1.5}), "`offset`"),
        (json!({"path": "a.txt", "limit": "10"}), "`limit`"),
        (json!({"path": "a.txt", "offset": u64::MAX}), "past its end"),
    ] {
        assert_says(&door.failed("read", input).await, &[words]);
    }
    assert_eq!(
        door.ok("read", json!({"path": "a.txt", "limit": u64::MAX}))
            .await,
        "     1\tone\n"
    );
}

#[tokio::test]
async fn the_ledger_knows_how_much_was_seen() {
    let door = Door::new();
    let path = door.put("a.txt", "one\ntwo\n");
    let extent = || door.ctx.files.seen(&path).map(|stamp| stamp.extent);
    assert_eq!(extent(), None);
    door.ok("read", json!({"path": "a.txt", "limit": 1})).await;
    assert_eq!(extent(), Some(Extent::Part));
    door.ok("read", json!({"path": "a.txt"})).await;
    assert_eq!(extent(), Some(Extent::Whole));
}
