//! Variables: what they hold is not in the command.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Shape;
use crate::bash::word::Live;
use protocol::Span;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for word in subject.script.words() {
        for live in &word.live {
            let Live::Parameter(inner) = live else {
                continue;
            };
            let name_end = inner
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(inner.len());
            let operator = inner.get(name_end..).unwrap_or_default();
            let evaluates = operator.contains("@P")
                || inner.starts_with('!') && inner.len() > 1
                || operator.starts_with('[') && operator.contains('$');
            if evaluates {
                hits.danger(
                    word.span(),
                    "It evaluates the content of a variable as code.",
                );
            } else {
                hits.ask(word.span(), format!("`${{{inner}}}` may hold anything."));
            }
        }
    }
    if subject
        .script
        .shapes
        .iter()
        .any(|(shape, _)| *shape == Shape::Arithmetic)
    {
        hits.ask(
            Span {
                start: 0,
                end: subject.text.len(),
            },
            "It computes something the shell evaluates.",
        );
    }
}
