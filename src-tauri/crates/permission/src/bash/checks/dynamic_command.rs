//! Programs whose name is computed.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::{Leaf, Origin};
use crate::bash::word::Live;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    let leaves = subject.script.leaves.iter();
    for leaf in leaves.filter(|leaf| leaf.origin != Origin::Wrapped && !leaf.guessed) {
        judge(leaf, hits);
        for run in leaf.handed_on() {
            judge(&run, hits);
        }
    }
}

fn judge(leaf: &Leaf, hits: &mut Hits) {
    let Some(word) = leaf.words.first() else {
        return;
    };
    if word.computed() || word.has(&Live::Glob) || word.has(&Live::Brace) {
        hits.danger(word.span(), "Which program it runs is not written in it.");
    } else if word.has(&Live::Dollar)
        || (word.quoted && word.text.contains('/') && word.text.contains(".."))
    {
        hits.danger(word.span(), "It hides the name of the program it runs.");
    }
}
