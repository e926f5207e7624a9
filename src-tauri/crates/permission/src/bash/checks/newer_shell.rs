//! Syntax of zsh and of newer versions of bash that runs commands where an
//! older bash sees a word, or that evaluates quoted text.

use super::Hits;
use crate::bash::Subject;
use crate::bash::word::{Live, Word};
use protocol::Span;

const RUNS: &str = "Another shell runs the command in this.";

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for word in subject.script.words() {
        // `${ cmd; }`, `${| cmd; }`; zsh: `${(e)x}`, `${${…}}`.
        let runs = |live: &Live| {
            matches!(live, Live::Parameter(inner)
                if inner.starts_with([' ', '\n', '\t', '|', '(']) || inner.starts_with("${"))
        };
        if word.live.iter().any(runs) {
            hits.danger(word.span(), RUNS);
        }
    }
    for leaf in &subject.script.leaves {
        let first = leaf.words.first();
        if let Some(word) = first.filter(|word| equals(word) && !leaf.guessed) {
            hits.danger(word.span(), RUNS);
        }
        let lone = |text: &str| {
            leaf.args()
                .iter()
                .any(|word| word.text == text && !word.quoted)
        };
        if lone("}") && lone("{") {
            hits.danger(leaf.span, RUNS);
        }
        let condition = leaf.words.last().is_some_and(|word| word.text == "]]");
        let subscript = |word: &Word| {
            word.text.contains('[') && (word.text.contains("$(") || word.text.contains('`'))
        };
        if let Some(word) = leaf.words.iter().find(|word| condition && subscript(word)) {
            hits.danger(
                word.span(),
                "The test runs the command inside of this text.",
            );
        }
        let rebinds = match leaf.name().as_str() {
            "hash" => leaf.operands().any(|word| word.text.contains('=')),
            "typeset" | "declare" | "local" => leaf.short('T'),
            "bindkey" | "zargs" | "zmv" | "zcp" | "zln" | "sched" | "always" | "vared" => true,
            "print" => leaf.short('P') || leaf.short('z') || leaf.short('S'),
            _ => false,
        };
        if rebinds && !leaf.guessed {
            hits.danger(
                leaf.span,
                format!("`{}` of zsh changes or runs later commands.", leaf.name()),
            );
        }
    }
    odd_parentheses(subject, hits);
}

/// `=cmd` in the place of a program.
fn equals(word: &Word) -> bool {
    !word.quoted && word.text.len() > 1 && word.text.starts_with('=')
}

/// `=(cmd)`, `file(e:…:)`: parentheses right behind a word.
fn odd_parentheses(subject: &Subject<'_>, hits: &mut Hits) {
    let whole = Span {
        start: 0,
        end: subject.text.len(),
    };
    let process = subject.text.match_indices("=(").any(|(at, _)| {
        let before = subject.text.get(..at).unwrap_or_default();
        before.ends_with([' ', '\t', '\n', ';', '|', '&']) || before.is_empty()
    });
    let qualifier = ["(e:", "(e{", "(e[", "(+", "(#q", "(e'", "(e\""]
        .iter()
        .any(|part| {
            subject.text.contains(&format!("*{part}"))
                || subject.text.contains(&format!("}}{part}"))
        });
    if process || qualifier {
        hits.danger(whole, RUNS);
    }
}
