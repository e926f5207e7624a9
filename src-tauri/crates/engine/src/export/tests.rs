#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use protocol::{Origin, PermissionMode, SessionState, SessionSummary, Usage};
use serde_json::{Value, json};

use super::*;

fn view(blocks: Vec<(Role, Block)>) -> SessionView {
    let messages: Vec<Message> = blocks
        .into_iter()
        .enumerate()
        .map(|(index, (role, block))| Message {
            id: format!("m{index}").into(),
            turn_id: "t".into(),
            role,
            origin: Origin::Typed,
            blocks: vec![block].into(),
            created_ms: 5,
        })
        .collect();
    SessionView {
        summary: SessionSummary {
            id: "s1".into(),
            title: "Fix <b>it</b> & \"more\"".into(),
            workspace: "/home/ada/project".into(),
            state: SessionState::Idle,
            created_ms: 1_765_000_000_000,
            updated_ms: 1_765_000_000_001,
            message_count: messages.len() as u64,
        },
        messages,
        older: None,
        unreadable: None,
        mode: PermissionMode::Ask,
        undercover: false,
        running: false,
        permissions: Vec::new(),
        questions: Vec::new(),
        todos: Value::Null,
        usage: Usage::default(),
        last_seq: 0,
    }
}

fn said(text: &str) -> Block {
    Block::Text { text: text.into() }
}

fn call(input: Value) -> Block {
    Block::ToolCall(ToolCall {
        id: "c1".into(),
        name: "bash".into(),
        input,
    })
}

fn result(content: &str) -> Block {
    Block::ToolResult(ToolResult::plain("c1".into(), Outcome::Failed, content))
}

fn talk() -> SessionView {
    view(vec![
        (Role::User, said("Run it.")),
        (
            Role::Assistant,
            said("I run **it**.\n```rust\nfn a() {}\n```\nDone."),
        ),
        (Role::Assistant, call(json!({ "command": "echo '```'" }))),
        (Role::User, result("```\nboom\n````\n")),
    ])
}

#[test]
fn markdown_keeps_what_was_said_and_fences_what_ran() {
    let text = export(&talk(), ExportFormat::Markdown).unwrap();
    assert_eq!(
        text,
        "# Fix <b>it</b> & \"more\"\n\n/home/ada/project · 2025-12-06 · 4 messages\n\
         \n## You\n\nRun it.\n\
         \n## Familiar\n\nI run **it**.\n```rust\nfn a() {}\n```\nDone.\n\
         \n## Familiar\n\n**bash**\n\n````\necho '```'\n````\n\
         \nFailed\n\n`````\n```\nboom\n````\n`````\n"
    );
}

#[test]
fn json_is_versioned_and_gives_back_every_message() {
    let view = talk();
    let value: Value = serde_json::from_str(&export(&view, ExportFormat::Json).unwrap()).unwrap();
    assert_eq!(value["format"], "familiar-session");
    assert_eq!(value["version"], 1);
    assert_eq!(
        value["session"],
        json!({
            "id": "s1", "title": "Fix <b>it</b> & \"more\"", "workspace": "/home/ada/project",
            "created_ms": 1_765_000_000_000_u64, "updated_ms": 1_765_000_000_001_u64,
        })
    );
    let messages: Vec<Message> = serde_json::from_value(value["messages"].clone()).unwrap();
    assert_eq!(messages, view.messages);
    let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["format", "version", "session", "usage", "messages"]);
}

#[test]
fn html_holds_no_markup_but_its_own() {
    let nasty = "</pre><script>alert(1)</script><img src=x onerror=\"y\" a='b'>&amp;\u{0}";
    let view = view(vec![
        (Role::User, said(nasty)),
        (Role::Assistant, said(&format!("```{nasty}\n{nasty}\n```"))),
        (
            Role::Assistant,
            Block::Thinking {
                text: nasty.into(),
                signature: None,
                source: None,
            },
        ),
        (Role::Assistant, call(json!({ nasty: nasty, "b": 1 }))),
        (Role::User, result(nasty)),
    ]);
    let text = export(&view, ExportFormat::Html).unwrap();
    assert!(!text.contains("<script"), "{text}");
    assert!(!text.contains("<img"), "{text}");
    assert!(!text.contains('\u{0}'));
    let mut tags: Vec<&str> = text
        .split('<')
        .skip(1)
        .map(|piece| piece.split(['>', ' ', '\n']).next().unwrap())
        .filter(|tag| !tag.starts_with('/'))
        .collect();
    tags.sort_unstable();
    tags.dedup();
    assert_eq!(
        tags,
        [
            "!doctype", "article", "body", "details", "div", "h1", "h2", "head", "header", "html",
            "main", "meta", "p", "pre", "strong", "style", "summary", "title"
        ]
    );
    assert!(text.contains("prefers-color-scheme: dark"));
}

#[test]
fn html_shows_code_apart_from_words() {
    let text = export(&talk(), ExportFormat::Html).unwrap();
    assert!(text.contains("<div class=\"said\">I run **it**.</div>\n<pre>fn a() {}</pre>\n<div class=\"said\">Done.</div>"), "{text}");
    assert!(text.contains("<summary>Failed</summary>"), "{text}");
}

#[test]
fn a_file_is_written_whole_and_never_over_another_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.md");
    save_export(&path, "one", Overwrite::Refuse).unwrap();
    let refused = save_export(&path, "two", Overwrite::Refuse).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Usage);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
    save_export(&path, "two", Overwrite::Allow).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
    let nowhere = folder.path().join("none").join("session.md");
    let failed = save_export(&nowhere, "x", Overwrite::Refuse).unwrap_err();
    assert_eq!(failed.kind, ErrorKind::Disk);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_title_makes_a_file_name() {
    let cases = [
        ("Fix the parser: timeouts!", "fix-the-parser-timeouts.md"),
        ("../../etc/passwd", "etc-passwd.md"),
        ("Größe ändern", "größe-ändern.md"),
        ("…", "session.md"),
    ];
    for (title, expected) in cases {
        assert_eq!(super::export_name(title, ExportFormat::Markdown), expected);
    }
}
