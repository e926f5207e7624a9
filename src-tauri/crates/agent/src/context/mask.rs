//! Old tool output is the cheapest thing to leave out: the model can look
//! again, or ask for an old image. Calls stay, so that what was done stays known.

use std::collections::HashMap;

use protocol::{Attachment, Block, Message, ToolCallId, ToolResult};

use super::is_request;

/// Output of calls older than this many requests of the person is masked
/// first, before anything is condensed.
pub const MASK_AFTER_TURNS: usize = 6;

/// Shorter output stays: a note in its place would save nothing.
const SHORT_BYTES: usize = 400;

/// Most bytes of attachments in one request, in base64. Anthropic takes 32 MB
/// for a whole request, and the conversation needs its share.
const MAX_ATTACHED_BYTES: usize = 24 * 1024 * 1024;

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

/// `messages` with the long tool output and the attachments before `end`
/// replaced by a note.
pub(super) fn masked(messages: &[Message], end: usize) -> Vec<Message> {
    if end == 0 {
        return messages.to_vec();
    }
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

/// Leaves out the oldest attachments of messages that have too many bytes of
/// them for one request.
pub(super) fn within_bytes(mut messages: Vec<Message>) -> Vec<Message> {
    let mut left = MAX_ATTACHED_BYTES;
    let newest_first = messages.iter_mut().rev().filter(|one| has_attachments(one));
    for block in newest_first.flat_map(|message| message.blocks.iter_mut().rev()) {
        let Block::Attachment(attachment) = block else {
            continue;
        };
        left = left.saturating_sub(attachment.data.len());
        if left == 0 {
            *block = left_out(attachment);
        }
    }
    messages
}

/// `messages` with words in the place of all attachments.
pub(super) fn without_attachments(mut messages: Vec<Message>) -> Vec<Message> {
    let with_some = messages.iter_mut().filter(|one| has_attachments(one));
    for block in with_some.flat_map(|message| message.blocks.iter_mut()) {
        if let Block::Attachment(attachment) = block {
            *block = left_out(attachment);
        }
    }
    messages
}

/// Asked before a change, which would copy what the history shares.
pub(super) fn has_attachments(message: &Message) -> bool {
    message.attachments().next().is_some()
}

fn is_masked(block: &Block) -> bool {
    match block {
        Block::ToolResult(result) => result.content.len() > SHORT_BYTES,
        Block::Attachment(_) => true,
        _ => false,
    }
}

fn left_out(attachment: &Attachment) -> Block {
    let text = format!(
        "(Here was {}, left out to save room. Ask for it again if it is needed.)",
        attachment.in_words()
    );
    Block::Text { text }
}

fn mask(message: &Message, names: &HashMap<&ToolCallId, &str>) -> Message {
    if !message.blocks.iter().any(is_masked) {
        return message.clone();
    }
    let blocks = message.blocks.iter().map(|block| match block {
        Block::ToolResult(result) if is_masked(block) => {
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
        Block::Attachment(attachment) => left_out(attachment),
        other => other.clone(),
    });
    Message {
        blocks: blocks.collect(),
        ..message.clone()
    }
}
