//! Programs that are not plainly read-only. An allow rule answers this.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names;
use crate::bash::script::Origin;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    let leaves = subject
        .script
        .leaves
        .iter()
        .zip(subject.readings)
        .enumerate();
    for (index, (leaf, reading)) in leaves.filter(|(_, (leaf, _))| {
        matches!(leaf.origin, Origin::Top | Origin::Nested | Origin::Process)
    }) {
        if leaf.words.is_empty() || leaf.settled || reading.listed {
            continue;
        }
        hits.ask_leaf(index, leaf.span, reason(&leaf.name()));
    }
}

fn reason(name: &str) -> String {
    if name == "git" {
        return "`git` runs programs that the repository's configuration names.".to_owned();
    }
    if names::is_shell(name) {
        return format!("`{name}` is a shell and runs what it is told.");
    }
    if names::INSTALLERS.contains(&name) {
        return format!("`{name}` installs or runs code of others.");
    }
    if names::BUILDERS.contains(&name) {
        return format!("`{name}` runs what the project's files say.");
    }
    if names::is_interpreter(name) {
        return format!("`{name}` runs a program.");
    }
    if names::WRAPPERS.contains(&name) {
        return format!("`{name}` runs another command.");
    }
    if names::NETWORK.contains(&name) {
        return format!("`{name}` talks to another machine.");
    }
    format!("`{name}` is not on the list of plainly read-only programs.")
}
