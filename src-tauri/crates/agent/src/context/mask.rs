//! Old tool output is the cheapest thing to leave out: the model can look
//! again. Calls stay, so that what was done stays known.

use std::collections::HashMap;

use protocol::{Block, Message, ToolCallId, ToolResult};

use super::is_request;

/// Output of calls older than this many requests of the person is masked
/// first, before anything is condensed.
pub const MASK_AFTER_TURNS: usize = 6;

/// Shorter output stays: a note in its place would save nothing.
const SHORT_BYTES: usize = 400;

/// Where the mask ends for a history that needs room: the index of the first
/// message whose output stays whole.
#[must_use]
pub fn masked_before(history: &[Message]) -> usize {
    history
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, message)| is_request(message))
        .map(|(index, _)| index)
        .nth(MASK_AFTER_TURNS - 1)
        .unwrap_or(0)
}

/// `messages` with the long tool output before `end` replaced by a note.
pub(super) fn masked(messages: &[Message], end: usize) -> Vec<Message> {
    let names: HashMap<&ToolCallId, &str> = messages
        .iter()
        .flat_map(Message::tool_calls)
        .map(|call| (&call.id, call.name.as_str()))
        .collect();
    messages
        .iter()
        .enumerate()
        .map(|(index, message)| {
            if index < end {
                mask(message, &names)
            } else {
                message.clone()
            }
        })
        .collect()
}

fn mask(message: &Message, names: &HashMap<&ToolCallId, &str>) -> Message {
    let blocks = message.blocks.iter().map(|block| match block {
        Block::ToolResult(result) if result.content.len() > SHORT_BYTES => {
            let name = names.get(&result.call_id).copied().unwrap_or("the tool");
            Block::ToolResult(ToolResult {
                content: format!(
                    "(Output of {name} left out, {} bytes. Call it again if it is needed.)",
                    result.content.len()
                ),
                details: None,
                ..result.clone()
            })
        }
        other => other.clone(),
    });
    Message {
        blocks: blocks.collect(),
        ..message.clone()
    }
}
