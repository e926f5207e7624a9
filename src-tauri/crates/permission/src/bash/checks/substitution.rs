//! Commands inside of words.

use super::Hits;
use crate::bash::Subject;
use crate::bash::word::Live;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for word in subject.script.words() {
        if word
            .live
            .iter()
            .any(|live| matches!(live, Live::Substitution))
        {
            hits.ask(word.span(), "Part of it is the output of another command.");
        }
    }
}
