//! Tildes other than the home folder.

use super::Hits;
use crate::bash::Subject;
use crate::bash::word::Live;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for word in subject.script.words() {
        if word.live.iter().any(|live| matches!(live, Live::Tilde)) {
            hits.ask(
                word.span(),
                "A `~` stands for a folder only the shell knows.",
            );
        }
    }
}
