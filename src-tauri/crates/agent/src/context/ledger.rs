//! What stands for the condensed part of a session. Everything that must not
//! be lost is taken from the history word for word by the program; only the
//! state of the work is told by a model, where there is one.

use std::collections::{BTreeMap, HashMap, HashSet};

use protocol::{Attachment, Block, Message, MessageId, Outcome, ToolCall, ToolCallId};
use serde_json::Value;

use super::is_request;

/// Failures worth remembering; older ones were overcome or forgotten.
const FAILURES: usize = 12;

/// Bytes of one failure.
const FAILURE_BYTES: usize = 300;

/// Files named; a longer list helps nobody.
const FILES: usize = 120;

/// What a ledger is made from.
#[derive(Clone, Copy)]
pub struct Material<'a> {
    /// The whole history, oldest first.
    pub history: &'a [Message],
    /// Index of the first message that stays.
    pub cut: usize,
    /// Messages the user pinned.
    pub pinned: &'a HashSet<MessageId>,
    /// Whether a call of this tool may change files.
    pub changes: &'a dyn Fn(&ToolCall) -> bool,
    /// The todo list as the `todo` tool left it.
    pub todos: &'a Value,
}

/// The condensed part, in its sections.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    requests: Vec<String>,
    pinned: Vec<String>,
    read: Vec<String>,
    changed: Vec<String>,
    todos: Vec<String>,
    failures: Vec<String>,
}

impl Ledger {
    /// Takes from the material what must be kept.
    #[must_use]
    pub fn of(material: &Material<'_>) -> Self {
        let condensed = &material.history[..material.cut.min(material.history.len())];
        let requests = condensed.iter().filter(|message| is_request(message));
        let pinned = condensed
            .iter()
            .filter(|message| material.pinned.contains(&message.id) && !is_request(message));
        let (read, changed) = files(condensed, material.changes);
        Self {
            requests: requests.map(asked).collect(),
            pinned: pinned.map(whole).collect(),
            read,
            changed,
            todos: todos(material.todos),
            failures: failures(condensed),
        }
    }

    /// The text a model reads in place of the condensed messages; `state` is
    /// what a model wrote about the work so far.
    #[must_use]
    pub fn render(&self, state: &str) -> String {
        let mut text = String::from(
            "(The earlier part of this session, condensed by the program. Requests and pinned messages are word for word.)\n",
        );
        numbered(&mut text, "What the user said, in order", &self.requests);
        numbered(&mut text, "Pinned", &self.pinned);
        if !state.trim().is_empty() {
            text.push_str("\n## Where the work stands\n\n");
            text.push_str(state.trim());
            text.push('\n');
        }
        listed(&mut text, "Files changed", &self.changed);
        listed(&mut text, "Files read", &self.read);
        listed(&mut text, "Todo list", &self.todos);
        listed(&mut text, "What failed", &self.failures);
        text
    }
}

fn numbered(text: &mut String, title: &str, entries: &[String]) {
    if entries.is_empty() {
        return;
    }
    text.push_str(&format!("\n## {title}\n"));
    for (index, entry) in entries.iter().enumerate() {
        text.push_str(&format!("\n{}. {entry}\n", index + 1));
    }
}

fn listed(text: &mut String, title: &str, entries: &[String]) {
    if entries.is_empty() {
        return;
    }
    text.push_str(&format!("\n## {title}\n\n"));
    for entry in entries {
        text.push_str(&format!("- {entry}\n"));
    }
}

/// What the user said, with the names of what went along.
fn asked(message: &Message) -> String {
    let files = message.attachments().map(attached);
    let text = Some(message.text()).filter(|text| !text.is_empty());
    files.chain(text).collect::<Vec<_>>().join(" ")
}

fn attached(attachment: &Attachment) -> String {
    format!("({} was attached.)", attachment.in_words())
}

/// A pinned message with what its tools said.
fn whole(message: &Message) -> String {
    let parts = message.blocks.iter().filter_map(|block| match block {
        Block::Text { text } => Some(text.clone()),
        Block::ToolResult(result) => Some(result.content.clone()),
        Block::ToolCall(call) => Some(format!("{} {}", call.name, call.input)),
        Block::Attachment(attachment) => Some(attached(attachment)),
        Block::Thinking { .. } | Block::RedactedThinking { .. } => None,
    });
    parts.collect::<Vec<_>>().join("\n")
}

/// Paths of calls that went well: those only read, and those changed.
fn files(messages: &[Message], changes: &dyn Fn(&ToolCall) -> bool) -> (Vec<String>, Vec<String>) {
    let mut seen: BTreeMap<&str, bool> = BTreeMap::new();
    for (call, outcome) in answered(messages) {
        if let Some(path) = call.input.get("path").and_then(Value::as_str)
            && outcome == Outcome::Ok
        {
            *seen.entry(path).or_default() |= changes(call);
        }
    }
    let of = |changed: bool| {
        let paths = seen.iter().filter(|(_, was)| **was == changed);
        paths
            .map(|(path, _)| format!("`{path}`"))
            .take(FILES)
            .collect()
    };
    (of(false), of(true))
}

fn todos(list: &Value) -> Vec<String> {
    let entries = list.as_array().into_iter().flatten();
    entries
        .filter_map(|entry| {
            let state = entry.get("state")?.as_str()?;
            let text = entry.get("text")?.as_str()?;
            Some(format!("[{state}] {text}"))
        })
        .collect()
}

/// What failed or was refused, the newest last.
fn failures(messages: &[Message]) -> Vec<String> {
    let mut failed: Vec<String> = messages
        .iter()
        .flat_map(|message| &message.blocks)
        .filter_map(|block| match block {
            Block::ToolResult(result)
                if matches!(result.outcome, Outcome::Failed | Outcome::Denied) =>
            {
                Some(shortened(&result.content))
            }
            _ => None,
        })
        .collect();
    failed.drain(..failed.len().saturating_sub(FAILURES));
    failed
}

/// The calls that have a result, with how they ended.
fn answered(messages: &[Message]) -> Vec<(&ToolCall, Outcome)> {
    let outcomes: HashMap<&ToolCallId, Outcome> = messages
        .iter()
        .flat_map(|message| &message.blocks)
        .filter_map(|block| match block {
            Block::ToolResult(result) => Some((&result.call_id, result.outcome)),
            _ => None,
        })
        .collect();
    messages
        .iter()
        .flat_map(Message::tool_calls)
        .filter_map(|call| Some((call, *outcomes.get(&call.id)?)))
        .collect()
}

fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = line
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take_while(|end| *end <= FAILURE_BYTES)
        .last()
        .unwrap_or(0);
    let mut short = line[..end].to_owned();
    if end < line.len() {
        short.push('…');
    }
    short
}
