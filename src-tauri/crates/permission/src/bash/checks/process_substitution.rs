//! Commands that pose as files.

use super::Hits;
use crate::bash::Subject;
use crate::bash::word::Live;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for word in subject.script.words() {
        if word.live.iter().any(|live| matches!(live, Live::Process)) {
            hits.ask(word.span(), "A command stands where a file should.");
        }
    }
}
