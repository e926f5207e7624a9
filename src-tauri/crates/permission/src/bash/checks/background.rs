//! Commands that go on after the answer.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Shape;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (shape, span) in &subject.script.shapes {
        if matches!(shape, Shape::Background) {
            hits.ask(*span, "Part of it keeps running in the background.");
        }
    }
}
