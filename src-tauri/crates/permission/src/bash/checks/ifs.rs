//! `IFS`: it makes many words of one.

use super::Hits;
use crate::bash::Subject;
use crate::bash::word::Live;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for word in subject.script.words() {
        let used = word
            .live
            .iter()
            .any(|live| matches!(live, Live::Parameter(name) if name.starts_with("IFS")));
        if used || word.text.starts_with("IFS=") {
            hits.danger(
                word.span(),
                "`IFS` hides where one word ends and the next begins.",
            );
        }
    }
}
