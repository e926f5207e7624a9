//! Length, count and depth: what is too big to read is asked about.

use super::Hits;
use crate::bash::Subject;
use crate::bash::bytes;
use crate::bash::script::{Origin, Shape};
use protocol::Span;

/// More leaves than this are nothing a person reads through.
const LEAF_LIMIT: usize = 50;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    let whole = Span {
        start: 0,
        end: subject.text.len(),
    };
    if subject.text.len() > bytes::LENGTH_LIMIT {
        hits.ask(
            whole,
            format!("It is longer than {} bytes.", bytes::LENGTH_LIMIT),
        );
    }
    if subject
        .script
        .leaves
        .iter()
        .filter(|leaf| leaf.origin == Origin::Top)
        .count()
        > LEAF_LIMIT
    {
        hits.ask(
            whole,
            format!("It consists of more than {LEAF_LIMIT} commands."),
        );
    }
    for (shape, span) in &subject.script.shapes {
        if *shape == Shape::TooDeep {
            hits.danger(
                *span,
                "It is nested too deeply to read, so what it hides is not known.",
            );
        }
    }
}
