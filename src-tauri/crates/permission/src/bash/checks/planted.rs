//! Programs named by a path: the file may be anything.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names;
use crate::bash::script::{Leaf, Origin};
use crate::bash::word::Word;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in subject
        .script
        .leaves
        .iter()
        .filter(|leaf| !matches!(leaf.origin, Origin::Wrapped) && !leaf.guessed)
    {
        if let Some(script) = script(leaf).filter(|word| is_shared(&word.text)) {
            hits.danger(
                script.span(),
                format!(
                    "`{}` is a file that anything may have put there.",
                    script.text
                ),
            );
        }
        let Some(word) = leaf.words.first().filter(|word| word.text.contains('/')) else {
            continue;
        };
        let text = word.text.as_str();
        let shared = is_shared(text)
            || text
                .split('/')
                .any(|part| part.starts_with('.') && !matches!(part, "." | ".."));
        let poses = !text.starts_with('/') && names_known(&leaf.name());
        if shared || poses {
            hits.danger(
                word.span(),
                format!("`{text}` is a file that anything may have put there."),
            );
        } else if !["/usr/bin/", "/bin/"].iter().any(|folder| {
            text.strip_prefix(folder)
                .is_some_and(|rest| !rest.contains('/'))
        }) {
            hits.ask(word.span(), format!("It runs the file `{text}`."));
        }
    }
}

/// What an interpreter or a shell is told to run.
fn script(leaf: &Leaf) -> Option<&Word> {
    let name = leaf.name();
    let runs = matches!(name.as_str(), "source" | ".")
        || names::is_shell(&name)
        || names::is_interpreter(&name);
    leaf.operands().next().filter(|_| runs)
}

/// A place that everybody may write to.
fn is_shared(text: &str) -> bool {
    const PLACES: &[&str] = &[
        "/tmp/",
        "/var/tmp/",
        "/dev/shm/",
        "/dev/fd/",
        "/proc/",
        "/dev/tcp/",
    ];
    PLACES.iter().any(|start| text.starts_with(start))
}

/// A file in the workspace that is named like a system program.
fn names_known(name: &str) -> bool {
    matches!(
        name,
        "ls" | "cat"
            | "git"
            | "grep"
            | "rg"
            | "find"
            | "sudo"
            | "ssh"
            | "node"
            | "python"
            | "python3"
            | "bash"
            | "sh"
            | "cargo"
            | "npm"
            | "head"
            | "tail"
            | "echo"
            | "pwd"
    )
}
