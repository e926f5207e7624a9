//! Variables set for a command or for all that follow.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names::among;
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
        let prefixed = !leaf.words.is_empty();
        for word in &leaf.assignments {
            if prefixed && word.plain() && is_plain_setting(&word.text) {
                continue;
            }
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
            let known =
                |word: &&Word| leaf.is(&["env"]) && word.plain() && is_plain_setting(&word.text);
            for word in leaf.args().iter().filter(|word| !known(word)) {
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

/// How a program writes, and nothing more: `LC_ALL=C`, `NO_COLOR=1`. A value
/// with a path would load a file.
pub(in crate::bash) fn is_plain_setting(text: &str) -> bool {
    const NAMES: &str = "LC_ALL LC_COLLATE LC_CTYPE LC_NUMERIC LC_TIME LC_MESSAGES LANG LANGUAGE TZ NO_COLOR \
        CLICOLOR COLUMNS LINES FORCE_COLOR";
    let Some((name, value)) = text.split_once('=') else {
        return false;
    };
    let quiet = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.@".contains(&byte);
    let zone = |value: &str| {
        value
            .split_once('/')
            .is_some_and(|(area, city)| is_word(area) && is_word(city))
    };
    among(NAMES, name) && (value.bytes().all(quiet) || (name == "TZ" && zone(value)))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_')
}

fn judge(text: &str, span: Span, hits: &mut Hits) {
    let name = text.split(['=', '+', '[']).next().unwrap_or_default();
    if powerful(name) && text.contains('=') {
        hits.danger(span, obeyed(name));
    } else if text.contains('=') {
        hits.ask(span, format!("It sets `{name}`, which a program may obey."));
    }
}
