//! Names of secret files that reach a reader as data: through `xargs`, a
//! substitution or a loop, or out of the history of git.

use std::collections::HashSet;
use std::path::Path;

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::{Leaf, Origin};
use crate::path::secret;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    let leaves = &subject.script.leaves;
    let carries = leaves.iter().any(|leaf| {
        let runs = ["-exec", "-execdir", "-x", "-X", "--exec", "--exec-batch"];
        leaf.is(&["xargs", "gxargs", "parallel", "read", "for"])
            || leaf.is(&["find", "fd", "fdfind"]) && leaf.has_arg(&runs)
    });
    let mut seen: HashSet<(&str, usize, bool)> = HashSet::new();
    for leaf in leaves {
        let inner = matches!(leaf.origin, Origin::Nested | Origin::Process);
        if !(carries || inner || leaf.is(&["git"])) {
            continue;
        }
        let is_git = leaf.is(&["git"]);
        for word in leaf.args() {
            if !seen.insert((&word.text, word.start, is_git)) {
                continue;
            }
            let name = match is_git {
                // `git show HEAD:.env`
                true => word.text.split_once(':').map(|(_, path)| path),
                false => Some(word.text.trim_matches(['*', '\'', '"'])),
            };
            if let Some(why) = name.and_then(|name| named(leaf, name)) {
                hits.danger(
                    word.span(),
                    format!("The name of a secret file is handed on: {why}."),
                );
            }
        }
    }
}

/// Why the name is one of a secret file.
fn named(leaf: &Leaf, name: &str) -> Option<&'static str> {
    let is_option = name.starts_with('-') || leaf.is(&["for"]) && name == "in";
    secret(Path::new(name)).filter(|_| !is_option && !name.is_empty())
}
