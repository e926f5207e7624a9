//! Characters nobody can see: what is shown is not what runs.

use super::Hits;
use crate::bash::Subject;
use crate::bash::bytes;
use protocol::Span;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    if let Some(odd) = bytes::invisible(subject.text) {
        hits.danger(
            Span {
                start: odd.at,
                end: odd.end,
            },
            format!("It holds an invisible character ({}).", odd.name),
        );
    }
}
