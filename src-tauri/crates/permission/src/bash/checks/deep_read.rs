//! Searches through a whole folder that holds secrets among its files.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::{Leaf, Origin};
use crate::path::secret;

/// Bigger folders are not looked through.
const ENTRY_LIMIT: usize = 2_000;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (leaf, reading) in subject.script.leaves.iter().zip(subject.readings) {
        if leaf.origin != Origin::Top || !searches_deep(leaf) {
            continue;
        }
        let named = reading
            .reads
            .iter()
            .flat_map(|operand| subject.places(leaf, &operand.text).collect::<Vec<_>>());
        let mut folders: Vec<_> = named.map(|place| place.resolved).collect();
        if folders.is_empty() {
            folders.clone_from(&leaf.folders);
        }
        for folder in folders {
            let Ok(entries) = std::fs::read_dir(&folder) else {
                continue;
            };
            let mut paths = entries
                .flatten()
                .take(ENTRY_LIMIT)
                .map(|entry| entry.path());
            if let Some(path) = paths.find(|path| secret(path).is_some()) {
                hits.guarded(
                    leaf.span,
                    format!(
                        "It also searches `{}`, which may hold secrets.",
                        path.display()
                    ),
                );
            }
        }
    }
}

/// True for a search that opens every file below, hidden ones too.
fn searches_deep(leaf: &Leaf) -> bool {
    let everything = ["hidden", "no-ignore", "unrestricted"]
        .iter()
        .any(|name| leaf.long(name));
    match leaf.name().as_str() {
        "grep" | "egrep" | "fgrep" => leaf.short('r') || leaf.long("recursive"),
        "rg" => everything || leaf.short('u') || leaf.short('.'),
        _ => false,
    }
}
