//! Letters of other alphabets in the name of a program.

use super::Hits;
use crate::bash::Subject;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        if let Some(word) = leaf.words.first().filter(|word| !word.text.is_ascii()) {
            hits.danger(
                word.span(),
                "The name of the program holds letters that may look like others.",
            );
        }
    }
}
