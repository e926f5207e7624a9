//! Lines joined by a backslash: readers cut the words at different places.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Shape;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (shape, span) in &subject.script.shapes {
        if matches!(shape, Shape::Continuation) {
            hits.ask(
                *span,
                "A backslash joins two lines, which can split a word from sight.",
            );
        }
    }
}
