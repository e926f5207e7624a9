//! Options and operands that are not known to be harmless.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Origin;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    let top = subject
        .script
        .leaves
        .iter()
        .zip(subject.readings)
        .filter(|(leaf, _)| matches!(leaf.origin, Origin::Top | Origin::Nested | Origin::Process));
    for (_, reading) in top.filter(|(_, reading)| reading.listed) {
        for (span, why) in &reading.refused {
            hits.ask(*span, format!("Not plainly read-only: {why}."));
        }
    }
}
