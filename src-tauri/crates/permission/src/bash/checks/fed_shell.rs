//! Shells and interpreters that take their commands from what another
//! command prints, by a longer way than a pipe right before them.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names;
use crate::bash::script::{Join, Leaf, Origin};
use crate::bash::word::{Live, Word};

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    let mut piped = false;
    for leaf in &subject.script.leaves {
        let bare = reads_input(leaf) && !leaf.guessed;
        if bare && (leaf.origin == Origin::Process || piped) {
            hits.danger(
                leaf.span,
                format!("`{}` runs what another command prints.", leaf.name()),
            );
        }
        piped |= leaf.after == Join::Pipe || leaf.before == Join::Pipe;
        let takes_lines = leaf.is(&["parallel", "xargs", "at", "batch"]);
        let runs_them = leaf.operands().count() == 0 && !leaf.is(&["xargs"])
            || leaf
                .operands()
                .next()
                .is_some_and(|word| word.text.contains("{}"));
        if takes_lines && runs_them && !leaf.guessed {
            hits.danger(leaf.span, "Its input says which programs it runs.");
        }
        let from_command = leaf.redirects.iter().any(|redirect| {
            let target = redirect.target.as_ref();
            target.is_some_and(|word| word.has(&Live::Process))
        });
        if from_command && names::is_shell(&leaf.name()) {
            hits.danger(leaf.span, "A shell runs what another command prints.");
        }
        if takes_rules(leaf) {
            hits.danger(leaf.span, "It runs the rules it is fed.");
        }
    }
}

/// Its program or rules come from its input.
fn takes_rules(leaf: &Leaf) -> bool {
    const PROGRAMS: &[&str] = &[
        "make", "gmake", "sed", "gsed", "awk", "gawk", "mawk", "nawk",
    ];
    let fed = |pair: &[Word]| matches!(pair, [option, value] if option.text == "-f" && (value.text == "-" || value.has(&Live::Process)));
    leaf.is(PROGRAMS) && (leaf.has_arg(&["-f-", "/dev/stdin"]) || leaf.args().windows(2).any(fed))
}

/// A shell or interpreter without a program of its own.
fn reads_input(leaf: &Leaf) -> bool {
    let name = leaf.name();
    let filters = leaf.is(&[
        "awk", "gawk", "mawk", "nawk", "sed", "gsed", "bc", "dc", "jq", "sqlite3", "go", "java",
    ]);
    let runs = names::is_shell(&name)
        || (names::is_interpreter(&name) && !filters)
        || matches!(name.as_str(), "source" | "." | "eval");
    let alone = leaf
        .operands()
        .all(|word| word.text == "-" || word.text.starts_with("/dev/"));
    runs && alone && !leaf.short('c') && !leaf.short('e') && !leaf.short('m')
}
