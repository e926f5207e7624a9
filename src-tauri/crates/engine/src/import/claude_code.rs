//! Claude Code: one JSON object a line; `user` and `assistant` lines carry a
//! message as the Messages API has it, one block or result a line.
//!
//! Left out: sub-agents' side conversations, the program's own notes, images
//! (a word stays), signatures of reasoning. After a rewind the file holds
//! both ways one after the other, and so does the import.

use std::path::Path;

use protocol::{Block, Outcome, ToolCall, ToolResult};
use serde_json::Value;

use super::lines::{self, content, text};
use super::{Assembly, Conversation, Skipped, timestamp};

/// Kinds that hold no part of the conversation.
const SILENT: &[&str] = &[
    "system",
    "progress",
    "attachment",
    "file-history-snapshot",
    "queue-operation",
    "permission-mode",
    "last-prompt",
    "mode",
    "agent-name",
    "tag",
    "pr-link",
];

pub(super) fn read(file: &Path, skipped: &mut Skipped) -> Option<Conversation> {
    let mut assembly = Assembly::new();
    let (mut id, mut title, mut workspace) = (String::new(), None, String::new());
    lines::each(file, skipped, |line, number, skipped| {
        if line.get("isSidechain") == Some(&Value::Bool(true)) {
            return;
        }
        keep_first(&mut id, text(line, "sessionId"));
        keep_first(&mut workspace, text(line, "cwd"));
        let at_ms = line.get("timestamp").and_then(timestamp::read);
        match text(line, "type") {
            "user" | "assistant" if line.get("message").is_none_or(|one| !one.is_object()) => {
                skipped.broken(number, "a message without content");
            }
            "user" => user(&mut assembly, line, at_ms),
            "assistant" => assistant(&mut assembly, line, (at_ms, skipped)),
            "summary" => title = Some(text(line, "summary").to_owned()),
            "custom-title" => title = Some(text(line, "customTitle").to_owned()),
            "ai-title" if title.is_none() => title = Some(text(line, "aiTitle").to_owned()),
            "ai-title" => {}
            kind if SILENT.contains(&kind) => {}
            "" => skipped.broken(number, "an entry without a type"),
            kind => skipped.unknown(kind),
        }
    });
    if id.is_empty() {
        id = file.file_stem()?.to_string_lossy().into_owned();
    }
    Some(Conversation {
        id,
        title: title.filter(|title| !title.trim().is_empty()),
        workspace,
        messages: assembly.finish(),
    })
}

fn keep_first(kept: &mut String, new: &str) {
    if kept.is_empty() {
        new.clone_into(kept);
    }
}

fn user(assembly: &mut Assembly, line: &Value, at_ms: Option<u64>) {
    let is_true = |field: &str| line.get(field) == Some(&Value::Bool(true));
    if is_true("isMeta") {
        return;
    }
    let said = line.pointer("/message/content").unwrap_or(&Value::Null);
    let mut words = Vec::new();
    for part in said
        .as_array()
        .map_or(std::slice::from_ref(said), Vec::as_slice)
    {
        match text(part, "type") {
            "tool_result" => {
                let failed = part.get("is_error") == Some(&Value::Bool(true));
                let outcome = if failed { Outcome::Failed } else { Outcome::Ok };
                let call = text(part, "tool_use_id").into();
                let output = content(part.get("content").unwrap_or(&Value::Null));
                assembly.result(ToolResult::plain(call, outcome, output), at_ms);
            }
            _ => words.push(content(&Value::Array(vec![as_part(part)]))),
        }
    }
    let words = words.join("\n");
    if is_true("isCompactSummary") {
        assembly.context(&words, at_ms);
    } else {
        assembly.request(&words, at_ms);
    }
}

fn as_part(part: &Value) -> Value {
    match part {
        Value::String(text) => serde_json::json!({ "type": "text", "text": text }),
        other => other.clone(),
    }
}

fn assistant(assembly: &mut Assembly, line: &Value, (at_ms, skipped): (Option<u64>, &mut Skipped)) {
    let said = line.pointer("/message/content").unwrap_or(&Value::Null);
    if let Value::String(text) = said {
        assembly.answer(Block::Text { text: text.clone() }, at_ms);
    }
    for part in said.as_array().into_iter().flatten() {
        let block = match text(part, "type") {
            "text" => Block::Text {
                text: text(part, "text").to_owned(),
            },
            "thinking" => Block::Thinking {
                text: text(part, "thinking").to_owned(),
                signature: None,
                source: None,
            },
            "tool_use" => Block::ToolCall(ToolCall {
                id: text(part, "id").into(),
                name: text(part, "name").to_owned(),
                input: part.get("input").cloned().unwrap_or_default(),
            }),
            // Encrypted for one model and account; worth nothing elsewhere.
            "redacted_thinking" => continue,
            kind => {
                skipped.unknown(&format!("assistant/{kind}"));
                continue;
            }
        };
        assembly.answer(block, at_ms);
    }
}
