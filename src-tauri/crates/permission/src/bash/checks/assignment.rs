//! Variables set for a command or for all that follow.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Leaf;
use crate::bash::variables::powerful;
use crate::bash::word::{Live, Word};
use protocol::Span;

/// They name variables without `=`.
const STORES: &[&str] = &["read", "mapfile", "readarray", "getopts", "printf", "vared"];

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for word in subject.script.words() {
        if let Some(name) = set_within(word) {
            hits.danger(word.span(), obeyed(name));
        }
    }
    // `make CFLAGS='-O2 -g'` is text for `make`, not an assignment here.
    let leaves = subject.script.leaves.iter();
    for leaf in leaves.filter(|leaf| !leaf.settled && !leaf.guessed) {
        // `for PATH in .` sets it as well.
        if leaf.is(&["for", "select"]) && powerful(leaf.first_arg()) {
            hits.danger(leaf.span, obeyed(leaf.first_arg()));
        }
        for word in &leaf.assignments {
            judge(&word.text, word.span(), hits);
        }
        if leaf.is(&[
            "export",
            "declare",
            "typeset",
            "local",
            "readonly",
            "env",
            "cross-env",
            "sudo",
            "doas",
            "set",
            "setenv",
            "unset",
            "read",
            "mapfile",
            "readarray",
            "getopts",
            "let",
        ]) {
            for word in leaf.args() {
                judge(&word.text, word.span(), hits);
            }
        }
        // `declare -n ref=PATH`: a second name for it.
        let refers = leaf.is(&["declare", "typeset", "local"]) && leaf.short('n');
        for word in leaf.args().iter().filter(|_| refers) {
            let target = word.text.split('=').nth(1).unwrap_or_default();
            if powerful(target) {
                hits.danger(word.span(), obeyed(target));
            }
        }
        for word in leaf.args().iter().filter(|_| stores(leaf)) {
            if powerful(&word.text) {
                hits.danger(word.span(), obeyed(&word.text));
            }
        }
    }
}

/// `${PATH:=.}` sets a variable in the middle of a word.
fn set_within(word: &Word) -> Option<&str> {
    word.live.iter().find_map(|live| match live {
        Live::Parameter(inner) => {
            let (name, _) = inner.split_once('=')?;
            let name = name.trim_end_matches(':');
            powerful(name).then_some(name)
        }
        _ => None,
    })
}

/// `printf` stores with `-v` only.
fn stores(leaf: &Leaf) -> bool {
    leaf.is(STORES) && (!leaf.is(&["printf"]) || leaf.has_arg_start("-v"))
}

fn obeyed(name: &str) -> String {
    format!("`{name}` decides what later programs run or load.")
}

fn judge(text: &str, span: Span, hits: &mut Hits) {
    let name = text.split(['=', '+', '[']).next().unwrap_or_default();
    if powerful(name) && text.contains('=') {
        hits.danger(span, obeyed(name));
    } else if text.contains('=') {
        hits.ask(span, format!("It sets `{name}`, which a program may obey."));
    }
}
