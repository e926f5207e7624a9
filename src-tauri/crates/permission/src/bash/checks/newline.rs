//! More than one line: each is a command of its own.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Shape;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (shape, span) in &subject.script.shapes {
        if matches!(shape, Shape::Newline) {
            hits.ask(*span, "It is more than one line.");
        }
    }
}
