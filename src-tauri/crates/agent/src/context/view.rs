//! What is sent of a history that mostly grows at its end. What was made
//! before is not made again: it stays the same in memory, so that others who
//! keep something of it, such as its encoded form, know it again.

use protocol::{Message, MessageId};

use super::mask::has_attachments;
use super::{Compaction, position, visible};

/// The messages that were sent last.
#[derive(Debug, Default)]
pub struct View {
    key: Key,
    length: usize,
    last: Option<MessageId>,
    messages: Vec<Message>,
}

/// What they depend on besides the history.
#[derive(Debug, Default, PartialEq)]
struct Key {
    /// When it was made, and where the first message stands that it keeps;
    /// after a rewind it may stand for nothing, and for something again later.
    compaction: Option<(u64, Option<usize>)>,
    masked_before: usize,
}

impl View {
    /// Forgets what was made, after the history has changed elsewhere than at
    /// its end.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// As [`visible`].
    pub fn of(
        &mut self,
        history: &[Message],
        compaction: Option<&Compaction>,
        masked_before: usize,
    ) -> Vec<Message> {
        let key = Key {
            compaction: compaction.map(|one| (one.created_ms, position(history, &one.first_kept))),
            masked_before,
        };
        match history.get(self.length..) {
            // Attachments may put older ones out of the request.
            Some(more)
                if key == self.key && self.begins(history) && !more.iter().any(has_attachments) =>
            {
                self.messages.extend_from_slice(more);
            }
            _ => self.messages = visible(history, compaction, masked_before),
        }
        self.key = key;
        self.length = history.len();
        self.last = history.last().map(|message| message.id.clone());
        self.messages.clone()
    }

    /// Branches of a session part for good: while a session is open, a message
    /// is only ever behind the same ones.
    fn begins(&self, history: &[Message]) -> bool {
        let Some(last) = self.length.checked_sub(1) else {
            return false;
        };
        history.get(last).map(|message| &message.id) == self.last.as_ref()
    }
}
