//! Tool calls put together from pieces whose index, id or name may be
//! missing, repeated or wrong.

use serde_json::Value;

use super::shape::Piece;
use crate::wire::calls::{Draft, input};
use crate::wire::openai_chat::EXTRA_CONTENT;

/// The calls so far.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    slots: Vec<Slot>,
    /// Where the last piece went: pieces without any name go there, too.
    last: usize,
}

#[derive(Debug)]
struct Slot {
    index: Option<u64>,
    draft: Draft,
}

impl Assembly {
    pub(super) fn add(&mut self, piece: Piece) {
        let id = piece.id.unwrap_or_default();
        let function = piece.function.unwrap_or_default();
        let name = function.name.unwrap_or_default();
        let json = match function.arguments {
            Some(Value::String(text)) => text,
            Some(Value::Null) | None => String::new(),
            Some(whole) => whole.to_string(),
        };
        let at = match self.find(piece.index, &id, &name, &json) {
            Some(at) => at,
            None => self.open(piece.index),
        };
        self.last = at;
        let Some(Slot { draft, .. }) = self.slots.get_mut(at) else {
            return;
        };
        if draft.id.is_empty() {
            draft.id = id;
        }
        if draft.name.is_empty() {
            draft.name = name;
        }
        draft.json.push_str(&json);
        if let Some(extra) = piece.extra_content {
            draft.opaque = Some(serde_json::json!({ EXTRA_CONTENT: extra }).to_string());
        }
    }

    /// All calls, in the order of their indices where they have one.
    pub(super) fn take(&mut self) -> Vec<Draft> {
        let mut slots = std::mem::take(&mut self.slots);
        if slots.iter().all(|slot| slot.index.is_some()) {
            slots.sort_by_key(|slot| slot.index);
        }
        slots.into_iter().map(|slot| slot.draft).collect()
    }

    /// The slot a piece belongs to. An id of its own opens a new one, even
    /// under an index seen before: some servers number every call 0.
    fn find(&self, index: Option<u64>, id: &str, name: &str, json: &str) -> Option<usize> {
        let at = match index {
            Some(index) => self
                .slots
                .iter()
                .rposition(|slot| slot.index == Some(index))?,
            None if !id.is_empty() => self.slots.iter().rposition(|slot| slot.draft.id == id)?,
            None => self.last,
        };
        let draft = &self.slots.get(at)?.draft;
        let is_other = !id.is_empty() && !draft.id.is_empty() && draft.id != id;
        // Another name and whole input, after a call that is whole: the next
        // call of a server that gives no ids.
        let is_next = id.is_empty()
            && !name.is_empty()
            && !draft.name.is_empty()
            && !draft.json.trim().is_empty()
            && input(&draft.json).is_ok()
            && !json.is_empty();
        let is_next_bare = index.is_none() && id.is_empty() && !name.is_empty() && {
            draft.name != name && !draft.name.is_empty()
        };
        (!is_other && !is_next && !is_next_bare).then_some(at)
    }

    fn open(&mut self, index: Option<u64>) -> usize {
        self.slots.push(Slot {
            index,
            draft: Draft::default(),
        });
        self.slots.len() - 1
    }
}
