//! Reads a request's messages: what was asked last, what was done for it so
//! far, and what came before. The messages are the only memory.

use protocol::{Block, Message, Origin, Role, ToolCall, ToolCallId, ToolResult};

use super::intent::{Beyond, Intent, parse};
use super::utterance::Voice;

/// Every call's id begins so; a number follows.
const ID_PREFIX: &str = "offline-";

/// A call of this request with its result.
#[derive(Debug, Clone, Copy)]
pub(super) struct Done<'a> {
    pub(super) call: &'a ToolCall,
    pub(super) result: &'a ToolResult,
}

/// Where the conversation stands.
#[derive(Debug)]
pub(super) struct Conversation<'a> {
    /// The words of the request at hand.
    pub(super) request: String,
    /// What they ask for.
    pub(super) intent: Intent,
    /// The calls made for it, in order.
    pub(super) done: Vec<Done<'a>>,
    /// The file spoken of last before this request.
    pub(super) last_file: Option<&'a str>,
    /// The id of the next call.
    pub(super) next_id: ToolCallId,
}

impl<'a> Conversation<'a> {
    /// Reads `messages`; none when nobody asked anything.
    pub(super) fn read(messages: &'a [Message]) -> Option<Self> {
        let (index, asked) = messages
            .iter()
            .enumerate()
            .rev()
            .find(|(_, message)| is_request(message))?;
        let (before, after) = (&messages[..index], &messages[index + 1..]);
        let intent = match understood(asked) {
            Intent::Again => repeated(before),
            Intent::Unknown | Intent::Beyond(_) if asked.attachments().next().is_some() => {
                Intent::Beyond(Beyond::Look)
            }
            intent => intent,
        };
        Some(Self {
            request: asked.text(),
            intent,
            done: done(after),
            last_file: last_file(before),
            next_id: next_id(messages),
        })
    }
}

fn is_request(message: &Message) -> bool {
    message.role == Role::User
        && message.origin != Origin::Program
        && (!message.text().trim().is_empty() || message.attachments().next().is_some())
}

fn understood(message: &Message) -> Intent {
    let voice = match message.origin {
        Origin::Spoken => Voice::Spoken,
        Origin::Typed | Origin::Program => Voice::Typed,
    };
    parse(&message.text(), voice)
}

/// The latest request that was not itself "again" or small talk.
fn repeated(before: &[Message]) -> Intent {
    before
        .iter()
        .rev()
        .filter(|message| is_request(message))
        .map(understood)
        .find(|intent| {
            !matches!(
                intent,
                Intent::Again | Intent::Greet | Intent::Thanks | Intent::Stop | Intent::Answer
            )
        })
        .unwrap_or(Intent::Again)
}

fn done(after: &[Message]) -> Vec<Done<'_>> {
    let results: Vec<&ToolResult> = after
        .iter()
        .flat_map(|message| &message.blocks)
        .filter_map(|block| match block {
            Block::ToolResult(result) => Some(result),
            _ => None,
        })
        .collect();
    after
        .iter()
        .flat_map(Message::tool_calls)
        .filter_map(|call| {
            let result = results
                .iter()
                .copied()
                .find(|result| result.call_id == call.id)?;
            Some(Done { call, result })
        })
        .collect()
}

fn last_file(before: &[Message]) -> Option<&str> {
    before
        .iter()
        .rev()
        .find_map(|message| message.tool_calls().filter_map(file_of).last())
}

/// The file a call is about, when it is about one.
pub(super) fn file_of(call: &ToolCall) -> Option<&str> {
    let about_one = matches!(call.name.as_str(), "read" | "write" | "edit");
    call.input.get("path").filter(|_| about_one)?.as_str()
}

/// One more than the greatest number so far, so that no id comes twice, not
/// even after old messages were left out.
fn next_id(messages: &[Message]) -> ToolCallId {
    let numbers = messages
        .iter()
        .flat_map(Message::tool_calls)
        .filter_map(|call| {
            call.id
                .as_str()
                .strip_prefix(ID_PREFIX)?
                .parse::<u64>()
                .ok()
        });
    ToolCallId::from(format!(
        "{ID_PREFIX}{}",
        numbers.max().unwrap_or(0).saturating_add(1)
    ))
}
