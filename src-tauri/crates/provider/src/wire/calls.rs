//! Tool calls as they come together: ids that are missing or not unique, and
//! input that arrives as text.
//!
//! A call is delivered whole or not at all.

use std::collections::HashSet;
use std::sync::Arc;

use protocol::{Block, Message, ToolCall, ToolCallId};
use serde_json::{Map, Value};

use super::{Events, Fault};
use crate::StreamEvent;

/// Gives each call of one answer an id no other call of the session has:
/// some servers count from nought in each answer.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    random: fn() -> u64,
    /// Those of the history, which every attempt shares.
    before: Arc<HashSet<ToolCallId>>,
    /// Those of this answer.
    now: HashSet<ToolCallId>,
}

impl Ids {
    /// Ids from a source of random numbers, beside those of a history.
    pub(crate) fn new(random: fn() -> u64, messages: &[Message]) -> Self {
        let calls = messages.iter().flat_map(Message::tool_calls);
        Self {
            random,
            before: Arc::new(calls.map(|call| call.id.clone()).collect()),
            now: HashSet::new(),
        }
    }

    /// The server's id, or one of ours when it gave none or gave it before.
    pub(super) fn take(&mut self, given: &str) -> ToolCallId {
        let is_taken = self.before.contains(given) || self.now.contains(given);
        let id = if given.trim().is_empty() || is_taken {
            let number = self.before.len() + self.now.len();
            ToolCallId::from(format!("call_{:016x}{number}", (self.random)()))
        } else {
            ToolCallId::from(given)
        };
        self.now.insert(id.clone());
        id
    }
}

/// A call while it streams.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The server's id; may be empty.
    pub(super) id: String,
    pub(super) name: String,
    /// Input as JSON text.
    pub(super) json: String,
    /// What goes back with the call, unread.
    pub(super) opaque: Option<String>,
}

/// How the answer ended, as far as its calls are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The model was done.
    Whole,
    /// A limit cut it: what is doubtful is dropped.
    Cut,
}

/// Delivers calls in order; says how many there were.
pub(super) fn deliver(
    drafts: impl IntoIterator<Item = Draft>,
    ending: Ending,
    ids: &mut Ids,
    out: &mut Events,
) -> Result<usize, Fault> {
    let mut ready = Vec::new();
    for draft in drafts {
        if draft.name.is_empty() {
            if ending == Ending::Cut {
                continue;
            }
            return Err(Fault::broken("a tool call has no name"));
        }
        match input(&draft.json) {
            // A cut right after the name leaves no input, which is not the
            // same as an input that is meant to be empty.
            Ok(_) if ending == Ending::Cut && draft.json.trim().is_empty() => {}
            Ok(input) => ready.push((draft, input)),
            Err(_) if ending == Ending::Cut => {}
            Err(words) => return Err(malformed(&draft.name, &words)),
        }
    }
    let count = ready.len();
    for (draft, input) in ready {
        if let Some(data) = draft.opaque {
            let block = Block::RedactedThinking { data, source: None };
            out.push_back(StreamEvent::BlockDone(block));
        }
        out.push_back(StreamEvent::BlockDone(Block::ToolCall(ToolCall {
            id: ids.take(&draft.id),
            name: draft.name,
            input,
        })));
    }
    Ok(count)
}

/// The fault of a call whose input cannot be read.
pub(super) fn malformed(name: &str, words: &str) -> Fault {
    Fault::broken(format!(
        "the input for `{name}` is not a JSON object ({words})"
    ))
}

/// Input as an object. Nothing means none; some servers write the text of
/// the object as a JSON string once more.
pub(super) fn input(json: &str) -> Result<Value, String> {
    let json = json.trim();
    if json.is_empty() || json == "null" {
        return Ok(Value::Object(Map::new()));
    }
    let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text);
    match read(json) {
        Ok(input) => Ok(Value::Object(input)),
        Err(error) => serde_json::from_str::<String>(json)
            .ok()
            .and_then(|text| read(text.trim()).ok())
            .map(Value::Object)
            .ok_or_else(|| error.to_string()),
    }
}
