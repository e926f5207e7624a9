//! Programs named by a path: the file may be anything.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Origin;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in subject
        .script
        .leaves
        .iter()
        .filter(|leaf| !matches!(leaf.origin, Origin::Wrapped) && !leaf.guessed)
    {
        let Some(word) = leaf.words.first().filter(|word| word.text.contains('/')) else {
            continue;
        };
        let text = word.text.as_str();
        let shared = [
            "/tmp/",
            "/var/tmp/",
            "/dev/shm/",
            "/dev/fd/",
            "/proc/",
            "/dev/tcp/",
        ]
        .iter()
        .any(|start| text.starts_with(start))
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
