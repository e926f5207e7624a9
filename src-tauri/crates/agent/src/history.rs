//! Keeps histories valid: every tool call has exactly one result, right
//! after the message that asked for it.

use std::collections::HashSet;

use protocol::{Block, Message, MessageId, Origin, Outcome, Role, ToolCallId, ToolResult};

/// What the model reads about a call that a crash or a stop cut off.
pub(crate) const CUT_OFF: &str = "Cancelled: the program stopped before this call ended. It may have run in part; look before you repeat it.";

/// The message that closes the calls of the last assistant message which have
/// no result yet; `None` when all is closed. Only the end of a history can be
/// open, since a turn never goes on before its calls are answered.
#[must_use]
pub fn close_open_calls(history: &[Message], now_ms: u64) -> Option<Message> {
    let (index, last) = history
        .iter()
        .enumerate()
        .rev()
        .find(|(_, message)| message.role == Role::Assistant)?;
    let answered: HashSet<&ToolCallId> = history[index + 1..]
        .iter()
        .flat_map(|message| &message.blocks)
        .filter_map(|block| match block {
            Block::ToolResult(result) => Some(&result.call_id),
            _ => None,
        })
        .collect();
    let blocks: Vec<Block> = last
        .tool_calls()
        .filter(|call| !answered.contains(&call.id))
        .map(|call| {
            Block::ToolResult(ToolResult::plain(
                call.id.clone(),
                Outcome::Cancelled,
                CUT_OFF,
            ))
        })
        .collect();
    (!blocks.is_empty()).then(|| Message {
        id: MessageId::new(),
        turn_id: last.turn_id.clone(),
        role: Role::User,
        origin: Origin::Program,
        blocks: blocks.into(),
        created_ms: now_ms,
    })
}
