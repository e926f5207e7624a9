//! What a wildcard may match besides the files it seems to mean: hidden
//! files, links that lead out, secrets.

use std::path::Path;

use globset::{Glob, GlobMatcher};

use super::Hits;
use crate::bash::Subject;
use crate::bash::login;
use crate::bash::word::Live;

/// Bigger folders are not looked through.
const ENTRY_LIMIT: usize = 2_000;
/// More wildcards than these are not looked up: each has its folder read, and
/// a command of 10,000 bytes has room for thousands.
const WORD_LIMIT: usize = 32;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    let words = subject.reads().filter(|(_, word, _)| word.has(&Live::Glob));
    for (seen, (_, word, place)) in words.enumerate() {
        if seen >= WORD_LIMIT {
            hits.ask(
                word.span(),
                "It has more wildcards than can be looked up in time.",
            );
            return;
        }
        let (folder, name) = match (place.requested.parent(), place.requested.file_name()) {
            (Some(folder), Some(name)) => (folder, name.to_string_lossy()),
            _ => continue,
        };
        let parts = || word.text.split('/');
        let climbs = parts()
            .skip_while(|part| !is_wild(part))
            .any(|part| part == "..");
        if climbs || is_wild(&folder.to_string_lossy()) {
            hits.ask(
                word.span(),
                "A wildcard stands for a folder, which may be a link.",
            );
        } else if name.starts_with('.') && is_wild(&name) {
            hits.ask(word.span(), "The wildcard takes in hidden files.");
        } else if let Ok(glob) = Glob::new(&name) {
            let bare = !word.text.contains('/');
            if let Some(why) = matched(subject, folder, &glob.compile_matcher(), bare) {
                hits.guarded(word.span(), why);
            }
        } else {
            hits.ask(word.span(), "The wildcard can't be looked up.");
        }
    }
}

fn is_wild(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Looks at the entries of `folder` that the wildcard matches; a bare one
/// stands there without a folder before it.
fn matched(subject: &Subject<'_>, folder: &Path, glob: &GlobMatcher, bare: bool) -> Option<String> {
    let entries = std::fs::read_dir(folder).ok()?;
    for (seen, entry) in entries.flatten().enumerate() {
        if seen > ENTRY_LIMIT {
            return Some("The wildcard stands in a folder too big to look through.".to_owned());
        }
        let name = entry.file_name();
        // Shells count and fold other letters in ways of their own.
        let shown = name.to_string_lossy();
        let fits = glob.is_match(Path::new(&name)) || !shown.is_ascii();
        if shown.starts_with('.') || !fits {
            continue;
        }
        if bare && (shown.starts_with(['-', '@', '+']) || shown.contains('=')) {
            return Some(format!(
                "The wildcard matches `{}`, which would be more than a file.",
                name.to_string_lossy()
            ));
        }
        let place = subject.ground.place(&entry.path(), folder);
        if let Some(why) = login::secret(&place) {
            return Some(format!(
                "The wildcard matches `{}`: {why}.",
                name.to_string_lossy()
            ));
        }
        if !place.inside && entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
            return Some(format!(
                "The wildcard matches the link `{}`, which leads out of the workspace.",
                name.to_string_lossy()
            ));
        }
    }
    None
}
