#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use protocol::Outcome;
use serde_json::json;

use crate::door::{Door, assert_says};

async fn check(old: &str, input: (&str, &str), expected: &str) {
    let door = Door::new();
    door.put("a.txt", old);
    let output = door
        .run(
            "edit",
            json!({"path": "a.txt", "old_text": input.0, "new_text": input.1}),
        )
        .await;
    assert_eq!(output.outcome, Outcome::Ok, "{old:?}: {}", output.content);
    assert_eq!(door.get("a.txt"), expected, "{old:?}");
}

#[tokio::test]
async fn only_the_piece_changes() {
    check("one\ntwo\nthree\n", ("two", "2"), "one\n2\nthree\n").await;
    check("one\ntwo", ("two", "2"), "one\n2").await;
    check("one\ntwo\n", ("one\n", ""), "two\n").await;
    check("a\tb  \n\n", ("b  \n", "c\n"), "a\tc\n\n").await;
    check("“x” 🦀 é\n", ("🦀", "crab"), "“x” crab é\n").await;
    check("\u{feff}one\n", ("one", "1"), "\u{feff}1\n").await;
    check("\u{feff}one\n", ("one\n", "1\n2\n"), "\u{feff}1\n2\n").await;
}

#[tokio::test]
async fn line_endings_stay_as_they_are() {
    check("a\r\nb\r\nc\r\n", ("a\nb", "x\ny"), "x\r\ny\r\nc\r\n").await;
    check("a\r\nb\r\nc\r\n", ("b\n", "x\ny\n"), "a\r\nx\r\ny\r\nc\r\n").await;
    check("a\r\nb\r\nc\r\n", ("\nb", "\nx"), "a\r\nx\r\nc\r\n").await;
    check("a\r\nb\r\n", ("a\r\nb", "x\r\ny"), "x\r\ny\r\n").await;
    check("a\nb\r\nc\n", ("b", "x"), "a\nx\r\nc\n").await;
    check("a\nb\r\nc\nd\n", ("b\nc", "x\ny"), "a\nx\ny\nd\n").await;
    check("a\nb\n", ("a\r\nb", "x\r\ny"), "x\ny\n").await;
    check("lone\rreturn\n", ("lone", "a"), "a\rreturn\n").await;
}

#[tokio::test]
async fn several_places_are_listed_or_all_changed() {
    let door = Door::new();
    door.put("a.txt", "x = 1\ny = 2\nx = 1\n\nx = 1\n");
    let input = json!({"path": "a.txt", "old_text": "x = 1", "new_text": "z"});
    assert_says(
        &door.failed("edit", input.clone()).await,
        &["3 places", "lines 1, 3, 5", "`replace_all`"],
    );
    let mut all = input;
    all["replace_all"] = json!(true);
    assert_eq!(
        door.ok("edit", all).await,
        "Edited `a.txt` at 3 places: 3 lines added, 3 removed."
    );
    assert_eq!(door.get("a.txt"), "z\ny = 2\nz\n\nz\n");
}

#[tokio::test]
async fn a_piece_not_found_brings_the_nearest_lines() {
    let door = Door::new();
    door.put(
        "a.rs",
        "fn main() {\n    let total = add(1, 2);\n    print(total);\n}\n",
    );
    for (old, words) in [
        (
            "\tlet total = add(1, 2);\n  print(total);",
            vec![
                "only in spaces",
                "     2\t    let total = add(1, 2);\n     3\t    print(total);",
            ],
        ),
        (
            "    let total = sum(1, 2);",
            vec!["nearest lines", "     2\t    let total = add(1, 2);"],
        ),
        (
            "nothing like it whatsoever",
            vec!["is not in `a.rs`", "Read the file"],
        ),
        ("\n\n\n", vec!["is not in `a.rs`"]),
    ] {
        assert_says(
            &door
                .failed(
                    "edit",
                    json!({"path": "a.rs", "old_text": old, "new_text": ""}),
                )
                .await,
            &words,
        );
    }
}

#[tokio::test]
async fn the_help_for_a_huge_file_comes_soon() {
    let door = Door::new();
    door.put(
        "a.txt",
        "some line of text that is like the others\n".repeat(200_000),
    );
    let input = json!({"path": "a.txt", "old_text": "some line of text that is unlike the others", "new_text": ""});
    assert_says(&door.failed("edit", input).await, &["is not in"]);
}

#[tokio::test]
async fn a_file_changed_since_it_was_read_is_left_alone() {
    let door = Door::new();
    door.put("a.txt", "one\ntwo\n");
    door.ok("read", json!({"path": "a.txt"})).await;
    door.put("a.txt", "one\nTWO\n");
    let input = json!({"path": "a.txt", "old_text": "one", "new_text": "1"});
    assert_says(
        &door.failed("edit", input.clone()).await,
        &["has changed since", "Read it again"],
    );
    assert_eq!(door.get("a.txt"), "one\nTWO\n");
    door.ok("read", json!({"path": "a.txt"})).await;
    door.ok("edit", input).await;
    door.ok(
        "edit",
        json!({"path": "a.txt", "old_text": "TWO", "new_text": "2"}),
    )
    .await;
    door.ok(
        "write",
        json!({"path": "a.txt", "content": "read whole and edited, so it is known\n"}),
    )
    .await;
}

#[tokio::test]
async fn what_cannot_be_edited_is_told() {
    let door = Door::new();
    door.put("a.txt", "one\n");
    door.put("latin.txt", b"caf\xe9\n");
    door.put("bin", b"one\0\n");
    door.put("folder/x", "");
    for (path, old, new, words) in [
        ("a.txt", "", "x", "`old_text` is empty"),
        ("a.txt", "one", "one", "are the same"),
        ("latin.txt", "caf", "→", "windows-1252"),
        ("bin", "one", "x", "not text but binary data"),
        ("folder", "one", "x", "is a folder"),
        ("b.txt", "one", "x", "does not exist"),
        ("/proc/version", "Linux", "x", "not a file on a disk"),
    ] {
        assert_says(
            &door
                .failed(
                    "edit",
                    json!({"path": path, "old_text": old, "new_text": new}),
                )
                .await,
            &[words],
        );
    }
    assert_eq!(
        std::fs::read(door.workspace.join("latin.txt")).unwrap(),
        b"caf\xe9\n"
    );
}

#[tokio::test]
async fn a_change_of_nothing_but_line_ends_is_none() {
    let door = Door::new();
    door.put("a.txt", "a\r\nb\r\n");
    let said = door
        .failed(
            "edit",
            json!({"path": "a.txt", "old_text": "a\n", "new_text": "a\r\n"}),
        )
        .await;
    assert_says(&said, &["as it is"]);
}

#[tokio::test]
async fn the_card_gets_hunks() {
    let door = Door::new();
    door.put("a.txt", "one\ntwo\n");
    let output = door
        .run(
            "edit",
            json!({"path": "a.txt", "old_text": "two", "new_text": "2"}),
        )
        .await;
    let details = output.details.unwrap();
    assert_eq!(
        details["hunks"],
        json!([{"old_start": 1, "new_start": 1, "lines": [
            {"kind": "context", "text": "one"}, {"kind": "del", "text": "two"}, {"kind": "add", "text": "2"},
        ]}])
    );
    assert_eq!(details["created"], false);
}
