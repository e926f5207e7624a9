//! Codex: `rollout-*.jsonl`, each line `{timestamp, type, payload}`; older
//! files have the payload bare. The conversation is in `response_item`s.
//!
//! Left out: events (they repeat the items for a screen), encrypted
//! reasoning, and what Codex itself puts in front of each conversation.

use std::path::Path;

use protocol::{Block, Outcome, ToolCall, ToolResult};
use serde_json::Value;

use super::lines::{self, content, text};
use super::{Assembly, Conversation, Skipped, timestamp};

/// Kinds that hold no part of the conversation.
const SILENT: &[&str] = &["event_msg", "turn_context", "compacted", "state"];

/// How texts begin that Codex sends in the user's name.
const INJECTED: &[&str] = &[
    "<environment_context>",
    "<user_instructions>",
    "<permissions instructions>",
    "# AGENTS.md instructions",
];

pub(super) fn read(file: &Path, skipped: &mut Skipped) -> Option<Conversation> {
    let mut assembly = Assembly::new();
    let (mut id, mut workspace) = (String::new(), String::new());
    lines::each(file, skipped, |line, number, skipped| {
        let at_ms = line.get("timestamp").and_then(timestamp::read);
        let payload = line.get("payload").filter(|payload| payload.is_object());
        let kind = match text(line, "type") {
            "" => text(line, "record_type"),
            kind => kind,
        };
        match (kind, payload) {
            // A resumed conversation repeats the heads of those before it.
            ("session_meta", Some(meta)) if id.is_empty() => {
                text(meta, "id").clone_into(&mut id);
                text(meta, "cwd").clone_into(&mut workspace);
            }
            ("session_meta", _) => {}
            ("response_item", Some(item)) => add(&mut assembly, item, (at_ms, skipped)),
            (kind, _) if SILENT.contains(&kind) => {}
            ("", _) if number == 1 && !text(line, "id").is_empty() => {
                text(line, "id").clone_into(&mut id);
            }
            ("", _) => skipped.broken(number, "an entry without a type"),
            ("response_item", None) => skipped.broken(number, "an item without content"),
            (_, None) => add(&mut assembly, line, (at_ms, skipped)),
            (kind, Some(_)) => skipped.unknown(kind),
        }
    });
    if id.is_empty() {
        id = file.file_stem()?.to_string_lossy().into_owned();
    }
    Some(Conversation {
        id,
        title: None,
        workspace,
        messages: assembly.finish(),
    })
}

fn add(assembly: &mut Assembly, item: &Value, (at_ms, skipped): (Option<u64>, &mut Skipped)) {
    let call = |name: &str, input: Value| {
        Block::ToolCall(ToolCall {
            id: text(item, "call_id").into(),
            name: name.to_owned(),
            input,
        })
    };
    match text(item, "type") {
        "message" => message(assembly, item, at_ms),
        "reasoning" => {
            let thought = content(item.get("summary").unwrap_or(&Value::Null));
            if !thought.is_empty() {
                let block = Block::Thinking {
                    text: thought,
                    signature: None,
                    source: None,
                };
                assembly.answer(block, at_ms);
            }
        }
        "function_call" => {
            let arguments = text(item, "arguments");
            let input = serde_json::from_str(arguments)
                .unwrap_or_else(|_| serde_json::json!({ "arguments": arguments }));
            assembly.answer(call(text(item, "name"), input), at_ms);
        }
        "custom_tool_call" => {
            let input = serde_json::json!({ "input": text(item, "input") });
            assembly.answer(call(text(item, "name"), input), at_ms);
        }
        "local_shell_call" => {
            let action = item.get("action").cloned().unwrap_or_default();
            assembly.answer(call("local_shell", action), at_ms);
        }
        "function_call_output" | "custom_tool_call_output" => {
            let (output, outcome) = output(item.get("output").unwrap_or(&Value::Null));
            let call = text(item, "call_id").into();
            assembly.result(ToolResult::plain(call, outcome, output), at_ms);
        }
        kind => skipped.unknown(&format!("response_item/{kind}")),
    }
}

fn message(assembly: &mut Assembly, item: &Value, at_ms: Option<u64>) {
    let said = content(item.get("content").unwrap_or(&Value::Null));
    match text(item, "role") {
        "assistant" => assembly.answer(Block::Text { text: said }, at_ms),
        "user" => {
            let start = said.trim_start();
            if !INJECTED.iter().any(|head| start.starts_with(head)) {
                assembly.request(&said, at_ms);
            }
        }
        // System and developer messages are the other program's own.
        _ => {}
    }
}

/// A tool's output is text, parts, or a record with the text in it, which
/// can itself be written as text.
fn output(value: &Value) -> (String, Outcome) {
    let parsed = value
        .as_str()
        .filter(|text| text.starts_with('{'))
        .and_then(|text| serde_json::from_str::<Value>(text).ok());
    let record = parsed.as_ref().unwrap_or(value);
    let inner = record.get("output").or_else(|| record.get("content"));
    let failed = record.get("success") == Some(&Value::Bool(false))
        || record
            .pointer("/metadata/exit_code")
            .and_then(Value::as_i64)
            .is_some_and(|code| code != 0);
    let outcome = if failed { Outcome::Failed } else { Outcome::Ok };
    (content(inner.unwrap_or(value)), outcome)
}
