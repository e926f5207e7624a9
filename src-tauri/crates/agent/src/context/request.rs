//! The request that has a model write where the work stands. It begins with
//! the very bytes of the last request, so that the provider's cache serves it.

use protocol::{Message, Origin, TurnId};
use provider::Request;

use super::mask::without_attachments;

/// What stands for the model's words when there is no model, or it failed.
pub const FALLBACK_STATE: &str =
    "No summary could be made of the answers; look at the files named below before going on.";

/// Room for the answer: a page of notes.
const SUMMARY_TOKENS: u32 = 3_000;

const INSTRUCTION: &str = include_str!("../../../../../assets/prompts/compact.md");

/// `request` as it was last sent, without its attachments, asking for a summary instead of work.
/// `focus` is what the user wants kept above all.
#[must_use]
pub fn summary_request(request: Request, focus: Option<&str>, now_ms: u64) -> Request {
    let mut instruction = INSTRUCTION.to_owned();
    if let Some(focus) = focus.map(str::trim).filter(|focus| !focus.is_empty()) {
        instruction.push_str(&format!("\nThe user wants this kept above all: {focus}\n"));
    }
    let mut messages = without_attachments(request.messages);
    messages.push(Message::user_text(
        TurnId::from(""),
        instruction,
        Origin::Program,
        now_ms,
    ));
    Request {
        messages,
        max_output_tokens: SUMMARY_TOKENS,
        ..request
    }
}
