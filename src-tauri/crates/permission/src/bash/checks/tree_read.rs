//! Comparing whole folders: every file below is opened, hidden ones and
//! what links lead to.

use std::path::{Path, PathBuf};

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Leaf;
use crate::path::secret;

/// Bigger trees are not looked through.
const ENTRY_LIMIT: usize = 5_000;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (leaf, reading) in subject.script.leaves.iter().zip(subject.readings) {
        if !compares_deep(leaf) {
            continue;
        }
        let folders = reading
            .reads
            .iter()
            .flat_map(|operand| subject.places(leaf, &operand.text));
        for place in folders {
            match found(&place.resolved) {
                Found::Nothing => {}
                Found::Secret(path) => hits.guarded(
                    leaf.span,
                    format!(
                        "It also reads `{}`, which may hold secrets.",
                        path.display()
                    ),
                ),
                Found::Link(path) => hits.ask(
                    leaf.span,
                    format!("It follows the link `{}`.", path.display()),
                ),
                Found::TooMuch => {
                    hits.ask(leaf.span, "The folder is too big to look through.");
                }
            }
        }
    }
}

fn compares_deep(leaf: &Leaf) -> bool {
    leaf.is(&["diff"]) && (leaf.short('r') || leaf.long("recursive"))
}

/// What stands in a tree besides plain files.
enum Found {
    Nothing,
    Secret(PathBuf),
    Link(PathBuf),
    TooMuch,
}

fn found(folder: &Path) -> Found {
    let mut todo = vec![folder.to_path_buf()];
    let mut seen = 0;
    while let Some(folder) = todo.pop() {
        // A file, or nothing at all.
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            seen += 1;
            let path = entry.path();
            if seen > ENTRY_LIMIT {
                return Found::TooMuch;
            }
            if secret(&path).is_some() {
                return Found::Secret(path);
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => todo.push(path),
                Ok(kind) if kind.is_file() => {}
                _ => return Found::Link(path),
            }
        }
    }
    Found::Nothing
}
