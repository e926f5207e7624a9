//! Text and reasoning that stream in turns, on wires that do not say where a
//! block begins and ends: a change of kind ends the block.

use protocol::Block;

use super::Events;
use super::think_tag::{Piece, ThinkTag};
use crate::StreamEvent;

/// The open block.
#[derive(Debug, Default)]
pub(super) struct Prose {
    kind: Kind,
    text: String,
    mark: Option<&'static str>,
    tag: ThinkTag,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    Text,
    Thinking,
}

impl Prose {
    /// More answer text.
    pub(super) fn text(&mut self, more: &str, out: &mut Events) {
        if !more.is_empty() {
            self.turn_to(Kind::Text, out);
            self.text.push_str(more);
            out.push_back(StreamEvent::Text(more.to_owned()));
        }
    }

    /// More answer text of a server that may leave reasoning in it.
    pub(super) fn tagged_text(&mut self, more: &str, out: &mut Events) {
        for piece in self.tag.push(more) {
            self.piece(piece, out);
        }
    }

    /// The answer is over, and with it the open block.
    pub(super) fn end(&mut self, out: &mut Events) {
        if let Some(piece) = self.tag.end() {
            self.piece(piece, out);
        }
        self.close(out);
    }

    fn piece(&mut self, piece: Piece, out: &mut Events) {
        match piece {
            Piece::Text(text) => self.text(&text, out),
            Piece::Thinking(text) => self.thinking(&text, None, out),
        }
    }

    /// More reasoning. The mark becomes its signature: it says how the
    /// reasoning is to be sent back.
    pub(super) fn thinking(&mut self, more: &str, mark: Option<&'static str>, out: &mut Events) {
        if !more.is_empty() {
            self.turn_to(Kind::Thinking, out);
            self.mark = mark;
            self.text.push_str(more);
            out.push_back(StreamEvent::Thinking(more.to_owned()));
        }
    }

    /// Ends the open block.
    pub(super) fn close(&mut self, out: &mut Events) {
        let text = std::mem::take(&mut self.text);
        let mark = self.mark.take();
        if text.is_empty() {
            return;
        }
        let block = match self.kind {
            Kind::Text => Block::Text { text },
            Kind::Thinking => Block::Thinking {
                text,
                signature: mark.map(str::to_owned),
                source: None,
            },
        };
        out.push_back(StreamEvent::BlockDone(block));
    }

    fn turn_to(&mut self, kind: Kind, out: &mut Events) {
        if self.kind != kind {
            self.close(out);
            self.kind = kind;
        }
    }
}
