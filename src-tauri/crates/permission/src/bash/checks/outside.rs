//! Reading outside of the workspace, or where a link leads out of it.

use super::Hits;
use crate::bash::Subject;
use crate::bash::word::Live;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (_, word, place) in subject.reads() {
        let shown = place.resolved.display();
        if !place.inside && place.linked && subject.ground.relative(&place.requested).is_some() {
            hits.danger(
                word.span(),
                format!("A link in it leads out of the workspace, to `{shown}`."),
            );
        } else if !place.inside {
            hits.ask(
                word.span(),
                format!("It reads `{shown}`, outside of the workspace."),
            );
        }
        if word.has(&Live::Glob) && hidden_wildcard(&word.text) {
            hits.ask(word.span(), "The wildcard takes in hidden files.");
        }
    }
    linked_matches(subject, hits);
}

/// A wildcard right after a dot, or where a folder's name should be.
fn hidden_wildcard(text: &str) -> bool {
    let mut parts = text.rsplit('/');
    let last = parts.next().unwrap_or_default();
    let wild = |part: &str| part.contains(['*', '?', '[']);
    (last.starts_with('.') && wild(last))
        || parts.any(|part| wild(part) && (part.contains('.') || part.starts_with(['?', '['])))
}

/// A wildcard may match a link that leads elsewhere: looks at the folder's
/// entries when it can, and asks when it cannot.
fn linked_matches(subject: &Subject<'_>, hits: &mut Hits) {
    for (_, word, place) in subject.reads().filter(|(_, word, _)| word.has(&Live::Glob)) {
        let Some(folder) = place.requested.parent() else {
            continue;
        };
        if folder.to_string_lossy().contains(['*', '?', '[']) {
            hits.ask(
                word.span(),
                "A wildcard stands for a folder, which may be a link.",
            );
            continue;
        }
        let Ok(entries) = std::fs::read_dir(folder) else {
            continue;
        };
        let mut seen = 0_usize;
        let leads_out = entries.flatten().any(|entry| {
            seen += 1;
            let link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
            seen > ENTRY_LIMIT || (link && !subject.ground.place(&entry.path(), folder).inside)
        });
        if leads_out {
            hits.ask(
                word.span(),
                "The wildcard may match a link that leads out of the workspace.",
            );
        }
    }
}

/// Bigger folders are not looked through.
const ENTRY_LIMIT: usize = 2_000;
