//! Output that a shell or an interpreter runs.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names;
use crate::bash::script::{Join, Leaf};

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in subject
        .script
        .leaves
        .iter()
        .filter(|leaf| leaf.before == Join::Pipe)
    {
        let name = leaf.name();
        let interpreter = names::is_interpreter(&name) && reads_program(leaf);
        if names::is_shell(&name) || interpreter || matches!(name.as_str(), "source" | "." | "eval")
        {
            hits.danger(
                leaf.span,
                format!("`{name}` runs whatever the command before it prints."),
            );
        }
        if name == "xargs"
            && leaf
                .args()
                .iter()
                .any(|word| names::is_shell(&word.text) || is_destroyer(&word.text))
        {
            hits.danger(
                leaf.span,
                "It runs a command on whatever the command before it prints.",
            );
        }
    }
}

fn is_destroyer(text: &str) -> bool {
    matches!(
        text,
        "rm" | "shred"
            | "unlink"
            | "mv"
            | "chmod"
            | "chown"
            | "kill"
            | "dd"
            | "truncate"
            | "eval"
            | "git"
    )
}

/// True when the interpreter takes its program from the pipe.
fn reads_program(leaf: &Leaf) -> bool {
    if leaf.is(&[
        "awk", "gawk", "mawk", "nawk", "sed", "gsed", "bc", "dc", "m4", "sqlite3", "go", "java",
    ]) {
        return leaf.has_arg(&["-f-", "/dev/stdin"]);
    }
    leaf.operands()
        .all(|word| word.text == "-" || word.text == "/dev/stdin")
        && !leaf.short('c')
        && !leaf.short('e')
        && !leaf.short('m')
}
