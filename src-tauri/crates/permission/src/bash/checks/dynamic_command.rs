//! Programs whose name is computed.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Origin;
use crate::bash::word::Live;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in subject
        .script
        .leaves
        .iter()
        .filter(|leaf| leaf.origin != Origin::Wrapped && !leaf.guessed)
    {
        let run = leaf.run_at().and_then(|at| leaf.words.get(at));
        for word in leaf.words.first().into_iter().chain(run) {
            if word.computed() || word.has(&Live::Glob) || word.has(&Live::Brace) {
                hits.danger(word.span(), "Which program it runs is not written in it.");
            } else if word.has(&Live::Dollar)
                || (word.quoted && word.text.contains('/') && word.text.contains(".."))
            {
                hits.danger(word.span(), "It hides the name of the program it runs.");
            }
        }
    }
}
