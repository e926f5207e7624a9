//! Parts our reader cannot read. The other readers use the same id.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Shape;
use protocol::Span;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (shape, span) in &subject.script.shapes {
        if let Shape::Broken(why) = shape {
            hits.ask(*span, format!("Part of it cannot be read: {why}."));
        }
    }
    if subject.script.leaves.is_empty()
        && !subject.text.trim().is_empty()
        && !subject.text.trim_start().starts_with('#')
    {
        hits.ask(
            Span {
                start: 0,
                end: subject.text.len(),
            },
            "No command can be seen in it.",
        );
    }
}
