//! Files written by a redirection.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Origin;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in subject
        .script
        .leaves
        .iter()
        .filter(|leaf| leaf.origin != Origin::Wrapped)
    {
        for redirect in &leaf.redirects {
            let null = redirect
                .target
                .as_ref()
                .is_some_and(|word| word.text == "/dev/null" && word.plain())
                && redirect.operator != "<>";
            let named = redirect
                .descriptor
                .as_ref()
                .is_some_and(|descriptor| descriptor.starts_with('{'));
            let moves = redirect.duplicates()
                && redirect
                    .target
                    .as_ref()
                    .is_some_and(|word| word.text.len() > 1);
            if named || moves || (redirect.writes() && !null) {
                let target = redirect
                    .target
                    .as_ref()
                    .map_or("", |word| word.text.as_str());
                hits.ask(redirect.span, format!("It writes to `{target}`."));
            }
            if redirect.operator == "<&" && !redirect.duplicates() {
                hits.ask(redirect.span, "It reads from a descriptor nobody can name.");
            }
        }
        let bare = leaf.words.is_empty()
            && leaf
                .redirects
                .iter()
                .any(|redirect| !redirect.operator.starts_with("<<"));
        if bare || (leaf.is(&["exec"]) && !leaf.redirects.is_empty()) {
            hits.ask(
                leaf.span,
                "It redirects the shell itself, or only opens a file.",
            );
        }
    }
}
