//! `offline`, the provider that needs no key and no network: a commander
//! that turns plain requests, typed or spoken, into tool calls and reports
//! their results.
//!
//! It is deterministic and keeps no state: each answer follows from the
//! messages alone. It writes no code and judges none; what it does not
//! understand it says, with examples of what it can do.

mod conversation;
mod intent;
mod name;
mod pattern;
mod phrasebook;
mod plan;
mod reading;
mod report;
mod shell;
mod utterance;
mod wildcard;
mod words;

#[cfg(test)]
mod tests;

use futures::{StreamExt, stream};
use protocol::{Block, Message, ToolCall, Usage};

use crate::{EventStream, Finish, Provider, Request, StreamEvent};
use conversation::Conversation;
use plan::Step;

/// Bytes of answer text per event, about a few words, so that a window shows
/// it as it shows any other answer.
const CHUNK_BYTES: usize = 24;

/// The offline commander.
#[derive(Debug, Clone, Copy, Default)]
pub struct Offline;

impl Offline {
    /// The id of the provider.
    pub const ID: &'static str = "offline";

    /// The name of its only model.
    pub const MODEL: &'static str = "commander";

    /// The commander. All commanders are alike.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

impl Provider for Offline {
    fn id(&self) -> &str {
        Self::ID
    }

    fn stream(&self, request: Request) -> EventStream {
        stream::iter(answer(&request.messages).into_iter().map(Ok)).boxed()
    }
}

/// The whole answer to a history.
fn answer(messages: &[Message]) -> Vec<StreamEvent> {
    let Some(conversation) = Conversation::read(messages) else {
        return said(words::GREETING);
    };
    match plan::next(&conversation) {
        Step::Say(words) => said(&words),
        Step::Call { tool, input } => {
            let call = ToolCall {
                id: conversation.next_id,
                name: tool.to_owned(),
                input,
            };
            vec![
                StreamEvent::BlockDone(Block::ToolCall(call)),
                StreamEvent::Usage(Usage::default()),
                StreamEvent::Finished(Finish::ToolCalls),
            ]
        }
    }
}

fn said(words: &str) -> Vec<StreamEvent> {
    let mut events: Vec<StreamEvent> = chunks(words)
        .map(|chunk| StreamEvent::Text(chunk.to_owned()))
        .collect();
    events.push(StreamEvent::BlockDone(Block::Text {
        text: words.to_owned(),
    }));
    events.push(StreamEvent::Usage(Usage::default()));
    events.push(StreamEvent::Finished(Finish::EndTurn));
    events
}

/// Pieces that end at a space where there is one.
fn chunks(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let least = rest.ceil_char_boundary(CHUNK_BYTES.min(rest.len()));
        let end = rest[least..]
            .find(char::is_whitespace)
            .map_or(rest.len(), |space| least + space + 1);
        let end = rest.ceil_char_boundary(end.min(least + CHUNK_BYTES).min(rest.len()));
        let (chunk, after) = rest.split_at(end);
        rest = after;
        Some(chunk)
    })
}
