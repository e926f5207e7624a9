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
            if redirect
                .target
                .as_ref()
                .is_some_and(|word| !word.quoted && word.text.starts_with(['!', '|']))
            {
                hits.danger(redirect.span, "zsh reads this redirection differently.");
            }
        }
    }
    let qualified = subject.script.words().any(|word| {
        word.has(&Live::Glob)
            && subject
                .text
                .get(word.end..)
                .is_some_and(|rest| rest.starts_with('('))
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
