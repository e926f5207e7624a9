//! Text handed to a shell as commands.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names;
use crate::bash::word::Live;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        let name = leaf.name();
        let computed = leaf
            .args()
            .iter()
            .any(|word| word.has(&Live::Substitution) || word.has(&Live::Process));
        match name.as_str() {
            // `yq eval`: only a word of another program.
            "eval" if leaf.guessed => {}
            "eval" => hits.danger(leaf.span, "`eval` runs text as commands."),
            "source" | "." if leaf.args().is_empty() => {}
            "source" | "." => {
                let device = leaf.first_arg().starts_with("/dev/") || computed;
                let reason = "It runs a file as commands in this shell.";
                if device {
                    hits.danger(leaf.span, reason)
                } else {
                    hits.ask(leaf.span, reason)
                }
            }
            _ if names::is_shell(&name) => {
                let reason = "It starts a shell with commands of its own.";
                if computed
                    || !leaf.redirects.is_empty()
                        && leaf
                            .redirects
                            .iter()
                            .any(|redirect| redirect.operator.starts_with("<<"))
                {
                    hits.danger(leaf.span, reason);
                } else {
                    hits.ask(leaf.span, reason);
                }
            }
            _ => {}
        }
    }
}
