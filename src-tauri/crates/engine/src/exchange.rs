//! Tool exchanges: a call of the model and its result belong together. Finds
//! where a history may be cut, and makes one valid again that lost rows.

use std::collections::HashSet;

use protocol::{
    Block, Cut, CutMade, ErrorInfo, ErrorKind, Message, MessageId, Origin, Outcome, Role,
    ToolCallId, ToolResult,
};

/// What the model reads in place of a result that is lost.
const LOST: &str = "The result of this call was lost.";

/// Where to cut so that no call is parted from its result: `Through` goes on
/// to the end of the exchange, and back to its beginning when it has no end;
/// `Before` goes back to the beginning.
///
/// # Errors
/// `NotFound` when the history has no such message.
pub(crate) fn cut(history: &[Message], cut: &Cut) -> Result<CutMade, ErrorInfo> {
    let wanted = match cut {
        Cut::Through(id) => place(history, id)? + 1,
        Cut::Before(id) => place(history, id)?,
        Cut::End => history.len(),
    };
    let safe = boundaries(history);
    let earlier = safe[..=wanted].iter().rposition(|safe| *safe).unwrap_or(0);
    let kept = match cut {
        Cut::Before(_) => earlier,
        Cut::Through(_) | Cut::End => safe[wanted..]
            .iter()
            .position(|safe| *safe)
            .map_or(earlier, |further| wanted + further),
    };
    let last_kept = kept.checked_sub(1).map(|index| history[index].id.clone());
    Ok(CutMade {
        last_kept,
        kept: kept as u64,
        moved: i64::try_from(kept).unwrap_or(0) - i64::try_from(wanted).unwrap_or(0),
    })
}

/// A valid history from what could be read of one: results without a call
/// go, calls without a result get one that says it was lost. Calls at the
/// very end are left open.
pub(crate) fn mend(history: Vec<Message>) -> Vec<Message> {
    let mut mended: Vec<Message> = Vec::with_capacity(history.len());
    let mut open: Vec<ToolCallId> = Vec::new();
    for mut message in history {
        let ends_exchange = message.role == Role::Assistant || message.origin != Origin::Program;
        if ends_exchange && !open.is_empty() {
            mended.push(lost_results(&message, std::mem::take(&mut open)));
        }
        if message.role == Role::Assistant {
            open.extend(message.tool_calls().map(|call| call.id.clone()));
        } else {
            let before = message.blocks.len();
            message
                .blocks
                .retain(|block| answers_open(block, &mut open));
            if message.blocks.is_empty() && before > 0 {
                continue;
            }
        }
        mended.push(message);
    }
    mended
}

/// Leaves out messages at the start of a stretch whose calls stand before it.
/// Keeps all when there would be nothing left.
pub(crate) fn without_orphans_at_start(messages: &mut Vec<Message>) -> usize {
    let mut called: HashSet<&ToolCallId> = HashSet::new();
    let mut start = 0;
    for (index, message) in messages.iter().enumerate() {
        called.extend(message.tool_calls().map(|call| &call.id));
        let is_orphan = message.blocks.iter().any(
            |block| matches!(block, Block::ToolResult(result) if !called.contains(&result.call_id)),
        );
        if is_orphan {
            start = index + 1;
        } else if !message.blocks.is_empty() && message.role == Role::Assistant {
            break;
        }
    }
    if start >= messages.len() {
        return 0;
    }
    messages.drain(..start);
    start
}

fn place(history: &[Message], id: &MessageId) -> Result<usize, ErrorInfo> {
    history
        .iter()
        .position(|message| message.id == *id)
        .ok_or_else(|| {
            ErrorInfo::new(
                ErrorKind::NotFound,
                format!("The session's history has no message `{id}`."),
                "It may be on another branch; open the session again to see what it shows now.",
            )
        })
}

/// For each number of kept messages, whether no call is open after them.
/// Only the latest answer's calls count: earlier ones can get no result.
fn boundaries(history: &[Message]) -> Vec<bool> {
    let mut safe = Vec::with_capacity(history.len() + 1);
    safe.push(true);
    let mut open: Vec<ToolCallId> = Vec::new();
    for message in history {
        if message.role == Role::Assistant {
            open = message.tool_calls().map(|call| call.id.clone()).collect();
        } else {
            for block in &message.blocks {
                answers_open(block, &mut open);
            }
        }
        safe.push(open.is_empty());
    }
    safe
}

/// Closes the call a result answers; false for a result without a call.
fn answers_open(block: &Block, open: &mut Vec<ToolCallId>) -> bool {
    let Block::ToolResult(result) = block else {
        return true;
    };
    match open.iter().position(|call| *call == result.call_id) {
        Some(index) => {
            open.swap_remove(index);
            true
        }
        None => false,
    }
}

fn lost_results(next: &Message, open: Vec<ToolCallId>) -> Message {
    let results = open
        .into_iter()
        .map(|call| Block::ToolResult(ToolResult::plain(call, Outcome::Cancelled, LOST)));
    Message {
        id: MessageId::new(),
        turn_id: next.turn_id.clone(),
        role: Role::User,
        origin: Origin::Program,
        blocks: results.collect(),
        created_ms: next.created_ms,
    }
}

#[cfg(test)]
mod tests;
