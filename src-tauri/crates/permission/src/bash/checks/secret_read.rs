//! Keys, passwords and tokens as input of any command.

use std::collections::HashSet;
use std::path::PathBuf;

use super::Hits;
use crate::bash::Subject;
use crate::bash::login;
use crate::bash::path_in;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (_, word, place) in subject.reads() {
        if let Some(why) = login::secret(&place) {
            hits.guarded(
                word.span(),
                format!("It reads `{}`: {why}.", place.resolved.display()),
            );
        }
    }
    // The tails of a wrapper hold the same words again and again.
    let mut seen: HashSet<(usize, &str, &[PathBuf])> = HashSet::new();
    for (leaf, reading) in subject.script.leaves.iter().zip(subject.readings) {
        // A schema that refused something has not read all of it.
        let settled = reading.listed && reading.refused.is_empty();
        if settled || leaf.is(&["echo", "printf", "git", "mkdir", "touch"]) {
            continue;
        }
        for word in leaf.args() {
            let Some(text) = path_in(&word.text) else {
                continue;
            };
            if !seen.insert((word.start, text, &leaf.folders)) {
                continue;
            }
            if let Some((place, why)) = subject
                .places(leaf, text)
                .find_map(|place| place.secret().map(|why| (place, why)))
            {
                hits.guarded(
                    word.span(),
                    format!("It touches `{}`: {why}.", place.requested.display()),
                );
            }
        }
    }
}
