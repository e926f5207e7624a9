//! What of a message can be searched, as plain text of bounded length.
//! Reasoning is not part of it: it is not what was said.

use protocol::{Block, Message};
use serde_json::Value;

/// The longest text of one message in the index; more would let one pasted
/// log outweigh a year of conversation.
const MESSAGE_BYTES: usize = 32 * 1024;

/// Of that, the most one tool call or result may take.
const TOOL_BYTES: usize = 8 * 1024;

/// How deep the arguments of a call are followed.
const DEPTH: usize = 16;

/// The searchable text of a message.
pub(crate) fn of_message(message: &Message) -> String {
    let mut words = Words::new(MESSAGE_BYTES);
    for block in &message.blocks {
        match block {
            Block::Text { text } => words.add(text),
            Block::Attachment(attachment) => words.add(&attachment.name),
            Block::ToolCall(call) => {
                let mut own = Words::new(TOOL_BYTES);
                own.add(&call.name);
                own.add_value(&call.input, DEPTH);
                words.add(&own.text);
            }
            Block::ToolResult(result) => {
                let mut own = Words::new(TOOL_BYTES);
                own.add(&result.content);
                words.add(&own.text);
            }
            _ => {}
        }
    }
    words.text
}

/// The searchable text of a title.
pub(crate) fn of_title(title: &str) -> String {
    let mut words = Words::new(MESSAGE_BYTES);
    words.add(title);
    words.text
}

struct Words {
    text: String,
    room: usize,
}

impl Words {
    fn new(room: usize) -> Self {
        Self {
            text: String::new(),
            room,
        }
    }

    /// Adds a line. Control characters become spaces: the marks around a hit
    /// are control characters, and so cannot be mistaken for text.
    fn add(&mut self, line: &str) {
        if line.is_empty() || self.room == 0 {
            return;
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        for character in line.chars() {
            let Some(left) = self.room.checked_sub(character.len_utf8()) else {
                self.room = 0;
                return;
            };
            self.room = left;
            let plain = !character.is_control() || character == '\n';
            self.text.push(if plain { character } else { ' ' });
        }
    }

    /// The leaves of the arguments, so that neither quotes nor escapes of
    /// JSON stand between the words. Names of fields say nothing.
    fn add_value(&mut self, value: &Value, depth: usize) {
        match value {
            Value::String(text) => self.add(text),
            Value::Number(number) => self.add(&number.to_string()),
            Value::Array(items) if depth > 0 => {
                items
                    .iter()
                    .for_each(|item| self.add_value(item, depth - 1));
            }
            Value::Object(fields) if depth > 0 => {
                fields
                    .values()
                    .for_each(|item| self.add_value(item, depth - 1));
            }
            _ => {}
        }
    }
}
