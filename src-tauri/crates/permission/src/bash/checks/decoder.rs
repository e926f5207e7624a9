//! Decoded text that is then run.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names;
use crate::bash::script::{Join, Origin};

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
}
