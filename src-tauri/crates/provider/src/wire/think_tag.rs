//! Reasoning that a server leaves in the text, between `<think>` and
//! `</think>` at its very beginning: what local servers do with models they
//! do not know.

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// A piece of text, told apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Thinking(String),
}

/// Tells them apart while they stream; keeps back only what may be a tag.
#[derive(Debug, Default)]
pub(super) struct ThinkTag {
    place: Place,
    held: String,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    #[default]
    Start,
    Inside,
    Outside,
}

impl ThinkTag {
    /// Takes more text and gives what is certain by now.
    pub(super) fn push(&mut self, more: &str) -> Vec<Piece> {
        self.held.push_str(more);
        let mut pieces = Vec::new();
        if self.place == Place::Start {
            self.begin();
        }
        if self.place == Place::Inside {
            self.look_for_end(&mut pieces);
        }
        if self.place == Place::Outside && !self.held.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut self.held)));
        }
        pieces
    }

    /// The answer ended: what was kept back is what it looks like.
    pub(super) fn end(&mut self) -> Option<Piece> {
        let held = std::mem::take(&mut self.held);
        let piece = match self.place {
            Place::Inside => Piece::Thinking(held),
            Place::Start | Place::Outside => Piece::Text(held),
        };
        let (Piece::Text(text) | Piece::Thinking(text)) = &piece;
        (!text.is_empty()).then_some(piece)
    }

    fn begin(&mut self) {
        let text = self.held.trim_start();
        if let Some(rest) = text.strip_prefix(OPEN) {
            self.held = rest.to_owned();
            self.place = Place::Inside;
        } else if !OPEN.starts_with(text) {
            self.place = Place::Outside;
        }
    }

    fn look_for_end(&mut self, pieces: &mut Vec<Piece>) {
        let (thought, rest) = match self.held.split_once(CLOSE) {
            Some((thought, rest)) => {
                self.place = Place::Outside;
                (thought, rest.trim_start())
            }
            None => self
                .held
                .split_at(self.held.len() - tail_length(&self.held)),
        };
        if !thought.is_empty() {
            pieces.push(Piece::Thinking(thought.to_owned()));
        }
        self.held = rest.to_owned();
    }
}

/// Length of the longest end of a text that may be the start of `CLOSE`.
fn tail_length(text: &str) -> usize {
    (1..CLOSE.len())
        .rev()
        .find(|&length| text.ends_with(&CLOSE[..length]))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests;
