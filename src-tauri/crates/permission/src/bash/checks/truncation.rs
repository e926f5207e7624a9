//! Files emptied: `> f`, `: > f`, `cat /dev/null > f`, `tee f < /dev/null`.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::{Leaf, Redirect};

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        let cut = |redirect: &&Redirect| {
            matches!(redirect.operator, ">" | ">|" | "&>")
                && redirect
                    .target
                    .as_ref()
                    .is_some_and(|word| !word.text.starts_with("/dev/"))
        };
        for redirect in leaf.redirects.iter().filter(cut) {
            let new = redirect
                .target
                .as_ref()
                .is_some_and(|word| makes(subject, leaf, &word.text));
            if says_nothing(leaf) && !new {
                hits.danger(redirect.span, "It empties a file.");
            }
        }
        let nothing = leaf.redirects.iter().any(|redirect| {
            redirect.operator == "<"
                && redirect
                    .target
                    .as_ref()
                    .is_some_and(|word| word.text == "/dev/null")
        });
        let copies = leaf.is(&["install", "dd", "rsync", "ln"])
            && leaf
                .args()
                .iter()
                .any(|word| word.text.ends_with("/dev/null"))
            && leaf
                .operands()
                .last()
                .is_some_and(|word| word.text != "/dev/null");
        if (leaf.is(&["tee", "sponge"]) && nothing && !leaf.short('a')) || copies {
            hits.danger(leaf.span, "It empties a file.");
        }
    }
}

/// True for a file of passing interest that does not exist yet.
fn makes(subject: &Subject<'_>, leaf: &Leaf, text: &str) -> bool {
    let passing = ["txt", "log", "tmp", "out", "lock", "pid", "marker"]
        .iter()
        .any(|ending| text.rsplit('.').next() == Some(ending));
    let absent = !subject
        .places(leaf, text)
        .any(|place| place.resolved.exists());
    passing && absent
}

/// Nothing of it reaches its output.
fn says_nothing(leaf: &Leaf) -> bool {
    let only = |text: &str| leaf.args().iter().all(|word| word.text == text);
    if leaf.words.is_empty() {
        return leaf.assignments.is_empty()
            && !leaf
                .redirects
                .iter()
                .any(|redirect| redirect.operator.starts_with('<'));
    }
    match leaf.name().as_str() {
        ":" | "true" | "false" => true,
        "cat" | "cp" => !leaf.args().is_empty() && only("/dev/null"),
        "printf" => leaf.args().len() == 1 && only(""),
        "echo" => leaf.args().len() == 1 && only("-n"),
        _ => false,
    }
}
