//! Links made here: a later write may go through them.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Leaf;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    let leaves = &subject.script.leaves;
    for (index, leaf) in leaves
        .iter()
        .enumerate()
        .filter(|(_, leaf)| makes_link(leaf))
    {
        let out = leaf
            .operands()
            .any(|word| subject.places(leaf, &word.text).any(|place| !place.inside));
        let later = leaves.iter().skip(index + 1).any(|leaf| {
            !leaf.redirects.is_empty()
                || leaf.is(&[
                    "tee", "cp", "mv", "sed", "cat", "dd", "install", "touch", "truncate", "ln",
                ])
        });
        if out {
            hits.danger(
                leaf.span,
                "It makes a link that leads out of the workspace.",
            );
        } else if later {
            hits.danger(leaf.span, "It makes a link and then uses files through it.");
        }
    }
}

fn makes_link(leaf: &Leaf) -> bool {
    match leaf.name().as_str() {
        "ln" | "link" | "mklink" => true,
        "cp" => {
            leaf.long("symbolic-link") || leaf.long("link") || leaf.short('s') || leaf.short('l')
        }
        "mount" => leaf.has_arg(&["--bind", "--rbind", "-B"]),
        _ => false,
    }
}
