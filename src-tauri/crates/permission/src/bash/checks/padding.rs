//! Long runs of blanks: they push the rest of the command out of sight.

use super::Hits;
use crate::bash::Subject;
use crate::bash::bytes;
use protocol::Span;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    if let Some(odd) = bytes::padding(subject.text) {
        hits.danger(
            Span {
                start: odd.at,
                end: odd.end,
            },
            format!("It holds {}, which can hide what follows.", odd.name),
        );
    }
}
