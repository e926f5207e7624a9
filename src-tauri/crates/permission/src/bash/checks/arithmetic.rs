//! Arithmetic, which bash evaluates as code.

use super::Hits;
use crate::bash::Subject;
use crate::bash::word::Live;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for word in subject.script.words() {
        if word
            .live
            .iter()
            .any(|live| matches!(live, Live::Arithmetic | Live::Number))
        {
            hits.ask(word.span(), "It computes something the shell evaluates.");
        }
    }
}
