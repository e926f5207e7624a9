//! Syntax only zsh knows: another shell would read the line differently.

use super::Hits;
use crate::bash::Subject;
use crate::bash::word::Live;
use protocol::Span;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        if leaf.is(&[
            "zmodload",
            "zcompile",
            "autoload",
            "noglob",
            "nocorrect",
            "repeat",
            "emulate",
            "setopt",
            "unsetopt",
            "zstyle",
            "zle",
            "ztcp",
            "zsystem",
            "sysopen",
            "syswrite",
            "ztie",
            "zpty",
        ]) {
            hits.danger(
                leaf.span,
                format!(
                    "`{}` is a word of zsh with an effect of its own.",
                    leaf.name()
                ),
            );
        }
        for word in &leaf.words {
            let text = word.text.as_str();
            let program = text.starts_with('=')
                && !word.quoted
                && text[1..].starts_with(|c: char| c.is_ascii_alphabetic());
            let qualifier = word.has(&Live::Glob) && !word.quoted && text.contains('^');
            if program || qualifier {
                hits.ask(word.span(), "zsh would replace this word.");
            }
        }
        for redirect in &leaf.redirects {
            let forced = match &redirect.target {
                Some(word) => !word.quoted && word.text.starts_with(['!', '|']),
                None => follows(subject, redirect.span.end, '|'),
            };
            if forced {
                hits.danger(redirect.span, "zsh reads this redirection differently.");
            }
        }
    }
    let qualified = subject.script.words().any(|word| {
        let runs = word.has(&Live::Glob) || (word.text.ends_with('=') && !word.quoted);
        runs && follows(subject, word.end, '(')
    });
    if qualified {
        hits.danger(
            Span {
                start: 0,
                end: subject.text.len(),
            },
            "zsh would run the code in the parentheses.",
        );
    }
}

/// True when this is the next character of the line.
fn follows(subject: &Subject<'_>, at: usize, wanted: char) -> bool {
    let rest = subject.text.get(at..);
    rest.is_some_and(|rest| rest.starts_with(wanted))
}
