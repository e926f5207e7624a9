#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::door::{Door, assert_says};

/// A text of three lines with `two` in the middle, in some form.
fn forms() -> Vec<(String, Vec<u8>)> {
    let mut forms = Vec::new();
    for (ends, end) in [("lf", "\n"), ("crlf", "\r\n")] {
        for (last, closing) in [("closed", end), ("open", "")] {
            let text = format!("é one{end}two{end}three{closing}");
            let name = |coding: &str| format!("{coding}-{ends}-{last}.txt");
            let units = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
                text.encode_utf16().flat_map(unit).collect()
            };
            let latin: Vec<u8> = text
                .chars()
                .map(|c| u8::try_from(u32::from(c)).unwrap())
                .collect();
            let marked = |mark: &[u8], rest: Vec<u8>| [mark, &rest].concat();
            forms.push((name("utf8"), text.clone().into_bytes()));
            forms.push((
                name("utf8-bom"),
                marked(b"\xef\xbb\xbf", text.clone().into_bytes()),
            ));
            forms.push((
                name("utf16le"),
                marked(b"\xff\xfe", units(u16::to_le_bytes)),
            ));
            forms.push((
                name("utf16be"),
                marked(b"\xfe\xff", units(u16::to_be_bytes)),
            ));
            forms.push((name("latin"), latin));
        }
    }
    forms
}

/// Replaces the bytes of `two` by those of `2` in the same encoding.
fn expected(name: &str, bytes: &[u8]) -> Vec<u8> {
    let wide = |text: &str| -> Vec<u8> {
        let unit: fn(u16) -> [u8; 2] = if name.contains("utf16be") {
            u16::to_be_bytes
        } else {
            u16::to_le_bytes
        };
        text.encode_utf16().flat_map(unit).collect()
    };
    let (old, new) = if name.contains("utf16") {
        (wide("two"), wide("2"))
    } else {
        (b"two".to_vec(), b"2".to_vec())
    };
    let at = bytes
        .windows(old.len())
        .position(|window| window == old)
        .unwrap();
    [&bytes[..at], &new, &bytes[at + old.len()..]].concat()
}

/// How each tool is told to make the same change.
fn inputs(name: &str) -> Vec<(&'static str, Value)> {
    let patch =
        format!("*** Begin Patch\n*** Update File: {name}\n@@\n é one\n-two\n+2\n*** End Patch");
    vec![
        (
            "edit",
            json!({"path": name, "old_text": "two", "new_text": "2"}),
        ),
        (
            "multi_edit",
            json!({"path": name, "edits": [{"old_text": "two", "new_text": "2"}]}),
        ),
        ("apply_patch", json!({ "patch": patch })),
    ]
}

#[tokio::test]
async fn only_the_changed_bytes_change() {
    for (name, bytes) in forms() {
        for (tool, input) in inputs(&name) {
            changes_alone(&name, &bytes, tool, &input, 0o644).await;
            changes_alone(&name, &bytes, tool, &input, 0o755).await;
        }
    }
}

async fn changes_alone(name: &str, bytes: &[u8], tool: &str, input: &Value, mode: u32) {
    let door = Door::new();
    let path = door.put(name, bytes);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    door.ok(tool, input.clone()).await;
    let now = std::fs::read(&path).unwrap();
    assert_eq!(now, expected(name, bytes), "{tool} {name}");
    let now = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(now, mode, "{tool} {name}");
}

#[tokio::test]
async fn a_file_written_anew_keeps_its_form() {
    for (name, bytes) in forms() {
        let door = Door::new();
        let path = door.put(&name, &bytes);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o750)).unwrap();
        door.ok("read", json!({ "path": name })).await;
        let end = if name.contains("closed") { "\n" } else { "" };
        let content = format!("é one\n2\nthree{end}");
        door.ok("write", json!({"path": name, "content": content}))
            .await;
        assert_eq!(
            std::fs::read(&path).unwrap(),
            expected(&name, &bytes),
            "{name}"
        );
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o750, "{name}");
    }
}

#[tokio::test]
async fn a_character_the_encoding_lacks_is_told() {
    let door = Door::new();
    let bytes = b"caf\xe9 one\n";
    door.put("latin.txt", bytes);
    door.ok("read", json!({"path": "latin.txt"})).await;
    for (tool, input) in [
        (
            "edit",
            json!({"path": "latin.txt", "old_text": "one", "new_text": "→"}),
        ),
        ("write", json!({"path": "latin.txt", "content": "café →\n"})),
    ] {
        assert_says(&door.failed(tool, input).await, &["windows-1252", "`→`"]);
        assert_eq!(
            std::fs::read(door.workspace.join("latin.txt")).unwrap(),
            bytes
        );
    }
}

#[tokio::test]
async fn what_is_no_text_is_not_changed() {
    let door = Door::new();
    let halves = b"\xff\xfeo\0n\0e\0\x00\xd8\n\0";
    door.put("half.txt", halves);
    door.put("bin", b"one\0");
    for (name, words) in [
        ("half.txt", "no text in UTF-16 LE"),
        ("bin", "not text but binary data"),
    ] {
        let before = std::fs::read(door.workspace.join(name)).unwrap();
        let input = json!({"path": name, "old_text": "one", "new_text": "1"});
        assert_says(&door.failed("edit", input).await, &[words]);
        assert_eq!(std::fs::read(door.workspace.join(name)).unwrap(), before);
    }
}
