//! Guarded places named inside of a text: in the program of an interpreter,
//! in an option, in a here-document.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names;
use crate::bash::script::Leaf;

/// Longer texts are not looked through to the end.
const PIECES: usize = 400;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (leaf, reading) in subject.script.leaves.iter().zip(subject.readings) {
        let settled = reading.listed && reading.refused.is_empty();
        if settled || says_only(leaf) {
            continue;
        }
        let code = names::is_interpreter(&leaf.name());
        for text in texts(leaf) {
            for path in paths(text) {
                judge(subject, leaf, path, code, hits);
            }
        }
    }
}

/// Messages and content may name any place.
fn says_only(leaf: &Leaf) -> bool {
    leaf.guessed
        || leaf.is(&[
            "git", "gh", "glab", "echo", "printf", "tee", "cat", "touch", "mkdir", "find", "fd",
            "rg", "grep", "ls", "jq",
        ])
}

fn texts(leaf: &Leaf) -> impl Iterator<Item = &str> {
    let fed = leaf
        .redirects
        .iter()
        .filter(|redirect| redirect.operator == "<<<")
        .filter_map(|redirect| redirect.target.as_ref());
    let words = leaf.args().iter().chain(fed).map(|word| word.text.as_str());
    words
        .filter(|text| text.contains(['(', '"', '\'', ' ', '=', ',']))
        .chain(leaf.bodies.iter().map(String::as_str))
}

/// Parts of a text that may be paths.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || "/._~-+@".contains(c)))
        .map(|part| part.trim_start_matches('@'))
        .filter(|part| part.contains('/') || part.starts_with('.'))
        .filter(|part| part.len() > 3)
        .take(PIECES)
}

fn judge(subject: &Subject<'_>, leaf: &Leaf, path: &str, code: bool, hits: &mut Hits) {
    for place in subject.places(leaf, path) {
        let shown = place.requested.display();
        if let Some(why) = place.secret() {
            hits.guarded(leaf.span, format!("A text in it names `{shown}`: {why}."));
        } else if let Some(why) = place.protected().filter(|_| code && configures(path)) {
            hits.danger(
                leaf.span,
                format!("The program in it may change `{shown}`: {why}."),
            );
        }
    }
}

/// Not what merely lies in a folder of the system.
fn configures(path: &str) -> bool {
    !["/usr/", "/bin/", "/lib", "/dev/", "/proc/", "/sys/"]
        .iter()
        .any(|start| path.starts_with(start))
}
