//! Where a history may be cut in two: never between a tool call and its
//! result.

use protocol::{Block, Message};

use super::is_request;

/// The requests of the person that are kept word for word with all that
/// followed them, if they fit.
const KEPT_TURNS: usize = 2;

/// The index of the first message to keep, so that the rest takes at most
/// `keep_tokens`; `tokens` are those of each message. The last turns are kept
/// whole where they fit, otherwise the cut falls inside the last one. `None`
/// when nothing would be condensed.
#[must_use]
pub fn choose_cut(history: &[Message], tokens: &[u64], keep_tokens: u64) -> Option<usize> {
    let mut tail = 0;
    let mut at_request = None;
    let mut at_answer = None;
    let mut requests = 0;
    for (index, message) in history.iter().enumerate().rev() {
        tail += tokens.get(index).copied().unwrap_or(0);
        if tail > keep_tokens {
            break;
        }
        if is_request(message) {
            requests += 1;
            at_request = Some(index);
            if requests == KEPT_TURNS {
                break;
            }
        } else if !has_results(message) {
            at_answer = Some(index);
        }
    }
    // A message alone may be larger than the room: the last one that can
    // begin a tail is then kept whatever it takes.
    let cut = at_request.or(at_answer).or_else(|| last_start(history))?;
    (cut > 0).then_some(cut)
}

fn last_start(history: &[Message]) -> Option<usize> {
    history.iter().rposition(|message| !has_results(message))
}

fn has_results(message: &Message) -> bool {
    message
        .blocks
        .iter()
        .any(|block| matches!(block, Block::ToolResult(_)))
}
