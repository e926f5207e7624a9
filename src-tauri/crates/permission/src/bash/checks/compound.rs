//! Loops, conditions, groups: leaves whose order only the shell knows.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Shape;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (shape, span) in &subject.script.shapes {
        match shape {
            Shape::Keyword(word) => hits.ask(*span, format!("`{word}` makes it a small program.")),
            Shape::Subshell => hits.ask(*span, "It runs part of it in a shell of its own."),
            Shape::PipeAll => hits.ask(*span, "`|&` pipes errors too."),
            _ => {}
        }
    }
}
