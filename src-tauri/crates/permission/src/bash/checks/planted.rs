//! Programs named by a path: the file may be anything.

use std::path::PathBuf;

use super::Hits;
use crate::bash::Subject;
use crate::bash::names;
use crate::bash::script::{Leaf, Origin};
use crate::bash::word::Word;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    let leaves = subject.script.leaves.iter();
    for leaf in leaves.filter(|leaf| leaf.origin != Origin::Wrapped && !leaf.guessed) {
        judge(leaf, hits);
        let shared = |folder: &PathBuf| {
            let away = subject.ground.relative(folder).is_none();
            away && is_shared(&format!("{}/", folder.display()))
        };
        let first = leaf
            .words
            .first()
            .filter(|word| word.text.starts_with("./"));
        if let Some(word) = first.filter(|_| leaf.folders.iter().any(shared)) {
            hits.danger(word.span(), planted(&word.text));
        }
        for run in leaf.handed_on() {
            judge(&run, hits);
        }
    }
}

fn judge(leaf: &Leaf, hits: &mut Hits) {
    if let Some(script) = script(leaf).filter(|word| is_shared(&word.text)) {
        hits.danger(script.span(), planted(&script.text));
    }
    let Some(word) = leaf.words.first().filter(|word| word.text.contains('/')) else {
        return;
    };
    let text = word.text.as_str();
    let shared = is_shared(text)
        || text
            .split('/')
            .any(|part| part.starts_with('.') && !matches!(part, "." | ".."));
    let poses = !text.starts_with('/') && names_known(&leaf.name());
    let is_of_system = ["/usr/bin/", "/bin/"].iter().any(|folder| {
        text.strip_prefix(folder)
            .is_some_and(|rest| !rest.contains('/'))
    });
    if shared || poses {
        hits.danger(word.span(), planted(text));
    } else if !is_of_system {
        hits.ask(word.span(), format!("It runs the file `{text}`."));
    }
}

fn planted(text: &str) -> String {
    format!("`{text}` is a file that anything may have put there.")
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
