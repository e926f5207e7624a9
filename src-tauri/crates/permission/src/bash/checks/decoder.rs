//! Decoded text that is then run.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names;
use crate::bash::script::{Join, Leaf, Origin};
use crate::bash::word::{Live, Word};

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    let leaves = &subject.script.leaves;
    let runs = leaves.iter().any(|leaf| {
        (names::is_shell(&leaf.name()) || leaf.is(&["eval", "source", "."]))
            && leaf.origin != Origin::Wrapped
    });
    for leaf in leaves {
        let name = leaf.name();
        let decodes = names::DECODERS.contains(&name.as_str())
            && (leaf.after == Join::Pipe || leaf.origin != Origin::Top);
        let plain_print = name == "printf"
            && !leaf.args().iter().any(|word| {
                word.text.contains("\\x") || word.text.contains("\\0") || word.text.contains("\\1")
            });
        if runs && decodes && !plain_print {
            hits.danger(
                leaf.span,
                format!("`{name}` decodes text that is then run."),
            );
        }
    }
    names(subject, hits);
}

/// `cat $(echo LmVudg== | base64 -d)`: the decoded text is a name.
fn names(subject: &Subject<'_>, hits: &mut Hits) {
    let leaves = &subject.script.leaves;
    let takes = |leaf: &&Leaf| {
        let shows = ["echo", "printf", "test", "[", "[[", "export"];
        leaf.origin == Origin::Top
            && !leaf.is(&shows)
            && leaf.args().iter().any(|word| word.has(&Live::Substitution))
    };
    let Some(taker) = leaves.iter().find(takes) else {
        return;
    };
    let nested = leaves.iter().filter(|leaf| leaf.origin == Origin::Nested);
    for leaf in nested.filter(|leaf| spells(leaf)) {
        hits.danger(
            leaf.span,
            format!("`{}` hides what `{}` is given.", leaf.name(), taker.name()),
        );
    }
}

/// Turns a text that says nothing into one that does.
fn spells(leaf: &Leaf) -> bool {
    let escapes = |word: &Word| {
        ["\\x", "\\0", "\\1", "\\u"]
            .iter()
            .any(|start| word.text.contains(start))
    };
    match leaf.name().as_str() {
        "base64" | "base32" | "basenc" => leaf.short('d') || leaf.short('D') || leaf.long("decode"),
        "xxd" => leaf.short('r'),
        "rev" => true,
        "printf" | "echo" => leaf.args().iter().any(escapes),
        _ => false,
    }
}
