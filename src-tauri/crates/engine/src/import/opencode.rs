//! opencode: a tree of JSON files, `session/<project>/<session>.json`,
//! `message/<session>/<message>.json`, `part/<message>/<part>.json`. A tool
//! part holds both call and result.
//!
//! Left out: sub-agents' sessions, and parts that hold no words (steps,
//! snapshots, patches). Later releases keep a database instead, which is not
//! read.

use std::path::{Path, PathBuf};

use protocol::{Block, Outcome, ToolCall, ToolResult};
use serde_json::Value;

use super::lines::{self, text};
use super::{Assembly, Conversation, Skipped, timestamp};

/// Kinds of parts that hold no words.
const SILENT: &[&str] = &[
    "step-start",
    "step-finish",
    "snapshot",
    "patch",
    "agent",
    "retry",
    "compaction",
    "subtask",
];

/// What a result says whose call never ended.
const NO_RESULT: &str = "The call did not end.";

pub(super) fn read(file: &Path, skipped: &mut Skipped) -> Option<Conversation> {
    let session = match lines::whole(file) {
        Ok(session) => session,
        Err(why) => {
            skipped.broken(0, why);
            return None;
        }
    };
    if !text(&session, "parentID").is_empty() {
        return None;
    }
    let storage = file.ancestors().nth(3)?;
    let id = match text(&session, "id") {
        "" => file.file_stem()?.to_string_lossy().into_owned(),
        id => id.to_owned(),
    };
    let mut messages = objects(&storage.join("message"), &id, skipped);
    messages.sort_by_key(|message| (created_ms(message), text(message, "id").to_owned()));
    let mut assembly = Assembly::new();
    for message in &messages {
        add(&mut assembly, (storage, message), skipped);
    }
    Some(Conversation {
        id,
        title: Some(text(&session, "title").to_owned()).filter(|title| !title.is_empty()),
        workspace: text(&session, "directory").to_owned(),
        messages: assembly.finish(),
    })
}

fn add(assembly: &mut Assembly, (storage, message): (&Path, &Value), skipped: &mut Skipped) {
    let at_ms = created_ms(message);
    let mut parts = objects(&storage.join("part"), text(message, "id"), skipped);
    parts.sort_by_key(|part| text(part, "id").to_owned());
    let is_user = text(message, "role") == "user";
    let mut results = Vec::new();
    for part in &parts {
        let is_synthetic = part.get("synthetic") == Some(&Value::Bool(true));
        let kind = text(part, "type");
        if matches!(kind, "text" | "reasoning") {
            // Words after a call come after its result.
            close(assembly, &mut results, at_ms);
        }
        match kind {
            "text" if is_user && is_synthetic => assembly.context(text(part, "text"), at_ms),
            "text" if is_user => assembly.request(text(part, "text"), at_ms),
            "text" => {
                let text = text(part, "text").to_owned();
                assembly.answer(Block::Text { text }, at_ms);
            }
            "reasoning" => {
                let text = text(part, "text").to_owned();
                let signature = None;
                assembly.answer(
                    Block::Thinking {
                        text,
                        signature,
                        source: None,
                    },
                    at_ms,
                );
            }
            "tool" => {
                let (call, result) = tool(part);
                assembly.answer(Block::ToolCall(call), at_ms);
                results.push(result);
            }
            "file" if is_user => {
                let name = text(part, "filename");
                assembly.context(&format!("[file {name}]"), at_ms);
            }
            kind if SILENT.contains(&kind) => {}
            kind => skipped.unknown(&format!("part/{kind}")),
        }
    }
    close(assembly, &mut results, at_ms);
}

fn close(assembly: &mut Assembly, results: &mut Vec<ToolResult>, at_ms: Option<u64>) {
    for result in results.drain(..) {
        assembly.result(result, at_ms);
    }
}

fn tool(part: &Value) -> (ToolCall, ToolResult) {
    let id = match text(part, "callID") {
        "" => text(part, "id"),
        id => id,
    };
    let state = part.get("state").unwrap_or(&Value::Null);
    let (outcome, output) = match text(state, "status") {
        "completed" => (Outcome::Ok, text(state, "output")),
        "error" => (Outcome::Failed, text(state, "error")),
        _ => (Outcome::Cancelled, NO_RESULT),
    };
    let call = ToolCall {
        id: id.into(),
        name: text(part, "tool").to_owned(),
        input: state.get("input").cloned().unwrap_or_default(),
    };
    (call, ToolResult::plain(id.into(), outcome, output))
}

fn created_ms(value: &Value) -> Option<u64> {
    value.pointer("/time/created").and_then(timestamp::read)
}

/// The JSON objects in a folder named by an id that a file told. An id that
/// is no plain name leads nowhere.
fn objects(parent: &Path, id: &str, skipped: &mut Skipped) -> Vec<Value> {
    let plain = !id.is_empty()
        && id
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || "_-".contains(sign));
    let Ok(entries) = std::fs::read_dir(parent.join(if plain { id } else { "-" })) else {
        return Vec::new();
    };
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    paths.sort();
    let mut objects = Vec::new();
    for path in paths {
        match lines::whole(&path) {
            Ok(object) => objects.push(object),
            Err(why) => skipped.broken(0, format!("{}: {why}", path.display())),
        }
    }
    objects
}
