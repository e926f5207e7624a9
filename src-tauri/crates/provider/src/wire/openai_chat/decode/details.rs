//! Reasoning in pieces, as OpenRouter streams it: text, summaries and sealed
//! data, each with an index. It goes back whole.

use serde_json::Value;

/// The pieces so far, merged by index.
#[derive(Debug, Default)]
pub(super) struct Details {
    pieces: Vec<Value>,
}

/// Fields that stream in parts.
const GROWING: [&str; 3] = ["text", "summary", "data"];

impl Details {
    /// What of it a reader may see.
    pub(super) fn words(details: &Value) -> String {
        let pieces = details.as_array().into_iter().flatten();
        pieces
            .filter_map(|piece| piece["text"].as_str().or_else(|| piece["summary"].as_str()))
            .collect()
    }

    pub(super) fn add(&mut self, pieces: Vec<Value>) {
        for piece in pieces {
            match self.pieces.last_mut() {
                Some(last) if is_same(last, &piece) => merge(last, piece),
                _ if piece.is_object() => self.pieces.push(piece),
                _ => {}
            }
        }
    }

    /// All of it, if there is any.
    pub(super) fn take(&mut self) -> Option<Vec<Value>> {
        let pieces = std::mem::take(&mut self.pieces);
        (!pieces.is_empty()).then_some(pieces)
    }
}

fn is_same(last: &Value, piece: &Value) -> bool {
    last["type"] == piece["type"] && last["index"] == piece["index"]
}

fn merge(last: &mut Value, piece: Value) {
    let Value::Object(fields) = piece else { return };
    for (name, value) in fields {
        match (&mut last[name.as_str()], value) {
            (_, Value::Null) => {}
            (Value::String(whole), Value::String(more)) if GROWING.contains(&name.as_str()) => {
                whole.push_str(&more);
            }
            (field, value) => *field = value,
        }
    }
}
