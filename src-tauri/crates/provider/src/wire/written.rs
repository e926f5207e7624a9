//! What of a conversation is written already. Every step of a turn sends all
//! of it again, and only its end is new.

use protocol::{Block, Blocks, Message, Role};
use serde::Serialize;

use super::history::is_blank;
use crate::Request;

/// How many rounds of calls at the end are written anew each time. Encoders
/// treat the end of a conversation in ways of their own; none looks further
/// back than the last two user messages, which Anthropic's marks are on.
const FRESH_ROUNDS: usize = 3;

/// The beginning of a conversation as it was last written.
#[derive(Debug)]
pub(crate) struct Written {
    keeps: bool,
    model: String,
    /// Held, so that an address stands for one content as long as it is here.
    messages: Vec<Blocks>,
    /// Their elements of the wire's array.
    items: Vec<u8>,
}

/// A body without its messages.
pub(super) struct Frame {
    /// All other fields, at least one.
    pub(super) head: Vec<u8>,
    /// Name of the array of messages.
    pub(super) field: &'static str,
    /// Elements before the conversation's own.
    pub(super) lead: Vec<u8>,
}

/// A part of a conversation to be written.
pub(super) struct Part<'a> {
    pub(super) messages: &'a [Message],
    /// Nothing follows.
    pub(super) is_end: bool,
}

impl Written {
    /// For one conversation that goes on.
    pub(crate) fn kept() -> Self {
        Self {
            keeps: true,
            model: String::new(),
            messages: Vec::new(),
            items: Vec::new(),
        }
    }

    /// For a request that nothing follows.
    pub(crate) fn once() -> Self {
        Self {
            keeps: false,
            ..Self::kept()
        }
    }

    /// The whole body. `write` gives a part's elements, the same ones whatever
    /// comes before the part.
    pub(super) fn body(
        &mut self,
        request: &Request,
        frame: &Frame,
        write: impl Fn(&Part<'_>) -> Vec<u8>,
    ) -> Vec<u8> {
        let at = self.take_up(request, &write);
        let fresh = write(&Part {
            messages: &request.messages[at..],
            is_end: true,
        });
        let items: Vec<&[u8]> = [&frame.lead, &self.items, &fresh]
            .into_iter()
            .map(Vec::as_slice)
            .filter(|items| !items.is_empty())
            .collect();
        let head = frame.head.strip_suffix(b"}").unwrap_or(&frame.head);
        let length = head.len() + items.iter().map(|items| items.len()).sum::<usize>();
        let mut body = Vec::with_capacity(length + frame.field.len() + 16);
        body.extend_from_slice(head);
        body.extend_from_slice(format!(",\"{}\":[", frame.field).as_bytes());
        for (number, items) in items.into_iter().enumerate() {
            if number > 0 {
                body.push(b',');
            }
            body.extend_from_slice(items);
        }
        body.extend_from_slice(b"]}");
        body
    }

    /// Writes what became old since the last time; gives where the rest
    /// begins.
    fn take_up(&mut self, request: &Request, write: impl Fn(&Part<'_>) -> Vec<u8>) -> usize {
        if !self.keeps {
            return 0;
        }
        let seam = seam(&request.messages);
        if !self.begins(request, seam) {
            self.model.clone_from(&request.model);
            self.messages.clear();
            self.items.clear();
        }
        let old = &request.messages[self.messages.len()..seam];
        if !old.is_empty() {
            let items = write(&Part {
                messages: old,
                is_end: false,
            });
            if !self.items.is_empty() && !items.is_empty() {
                self.items.push(b',');
            }
            self.items.extend_from_slice(&items);
            let blocks = old.iter().map(|message| message.blocks.clone());
            self.messages.extend(blocks);
        }
        seam
    }

    /// Whether all that is kept is how this conversation begins.
    fn begins(&self, request: &Request, seam: usize) -> bool {
        let end = self.messages.len();
        self.model == request.model
            && end <= seam
            // After a rewind something else may stand behind it.
            && (end == 0 || is_seam(&request.messages, end))
            && self
                .messages
                .iter()
                .zip(&request.messages)
                .all(|(kept, message)| std::ptr::eq::<Vec<Block>>(&**kept, &*message.blocks))
    }
}

/// Elements of an array as they stand between its brackets.
pub(super) fn items<T: Serialize>(elements: &[T]) -> Vec<u8> {
    let mut items = serde_json::to_vec(elements).unwrap_or_default();
    items.pop();
    if !items.is_empty() {
        items.remove(0);
    }
    items
}

/// Where a conversation falls into two that are written each by itself: before
/// a call that comes after a user's message. No wire merges those, or leaves
/// one of them out.
fn seam(messages: &[Message]) -> usize {
    (1..messages.len())
        .rev()
        .filter(|&at| is_seam(messages, at))
        .nth(FRESH_ROUNDS - 1)
        .unwrap_or(0)
}

fn is_seam(messages: &[Message], at: usize) -> bool {
    let (before, after) = (&messages[at - 1], &messages[at]);
    before.role == Role::User
        && after.role == Role::Assistant
        && before.blocks.iter().any(is_told)
        && after.blocks.iter().any(is_call)
}

fn is_told(block: &Block) -> bool {
    match block {
        Block::Text { text } => !is_blank(text),
        block => matches!(block, Block::ToolResult(_)),
    }
}

fn is_call(block: &Block) -> bool {
    matches!(block, Block::ToolCall(_))
}

#[cfg(test)]
mod tests;
