//! What of a session goes into a request, and how much room it takes.
//!
//! The history itself is never changed: a compaction stands for its first
//! part, a mask for old tool output, and both can be taken back. Pure; who
//! starts a compaction and keeps it is the engine's business.

mod cut;
mod estimate;
mod ledger;
mod mask;
mod request;
mod view;

#[cfg(test)]
mod tests;

pub use cut::choose_cut;
pub use estimate::{Calibration, RunningSum, tokens_of_message, tokens_of_text};
pub use ledger::{Ledger, Material};
pub use mask::{MASK_AFTER_TURNS, masked_before};
pub use request::{FALLBACK_STATE, summary_request};
pub use view::View;

use protocol::{Block, Message, MessageId, Origin, Role, TurnId};

/// The condensed form of a history's first part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compaction {
    /// The first message that is still sent as it is.
    pub first_kept: MessageId,
    /// What stands for all before it.
    pub text: String,
    /// Unix time in milliseconds.
    pub created_ms: u64,
}

/// The messages to send for `history`: the compaction's text, then what it
/// left, old tool output masked before the message at `masked_before` (an
/// index into `history`). A compaction whose message is not in the history
/// stands for nothing, and all is sent.
#[must_use]
pub fn visible(
    history: &[Message],
    compaction: Option<&Compaction>,
    masked_before: usize,
) -> Vec<Message> {
    let kept = compaction.and_then(|compaction| {
        let at = position(history, &compaction.first_kept)?;
        Some((compaction, at))
    });
    let Some((compaction, first)) = kept else {
        return mask::within_bytes(mask::masked(history, masked_before));
    };
    let mut messages = vec![stand_in(compaction)];
    let rest = &history[first..];
    messages.extend(mask::masked(rest, masked_before.saturating_sub(first)));
    mask::within_bytes(messages)
}

/// Where a message stands in a history.
#[must_use]
pub fn position(history: &[Message], id: &MessageId) -> Option<usize> {
    history.iter().position(|message| message.id == *id)
}

fn stand_in(compaction: &Compaction) -> Message {
    Message {
        id: compaction.first_kept.clone(),
        turn_id: TurnId::from(""),
        role: Role::User,
        origin: Origin::Program,
        blocks: vec![Block::Text {
            text: compaction.text.clone(),
        }]
        .into(),
        created_ms: compaction.created_ms,
    }
}

/// A request of the person, not a tool result or another word of the program.
pub(crate) fn is_request(message: &Message) -> bool {
    message.role == Role::User && message.origin != Origin::Program
}
