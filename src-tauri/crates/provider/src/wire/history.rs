//! What all encoders must do to a history made by any provider: words for
//! blank results, ids the wire accepts, reasoning only for who made it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use protocol::{Attachment, Block, Message, Outcome, ToolResult};
use serde_json::{Value, json};

/// Who made reasoning that has no source: sessions began with one provider.
const FIRST_PROVIDER: &str = "anthropic";

/// The source of what a provider's model makes.
pub(crate) fn source(provider: &str, model: &str) -> String {
    format!("{provider}/{model}")
}

/// Takes from the history what is opaque and was made by somebody else. It
/// would be refused at best, and is none of their business.
pub(crate) fn keep_own(messages: &mut [Message], provider: &str, model: &str) {
    let own = source(provider, model);
    let is_own = |source: &Option<String>| match source {
        Some(source) => *source == own,
        None => provider == FIRST_PROVIDER,
    };
    let keeps = |block: &Block| match block {
        Block::Thinking { source, .. } | Block::RedactedThinking { source, .. } => is_own(source),
        _ => true,
    };
    for message in messages {
        // A change would copy what the history shares with this request.
        if !message.blocks.iter().all(keeps) {
            message.blocks.retain(keeps);
        }
    }
}

/// Puts words in the place of attachments that are not taken; true when there
/// were any.
pub(crate) fn keep_taken(messages: &mut [Message], takes: impl Fn(&Attachment) -> bool) -> bool {
    let mut any = false;
    let has_some = |message: &&mut Message| message.attachments().next().is_some();
    let blocks = messages
        .iter_mut()
        .filter(has_some)
        .flat_map(|message| message.blocks.iter_mut());
    for block in blocks {
        let Block::Attachment(attachment) = block else {
            continue;
        };
        if !takes(attachment) {
            let text = format!(
                "(The user attached {}, which this model cannot read.)",
                attachment.in_words()
            );
            *block = Block::Text { text };
            any = true;
        }
    }
    any
}

/// Puts its maker's name to a block that may only go back there.
pub(crate) fn sign(block: &mut Block, maker: &str) {
    if let Block::Thinking { source, .. } | Block::RedactedThinking { source, .. } = block {
        *source = Some(maker.to_owned());
    }
}

/// A result in words; `blank` stands for a success without any.
pub(super) fn result_words<'a>(result: &'a ToolResult, blank: &'a str) -> &'a str {
    match result.outcome {
        _ if !is_blank(&result.content) => &result.content,
        Outcome::Ok => blank,
        Outcome::Failed => "It failed without a message.",
        Outcome::Denied => "The user did not allow this.",
        Outcome::Cancelled => "It was cancelled.",
    }
}

/// What stands for a success without words, where the wire wants some.
pub(super) const NO_OUTPUT: &str = "It is done; there was no output.";

/// Input as an object, as wires want it.
pub(super) fn object(input: &Value) -> Cow<'_, Value> {
    match input {
        Value::Object(_) => Cow::Borrowed(input),
        Value::Null => Cow::Owned(json!({})),
        other => Cow::Owned(json!({ "input": other })),
    }
}

/// An id with letters, digits, `_` and `-` only and not too long: calls of
/// other providers stay in the history.
pub(super) fn wire_id(id: &str, max_length: usize) -> Cow<'_, str> {
    let is_fine = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if id.chars().all(is_fine) && id.len() <= max_length {
        return Cow::Borrowed(id);
    }
    let mended: String = id
        .chars()
        .map(|c| if is_fine(c) { c } else { '_' })
        .collect();
    if mended.len() <= max_length {
        return Cow::Owned(mended);
    }
    Cow::Owned(short_id(id, max_length))
}

/// An id of letters and digits with exactly this length, always the same for
/// the same id.
pub(super) fn short_id(id: &str, length: usize) -> String {
    const DIGITS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut hasher = DefaultHasher::new();
    let mut text = String::with_capacity(length);
    let mut number = 0;
    for at in 0..length {
        if at % 8 == 0 {
            (id, at).hash(&mut hasher);
            number = hasher.finish();
        }
        let digit = usize::try_from(number % DIGITS.len() as u64).unwrap_or_default();
        text.push(char::from(DIGITS[digit]));
        number /= DIGITS.len() as u64;
    }
    text
}

/// Which tool each call of the history was for.
pub(super) fn tool_names(messages: &[Message]) -> HashMap<&str, &str> {
    messages
        .iter()
        .flat_map(Message::tool_calls)
        .map(|call| (call.id.as_str(), call.name.as_str()))
        .collect()
}

pub(super) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
