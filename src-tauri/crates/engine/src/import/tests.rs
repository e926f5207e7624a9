#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use protocol::Outcome;
use serde_json::{Value, json};

use super::*;

fn write(folder: &Path, name: &str, lines: &[String]) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, lines.join("\n")).unwrap();
    path
}

fn lines_of(values: &[Value]) -> Vec<String> {
    values.iter().map(Value::to_string).collect()
}

/// One line a message: who, and what is in it.
fn shown(messages: &[Message]) -> Vec<String> {
    messages
        .iter()
        .map(|message| {
            let who = match (message.role, message.origin) {
                (Role::Assistant, _) => "assistant",
                (_, Origin::Program) => "program",
                _ => "user",
            };
            let blocks: Vec<String> = message.blocks.iter().map(block).collect();
            format!("{who}: {}", blocks.join(" | "))
        })
        .collect()
}

fn block(block: &Block) -> String {
    match block {
        Block::Text { text } => text.clone(),
        Block::Thinking { text, .. } => format!("({text})"),
        Block::ToolCall(call) => format!("{}→{} {}", call.id, call.name, call.input),
        Block::ToolResult(result) => {
            format!("{}←{:?} {}", result.call_id, result.outcome, result.content)
        }
        _ => "?".into(),
    }
}

#[test]
fn times_are_read_as_logs_write_them() {
    for (text, expected) in [
        ("1970-01-01T00:00:00Z", Some(0)),
        ("2025-12-08T00:37:46.102Z", Some(1_765_154_266_102)),
        ("2025-12-08T00:37:46Z", Some(1_765_154_266_000)),
        ("2025-12-08T01:37:46.1+01:00", Some(1_765_154_266_100)),
        ("2024-02-29T12:00:00.123456Z", Some(1_709_208_000_123)),
        ("2025-12-08", None),
        ("2025-13-08T00:37:46Z", None),
        ("yesterday, at about noon", None),
        ("", None),
        ("äöüäöüäöüäöüäöü", None),
    ] {
        assert_eq!(timestamp::parse(text), expected, "{text}");
    }
    assert_eq!(
        timestamp::read(&json!(1_700_000_000_000_u64)),
        Some(1_700_000_000_000)
    );
}

/// A log with every kind of line; two of them are broken.
fn claude_code_log() -> Vec<String> {
    let at = |second: u32| format!("2025-12-08T00:37:{second:02}.000Z");
    let line = |kind: &str, second: u32, content: Value| {
        json!({
            "type": kind, "sessionId": "abc", "cwd": "/home/ada/project", "timestamp": at(second),
            "isSidechain": false, "message": { "role": kind, "content": content },
        })
    };
    let mut values = vec![
        json!({ "type": "summary", "summary": "Fix the parser" }),
        json!({ "type": "file-history-snapshot", "snapshot": {} }),
        line("user", 1, json!("Please fix it.")),
        line(
            "assistant",
            2,
            json!([{ "type": "thinking", "thinking": "hm", "signature": "x" }]),
        ),
        line(
            "assistant",
            3,
            json!([{ "type": "text", "text": "I look." }]),
        ),
        line(
            "assistant",
            4,
            json!([{ "type": "tool_use", "id": "t1", "name": "Bash", "input": { "command": "ls" } }]),
        ),
        line(
            "assistant",
            4,
            json!([{ "type": "tool_use", "id": "t2", "name": "Read", "input": {} }]),
        ),
        line(
            "user",
            5,
            json!([{ "type": "tool_result", "tool_use_id": "t1", "content": "a.rs" }]),
        ),
        line(
            "user",
            5,
            json!([{ "type": "tool_result", "tool_use_id": "t2", "is_error": true,
            "content": [{ "type": "text", "text": "gone" }] }]),
        ),
        line(
            "assistant",
            6,
            json!([{ "type": "text", "text": "Done." }, { "type": "hologram" }]),
        ),
        line(
            "user",
            7,
            json!([{ "type": "text", "text": "And this?" }, { "type": "image", "source": {} }]),
        ),
        json!({ "type": "telepathy", "sessionId": "abc" }),
        json!({ "type": "user", "sessionId": "abc" }),
    ];
    let mut side = line("user", 8, json!("side"));
    side["isSidechain"] = json!(true);
    let mut meta = line("user", 8, json!("meta"));
    meta["isMeta"] = json!(true);
    values.extend([side, meta]);
    let mut lines = lines_of(&values);
    lines.push("{\"type\":\"user\",\"mess".into());
    lines
}

#[test]
fn a_claude_code_conversation_becomes_a_valid_history() {
    let folder = tempfile::tempdir().unwrap();
    let lines = claude_code_log();
    let path = write(folder.path(), "-home-ada/abc.jsonl", &lines);
    write(folder.path(), "-home-ada/agent-1.jsonl", &lines);

    let found = files(ImportSource::ClaudeCode, folder.path()).unwrap();
    assert_eq!(found, [path]);
    let reading = read(ImportSource::ClaudeCode, &found[0]);
    let conversation = reading.conversation.unwrap();
    assert_eq!(conversation.id, "abc");
    assert_eq!(conversation.title.as_deref(), Some("Fix the parser"));
    assert_eq!(conversation.workspace, "/home/ada/project");
    assert_eq!(
        shown(&conversation.messages),
        [
            "user: Please fix it.",
            "assistant: (hm) | I look. | t1→Bash {\"command\":\"ls\"} | t2→Read {}",
            "program: t1←Ok a.rs | t2←Failed gone",
            "assistant: Done.",
            "user: And this?\n[image]",
        ]
    );
    let skipped = reading.skipped.unwrap();
    let unknown: Vec<_> = skipped.unknown.keys().map(String::as_str).collect();
    assert_eq!(unknown, ["assistant/hologram", "telepathy"]);
    assert_eq!(skipped.broken_count, 2);
    assert_eq!(
        skipped.broken.iter().map(|one| one.0).collect::<Vec<_>>(),
        [13, 16]
    );
}

#[test]
fn a_codex_conversation_of_either_age_becomes_a_valid_history() {
    let message = |role: &str, text: &str| json!({ "type": "message", "role": role, "content": [{ "type": "input_text", "text": text }] });
    let items = [
        message("user", "<environment_context>\n</environment_context>"),
        message("developer", "rules"),
        message("user", "List it."),
        json!({ "type": "reasoning", "summary": [{ "type": "summary_text", "text": "hm" }], "encrypted_content": "x" }),
        json!({ "type": "function_call", "name": "shell", "arguments": "{\"command\":[\"ls\"]}", "call_id": "c1" }),
        json!({ "type": "function_call_output", "call_id": "c1",
            "output": "{\"output\":\"boom\",\"metadata\":{\"exit_code\":2}}" }),
        json!({ "type": "custom_tool_call", "name": "apply_patch", "input": "*** Begin", "call_id": "c2" }),
        json!({ "type": "custom_tool_call_output", "call_id": "c2", "output": "Success" }),
        json!({ "type": "function_call", "name": "wait", "arguments": "not json", "call_id": "c3" }),
        json!({ "type": "ghost_snapshot" }),
        message("assistant", "Done."),
    ];
    let wrapped = items.iter().map(|item| {
        json!({ "timestamp": "2025-12-08T00:37:46.102Z", "type": "response_item", "payload": item })
    });
    let head = json!({ "timestamp": "2025-12-08T00:37:46.102Z", "type": "session_meta",
        "payload": { "id": "new", "cwd": "/w" } });
    let event = json!({ "type": "event_msg", "payload": { "type": "user_message", "message": "List it." } });
    let new: Vec<Value> = [head, event].into_iter().chain(wrapped).collect();
    let old_head =
        json!({ "id": "old", "timestamp": "2025-08-08T00:37:46.102Z", "instructions": null });
    let state = json!({ "record_type": "state" });
    let old: Vec<Value> = [old_head, state].into_iter().chain(items.clone()).collect();

    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "2025/12/08/rollout-2.jsonl", &lines_of(&new));
    write(folder.path(), "2025/08/08/rollout-1.jsonl", &lines_of(&old));
    write(folder.path(), "2025/08/08/other.jsonl", &lines_of(&old));
    let found = files(ImportSource::Codex, folder.path()).unwrap();
    assert_eq!(found.len(), 2);
    for (file, id, workspace) in [(&found[0], "old", ""), (&found[1], "new", "/w")] {
        let reading = read(ImportSource::Codex, file);
        let conversation = reading.conversation.unwrap();
        assert_eq!(
            (conversation.id.as_str(), conversation.workspace.as_str()),
            (id, workspace)
        );
        assert_eq!(
            shown(&conversation.messages),
            [
                "user: List it.",
                "assistant: (hm) | c1→shell {\"command\":[\"ls\"]}",
                "program: c1←Failed boom",
                "assistant: c2→apply_patch {\"input\":\"*** Begin\"}",
                "program: c2←Ok Success",
                "assistant: c3→wait {\"arguments\":\"not json\"} | Done.",
            ]
        );
        let skipped = reading.skipped.unwrap();
        assert_eq!(skipped.unknown.len(), 1, "{skipped:?}");
        assert_eq!(skipped.broken_count, 0, "{skipped:?}");
    }
}

/// A session with a request and an answer, and one of a sub-agent.
fn opencode_tree(folder: &Path) -> PathBuf {
    let put = |name: &str, value: Value| write(folder, name, &[value.to_string()]);
    let file = put(
        "session/p1/ses_1.json",
        json!({ "id": "ses_1", "title": "Fix", "directory": "/w", "time": { "created": 5 } }),
    );
    put(
        "session/p1/ses_2.json",
        json!({ "id": "ses_2", "parentID": "ses_1" }),
    );
    put(
        "message/ses_1/msg_b.json",
        json!({ "id": "msg_b", "role": "assistant", "time": { "created": 20 } }),
    );
    put(
        "message/ses_1/msg_a.json",
        json!({ "id": "msg_a", "role": "user", "time": { "created": 10 } }),
    );
    put("message/ses_1/msg_c.json", json!("{"));
    put(
        "part/msg_a/prt_1.json",
        json!({ "id": "prt_1", "type": "text", "text": "Do it." }),
    );
    put(
        "part/msg_a/prt_2.json",
        json!({ "id": "prt_2", "type": "text", "text": "<file>", "synthetic": true }),
    );
    put(
        "part/msg_b/prt_1.json",
        json!({ "id": "prt_1", "type": "step-start" }),
    );
    put(
        "part/msg_b/prt_2.json",
        json!({ "id": "prt_2", "type": "reasoning", "text": "hm" }),
    );
    put(
        "part/msg_b/prt_3.json",
        json!({ "id": "prt_3", "type": "tool", "callID": "c1", "tool": "bash",
        "state": { "status": "completed", "input": { "command": "ls" }, "output": "a" } }),
    );
    put(
        "part/msg_b/prt_4.json",
        json!({ "id": "prt_4", "type": "tool", "callID": "c2", "tool": "read",
        "state": { "status": "running", "input": {} } }),
    );
    put(
        "part/msg_b/prt_5.json",
        json!({ "id": "prt_5", "type": "text", "text": "Done." }),
    );
    put(
        "part/msg_b/prt_6.json",
        json!({ "id": "prt_6", "type": "hologram" }),
    );
    std::fs::write(folder.join("message/ses_1/msg_d.json"), "{").unwrap();
    file
}

#[test]
fn an_opencode_conversation_becomes_a_valid_history() {
    let folder = tempfile::tempdir().unwrap();
    let file = opencode_tree(folder.path());
    let found = files(ImportSource::OpenCode, folder.path()).unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0], file);
    let reading = read(ImportSource::OpenCode, &file);
    let conversation = reading.conversation.unwrap();
    assert_eq!(conversation.title.as_deref(), Some("Fix"));
    assert_eq!(
        shown(&conversation.messages),
        [
            "user: Do it.",
            "program: <file>",
            "assistant: (hm) | c1→bash {\"command\":\"ls\"} | c2→read {}",
            "program: c1←Ok a | c2←Cancelled The call did not end.",
            "assistant: Done.",
        ]
    );
    let times: Vec<u64> = conversation
        .messages
        .iter()
        .map(|one| one.created_ms)
        .collect();
    assert_eq!(times, [10, 10, 20, 20, 20]);
    let skipped = reading.skipped.unwrap();
    assert_eq!(skipped.broken_count, 1);
    assert_eq!(
        skipped.unknown.keys().collect::<Vec<_>>(),
        ["part/hologram"]
    );
    assert!(
        read(ImportSource::OpenCode, &found[1])
            .conversation
            .is_none()
    );
}

#[test]
fn ids_in_files_lead_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, value: Value| write(folder.path(), name, &[value.to_string()]);
    put(
        "secret/msg_a.json",
        json!({ "id": "msg_a", "role": "user" }),
    );
    put(
        "part/msg_a/prt_1.json",
        json!({ "id": "prt_1", "type": "text", "text": "secret" }),
    );
    for id in ["../secret", "/etc", "..", "."] {
        let file = put("session/p1/ses_1.json", json!({ "id": id }));
        assert!(
            read(ImportSource::OpenCode, &file).conversation.is_none(),
            "{id}"
        );
    }
}

#[test]
fn files_that_make_no_sense_are_named_and_harm_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for (source, name) in [
        (ImportSource::ClaudeCode, "a.jsonl"),
        (ImportSource::Codex, "rollout-a.jsonl"),
        (ImportSource::OpenCode, "session/p/ses_a.json"),
    ] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        for content in [
            &b"\xff\xfe\x00broken\n"[..],
            b"null\n[]\n1\n\"x\"\n",
            b"{}\n{}\n",
            b"{\"type\":\"user\",\"message\":{\"content\":[null,1,[],{\"type\":1}]}}\n",
            b"{\"type\":\"response_item\",\"payload\":{\"type\":\"message\",\"role\":\"user\",\"content\":[7]}}\n",
            b"",
        ] {
            std::fs::write(&path, content).unwrap();
            let reading = read(source, &path);
            assert!(reading.skipped.is_some() || content.len() != 13, "{name}");
        }
        std::fs::remove_file(&path).unwrap();
        assert!(read(source, &path).skipped.is_some());
    }
    let missing = files(ImportSource::Codex, &folder.path().join("none")).unwrap_err();
    assert_eq!(missing.kind, ErrorKind::NotFound);
}

#[test]
fn a_result_whose_outcome_is_lost_is_made_up_for() {
    let folder = tempfile::tempdir().unwrap();
    let items = [
        json!({ "type": "message", "role": "user", "content": "Go." }),
        json!({ "type": "function_call", "name": "a", "arguments": "{}", "call_id": "c1" }),
        json!({ "type": "message", "role": "user", "content": "Again." }),
        json!({ "type": "function_call_output", "call_id": "c1", "output": "late" }),
    ];
    let path = write(folder.path(), "rollout-1.jsonl", &lines_of(&items));
    let messages = read(ImportSource::Codex, &path)
        .conversation
        .unwrap()
        .messages;
    assert!(matches!(
        &messages[2].blocks[0],
        Block::ToolResult(result) if result.outcome == Outcome::Cancelled
    ));
    assert_eq!(messages.len(), 4);
}
