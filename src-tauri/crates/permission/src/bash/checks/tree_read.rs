//! Comparing whole folders: every file below is opened, hidden ones and
//! what links lead to.

use std::path::{Path, PathBuf};

use super::Hits;
use super::deep_read::expanded;
use crate::bash::Subject;
use crate::bash::login::holds_login;
use crate::bash::script::Leaf;
use crate::bash::walk::{Entry, TooMuch, Walk, walk};
use crate::path::secret;

/// Bigger trees are not looked through.
const ENTRY_LIMIT: usize = 5_000;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (leaf, reading) in subject.script.leaves.iter().zip(subject.readings) {
        if !leaf.is(&["diff"]) {
            continue;
        }
        let depth = if is_deep(leaf) { usize::MAX } else { 0 };
        let folders = reading
            .reads
            .iter()
            .flat_map(|operand| subject.places(leaf, &operand.text))
            .flat_map(|place| expanded(&place.resolved));
        for folder in folders {
            match found(&folder, depth) {
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

fn is_deep(leaf: &Leaf) -> bool {
    leaf.short('r') || leaf.long("recursive")
}

/// What stands in a tree besides plain files.
enum Found {
    Nothing,
    Secret(PathBuf),
    Link(PathBuf),
    TooMuch,
}

fn found(folder: &Path, depth: usize) -> Found {
    let rules = Walk {
        hidden: true,
        foreign: true,
        depth,
        limit: ENTRY_LIMIT,
    };
    let judge = |entry: &Entry| {
        let path = entry.path.clone();
        if secret(&path).is_some() || holds_login(&path) {
            Some(Found::Secret(path))
        } else if entry.kind.is_dir() || entry.kind.is_file() {
            None
        } else {
            Some(Found::Link(path))
        }
    };
    match walk(folder, rules, judge) {
        Ok(found) => found.unwrap_or(Found::Nothing),
        Err(TooMuch) => Found::TooMuch,
    }
}
