//! Control characters: terminals and tokenisers disagree about them.

use super::Hits;
use crate::bash::Subject;
use crate::bash::bytes;
use protocol::Span;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    if let Some(odd) = bytes::control(subject.text) {
        hits.danger(
            Span {
                start: odd.at,
                end: odd.end,
            },
            format!("It holds a control character ({}).", odd.name),
        );
    }
}
