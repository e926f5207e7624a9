#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types::WorkspaceEdit;
use serde_json::{Value, json};

use super::{Change, Changes, EditError, Replacement, apply, to_changes};
use crate::position::Encoding;

fn one(bytes: std::ops::Range<usize>, old: &str, new: &str) -> Replacement {
    Replacement {
        bytes,
        line: 1,
        old_text: old.to_owned(),
        new_text: new.to_owned(),
    }
}

#[test]
fn replacements_are_done_all_or_none() {
    let cases = [
        (vec![], Ok("one two")),
        (
            vec![one(4..7, "two", "2"), one(0..3, "one", "1")],
            Ok("1 2"),
        ),
        // Two that insert at one place keep their order.
        (
            vec![one(3..3, "", "a"), one(3..3, "", "b")],
            Ok("oneab two"),
        ),
        // One that inserts where another begins comes before it.
        (
            vec![one(4..7, "two", "2"), one(4..4, "", "x")],
            Ok("one x2"),
        ),
        (vec![one(0..3, "one", ""), one(3..4, " ", "")], Ok("two")),
        (
            vec![one(0..4, "one ", ""), one(3..4, " ", "")],
            Err(EditError::Overlap { line: 1 }),
        ),
        (
            vec![one(0..3, "One", "1")],
            Err(EditError::Stale { line: 1 }),
        ),
        (vec![one(7..9, "", "1")], Err(EditError::Stale { line: 1 })),
    ];
    for (replacements, expected) in cases {
        let done = apply("one two", &replacements);
        assert_eq!(done, expected.map(str::to_owned), "{replacements:?}");
    }
    // In the middle of a character.
    assert!(apply("🦀", &[one(1..2, "", "")]).is_err());
    // The end before the start, as no server's edit comes out.
    let turned = Replacement {
        bytes: std::ops::Range { start: 3, end: 1 },
        ..one(0..0, "", "")
    };
    assert!(apply("one two", &[turned]).is_err());
}

fn convert(edit: Value, files: &[(&str, &str)]) -> Result<Changes, EditError> {
    let edit: WorkspaceEdit = serde_json::from_value(edit).unwrap();
    let texts: HashMap<PathBuf, Arc<str>> = files
        .iter()
        .map(|(path, text)| (PathBuf::from(path), Arc::from(*text)))
        .collect();
    to_changes(edit, texts, Encoding::Utf16, Path::new("/root"))
}

fn edit(from: [u32; 2], to: [u32; 2], text: &str) -> Value {
    json!({
        "range": {
            "start": {"line": from[0], "character": from[1]},
            "end": {"line": to[0], "character": to[1]},
        },
        "newText": text,
    })
}

/// The text of the only file after the change.
fn result(changes: &Changes, text: &str) -> String {
    let [Change::Edit(edit)] = changes.steps.as_slice() else {
        panic!("{changes:?}");
    };
    apply(text, &edit.replacements).unwrap()
}

#[test]
fn positions_become_bytes_of_the_file_on_disk() {
    let cases = [
        // After characters of two units, with `\r\n`.
        ("a\r\n🦀é x\r\n", [1, 4], [1, 5], "a\r\n🦀é y\r\n"),
        // With a byte order mark, which servers do not see.
        ("\u{feff}x = 1", [0, 0], [0, 1], "\u{feff}y = 1"),
        // Past the end of a line: its end, not its line break.
        ("ab\r\ncd", [0, 2], [0, 90], "aby\r\ncd"),
        // At the end of a text without a line break.
        ("ab", [0, 2], [7, 0], "aby"),
        // Over lines.
        ("ab\r\ncd\r\n", [0, 1], [1, 1], "ayd\r\n"),
    ];
    for (text, from, to, expected) in cases {
        let uri = "file:///root/a%20b.rs";
        let changes = convert(
            json!({"changes": {uri: [edit(from, to, "y")]}}),
            &[("/root/a b.rs", text)],
        );
        let changes = changes.unwrap();
        assert_eq!(result(&changes, text), expected);
        assert_eq!(changes.outside, Vec::<PathBuf>::new());
    }
}

#[test]
fn steps_keep_their_order_and_files_that_come_can_be_filled() {
    let document = |uri: &str, edits: Value| json!({"textDocument": {"uri": uri, "version": 1}, "edits": edits});
    let changes = convert(
        json!({"documentChanges": [
            {"kind": "create", "uri": "file:///root/new.rs"},
            document("file:///root/new.rs", json!([edit([0, 0], [0, 0], "fn new() {}\n")])),
            {"kind": "rename", "oldUri": "file:///root/old.rs", "newUri": "file:///root/moved.rs"},
            document("file:///root/moved.rs", json!([edit([0, 0], [0, 3], "new")])),
            {"kind": "delete", "uri": "file:///root/gone.rs"},
        ]}),
        &[("/root/old.rs", "old text")],
    );
    let kinds: Vec<String> = changes
        .unwrap()
        .steps
        .iter()
        .map(|step| match step {
            Change::Edit(edit) => {
                let first = &edit.replacements[0];
                format!(
                    "{} {:?}→{:?}",
                    edit.path.display(),
                    first.old_text,
                    first.new_text
                )
            }
            Change::Create { path } => format!("+{}", path.display()),
            Change::Rename { from, to } => format!("{}→{}", from.display(), to.display()),
            Change::Delete { path } => format!("-{}", path.display()),
        })
        .collect();
    assert_eq!(
        kinds,
        [
            "+/root/new.rs",
            "/root/new.rs \"\"→\"fn new() {}\\n\"",
            "/root/old.rs→/root/moved.rs",
            "/root/moved.rs \"old\"→\"new\"",
            "-/root/gone.rs",
        ]
    );
}

#[test]
fn what_cannot_be_used_is_refused_as_a_whole() {
    let files = [("/root/a.rs", "ab"), ("/root/mac.rs", "a\rb")];
    let changes = |uri: &str, edits: Value| convert(json!({"changes": {uri: edits}}), &files);
    let overlap = json!([edit([0, 0], [0, 2], "x"), edit([0, 1], [0, 2], "y")]);
    let cases = [
        (changes("file:///root/a.rs", overlap), "overlap in line 1"),
        (
            changes("file:///root/none.rs", json!([edit([0, 0], [0, 0], "x")])),
            "names `/root/none.rs`, which cannot be read",
        ),
        (
            changes("untitled:one", json!([edit([0, 0], [0, 0], "x")])),
            "names `untitled:one`",
        ),
        (
            changes("file:///root/mac.rs", json!([edit([0, 0], [0, 0], "x")])),
            "lone carriage return",
        ),
        (
            changes(
                "file:///root/a.rs",
                json!(vec![edit([0, 0], [0, 0], "x"); 50_001]),
            ),
            "too large (text)",
        ),
    ];
    for (refused, expected) in cases {
        let words = refused.unwrap_err().to_string();
        assert!(words.contains(expected), "{words}");
    }
    let twice = json!({"textDocument": {"uri": "file:///root/a.rs", "version": null}, "edits": [edit([0, 0], [0, 0], "x")]});
    let refused = convert(json!({"documentChanges": [twice, twice]}), &files);
    assert!(
        matches!(refused, Err(EditError::Twice { .. })),
        "{refused:?}"
    );
}

#[test]
fn files_outside_are_named_and_their_steps_left_out() {
    let files = [("/root/a.rs", "ab")];
    let changes = convert(
        json!({"changes": {
            "file:///root/a.rs": [edit([0, 0], [0, 1], "x")],
            "file:///root/../etc/passwd": [edit([0, 0], [0, 1], "x")],
            "file:///rooted/b.rs": [edit([0, 0], [0, 1], "x")],
        }}),
        &files,
    )
    .unwrap();
    assert_eq!(changes.steps.len(), 1);
    let outside = ["/etc/passwd", "/rooted/b.rs"].map(PathBuf::from);
    assert_eq!(changes.outside, outside);
}
