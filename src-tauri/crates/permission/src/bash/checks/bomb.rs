//! Commands that eat all processes, memory or disk.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::{Join, Shape};
use crate::bash::word::Live;
use protocol::Span;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (shape, span) in &subject.script.shapes {
        let Shape::Function(name) = shape else {
            continue;
        };
        let own = |leaf: &&crate::bash::script::Leaf| leaf.argv().first() == Some(&name.as_str());
        let recursive = subject.script.leaves.iter().filter(own).any(|leaf| {
            matches!(leaf.after, Join::Background | Join::Pipe) || leaf.before == Join::Pipe
        });
        if recursive {
            hits.ruin(
                *span,
                "A function starts itself over and over until the machine stops.",
            );
        }
    }
    let looped = subject.script.shapes.iter().any(|(shape, _)| matches!(shape, Shape::Keyword(word) if word == "while" || word == "until" || word == "for"));
    let background = subject
        .script
        .shapes
        .iter()
        .any(|(shape, _)| *shape == Shape::Background);
    for leaf in &subject.script.leaves {
        let endless = leaf.args().iter().any(|word| {
            matches!(
                word.text.trim_start_matches("if="),
                "/dev/zero" | "/dev/urandom" | "/dev/random" | "/dev/full"
            )
        });
        let bounded = leaf.is(&["head", "dd"])
            && leaf
                .args()
                .iter()
                .any(|word| word.text.starts_with("-c") || word.text.starts_with("count="));
        let writes = leaf
            .redirects
            .iter()
            .any(crate::bash::script::Redirect::writes);
        if endless && !bounded {
            hits.danger(leaf.span, "It reads from a device that never ends.");
        } else if leaf.is(&["yes"]) && (writes || leaf.after != Join::Pipe) {
            hits.danger(leaf.span, "It writes without end.");
        } else if leaf.is(&["stress", "stress-ng", "forkbomb"]) {
            hits.danger(leaf.span, "It puts the machine under load.");
        } else if leaf.is(&["fallocate", "truncate", "mkfile"])
            && leaf
                .args()
                .iter()
                .any(|word| word.text.ends_with(['T', 'P']) || word.text.ends_with("TB"))
        {
            hits.danger(leaf.span, "It fills the disk.");
        } else if leaf.is(&["ulimit"]) && leaf.has_arg(&["unlimited"]) {
            hits.danger(leaf.span, "It lifts a limit that protects the machine.");
        }
        let huge_braces = leaf
            .words
            .iter()
            .any(|word| word.has(&Live::Brace) && huge_range(&word.text));
        if huge_braces {
            hits.danger(leaf.span, "Braces become more words than memory holds.");
        }
    }
    if looped && background {
        hits.danger(
            Span {
                start: 0,
                end: subject.text.len(),
            },
            "A loop starts processes in the background.",
        );
    }
}

/// `{1..999999999}` or several ranges multiplied.
fn huge_range(text: &str) -> bool {
    let ranges = text.matches("..").count();
    let digits = text
        .split("..")
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .map(str::len)
        .max()
        .unwrap_or(0);
    ranges > 2 || digits > 6
}
