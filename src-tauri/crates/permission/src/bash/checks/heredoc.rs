//! Text fed to a command from the lines below or from a word.
//!
//! A plainly read-only program takes such a text as it takes a file; any
//! other may run it. What bash would replace in the text first is not plain.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Shape;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    let reason = "It feeds text to a command, which may act on it.";
    for (shape, span) in &subject.script.shapes {
        if *shape == Shape::Heredoc {
            hits.ask(*span, reason);
        }
    }
    let leaves = subject.script.leaves.iter().zip(subject.readings);
    for (leaf, _) in leaves.filter(|(_, reading)| !reading.listed) {
        let fed = leaf
            .redirects
            .iter()
            .filter(|redirect| redirect.operator.starts_with("<<"));
        for redirect in fed {
            hits.ask(redirect.span, reason);
        }
    }
}
