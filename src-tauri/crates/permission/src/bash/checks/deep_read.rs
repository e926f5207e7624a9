//! Searches and comparisons that open the files of whole folders, where
//! secrets or links that lead out may lie among them.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::{Join, Leaf, Origin};
use crate::path::secret;

/// Bigger folders are not looked through.
const ENTRY_LIMIT: usize = 2_000;
/// Secrets lie near the top; what is deeper is mostly the code of others.
const DEPTH_LIMIT: usize = 3;
/// Folders of others' files, which hold keys for tests.
const FOREIGN: &[&str] = &["node_modules", "target", "vendor", ".venv", "venv", ".git"];
/// Names a wildcard for secrets would match.
const SAMPLES: &[&str] = &[
    ".env",
    ".env.local",
    ".npmrc",
    ".netrc",
    "id_rsa",
    "x.pem",
    "x.key",
];

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (leaf, reading) in subject.script.leaves.iter().zip(subject.readings) {
        if !matches!(leaf.origin, Origin::Top | Origin::Nested | Origin::Process) {
            continue;
        }
        let Some(search) = Search::of(leaf) else {
            continue;
        };
        if search.aims_at_secrets() {
            hits.guarded(leaf.span, "It searches files that are named like secrets.");
        }
        let named = reading
            .reads
            .iter()
            .flat_map(|operand| subject.places(leaf, &operand.text).collect::<Vec<_>>());
        let mut folders: Vec<PathBuf> =
            named.flat_map(|place| expanded(&place.requested)).collect();
        if folders.is_empty() && leaf.before != Join::Pipe {
            folders.clone_from(&leaf.folders);
        }
        for folder in folders.iter().filter(|path| path.is_dir()) {
            search.judge(subject, leaf, folder, hits);
        }
    }
}

/// What a search opens below a folder.
struct Search {
    hidden: bool,
    deep: bool,
    follows_links: bool,
    /// Only files that match one of these, when there are any.
    only: Vec<GlobMatcher>,
}

impl Search {
    fn of(leaf: &Leaf) -> Option<Self> {
        let everything = ["hidden", "no-ignore", "unrestricted"]
            .iter()
            .any(|name| leaf.long(name));
        let name = leaf.name();
        let (values, hidden, deep, follows_links) = match name.as_str() {
            "grep" | "egrep" | "fgrep" | "zgrep" | "rgrep"
                if name == "rgrep" || recursive(leaf) =>
            {
                (values(leaf, "", &["--include"]), true, true, false)
            }
            "rg" if leaf.has_arg(&["--files", "--type-list", "--version", "--help"]) => {
                return None;
            }
            "rg" => {
                let globs = values(leaf, "-g", &["--glob", "--iglob"]);
                let named = globs.iter().any(|glob| !glob.starts_with('!'));
                let hidden = everything || named || leaf.short('u') || leaf.short('.');
                (globs, hidden, true, leaf.short('L') || leaf.long("follow"))
            }
            "diff" => (
                Vec::new(),
                true,
                leaf.short('r') || leaf.long("recursive"),
                true,
            ),
            _ => return None,
        };
        let only = values
            .iter()
            .filter(|glob| !glob.starts_with('!'))
            .filter_map(|glob| {
                let name = glob
                    .rsplit('/')
                    .find(|part| !part.is_empty() && *part != "**")?;
                let built = GlobBuilder::new(name).case_insensitive(true).build().ok()?;
                Some(built.compile_matcher())
            })
            .collect();
        Some(Self {
            hidden,
            deep,
            follows_links,
            only,
        })
    }

    fn judge(&self, subject: &Subject<'_>, leaf: &Leaf, folder: &Path, hits: &mut Hits) {
        let mut budget = ENTRY_LIMIT;
        if let Some(path) = self.secret_below(folder, 0, &mut budget) {
            let path = path.display();
            let reason = format!("It also searches `{path}`, which may hold secrets.");
            // What git leaves out is left out here too, if it is left out.
            if self.hidden {
                hits.guarded(leaf.span, reason);
            } else {
                hits.ask(leaf.span, reason);
            }
        }
        if let Some(path) = link_out(subject, folder).filter(|_| self.follows_links) {
            hits.danger(
                leaf.span,
                format!("The link `{path}` in it leads out of the workspace."),
            );
        }
    }

    /// True for `-g '.env*'`, but not for `-g '*'`.
    fn aims_at_secrets(&self) -> bool {
        let general = |glob: &GlobMatcher| glob.is_match("x.rs") || glob.is_match("README");
        self.only.iter().any(|glob| {
            !general(glob)
                && SAMPLES
                    .iter()
                    .any(|sample| glob.is_match(Path::new(sample)))
        })
    }

    fn secret_below(&self, folder: &Path, depth: usize, budget: &mut usize) -> Option<PathBuf> {
        for entry in std::fs::read_dir(folder).ok()?.flatten() {
            *budget = budget.checked_sub(1)?;
            let (name, path) = (entry.file_name(), entry.path());
            if !self.hidden && name.to_string_lossy().starts_with('.') {
                continue;
            }
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if secret(&path).is_some() && (is_folder || self.opens(&path)) {
                return Some(path);
            }
            let goes_on = is_folder
                && self.deep
                && depth < DEPTH_LIMIT
                && !FOREIGN.iter().any(|known| name == *known);
            if goes_on && let Some(found) = self.secret_below(&path, depth + 1, budget) {
                return Some(found);
            }
        }
        None
    }

    fn opens(&self, path: &Path) -> bool {
        let name = path.file_name().map(Path::new);
        self.only.is_empty()
            || name.is_some_and(|name| self.only.iter().any(|glob| glob.is_match(name)))
    }
}

/// `-r`, `-R`, `-d recurse` in any of its spellings.
fn recursive(leaf: &Leaf) -> bool {
    let spelled = |text: &str| {
        text.starts_with("rec")
            || text.starts_with('-') && (text.contains("drec") || text.contains("=rec"))
    };
    leaf.short('r')
        || leaf.short('R')
        || leaf.long("recursive")
        || leaf.long("dereference-recursive")
        || leaf.args().iter().any(|word| spelled(&word.text))
}

/// The values of an option, attached or in the next word.
fn values(leaf: &Leaf, short: &str, long: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = leaf.args().iter().peekable();
    while let Some(word) = rest.next() {
        let text = word.text.as_str();
        let cluster = text.starts_with('-') && !text.starts_with("--");
        let attached = long.iter().find_map(|name| {
            text.strip_prefix(name)
                .and_then(|tail| tail.strip_prefix('='))
        });
        if let Some(value) = attached {
            found.push(value.to_owned());
        } else if long.contains(&text) || (cluster && !short.is_empty() && text.ends_with('g')) {
            found.extend(rest.peek().map(|word| word.text.clone()));
        } else if let Some((_, value)) = text
            .split_once('g')
            .filter(|_| cluster && !short.is_empty())
        {
            found.push(value.trim_start_matches('=').to_owned());
        }
    }
    found
}

/// What a path with a wildcard in its last part stands for.
fn expanded(path: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return vec![path.to_path_buf()];
    };
    let name = name.to_string_lossy();
    let glob = GlobBuilder::new(&name).build().ok();
    let Some(glob) = glob.filter(|_| name.contains(['*', '?', '['])) else {
        return vec![path.to_path_buf()];
    };
    let matcher = glob.compile_matcher();
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .take(ENTRY_LIMIT)
        .filter(|entry| matcher.is_match(Path::new(&entry.file_name())))
        .map(|entry| entry.path())
        .collect()
}

/// A link right in `folder` that leads out of the workspace.
fn link_out(subject: &Subject<'_>, folder: &Path) -> Option<String> {
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    entries
        .take(ENTRY_LIMIT)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_symlink()))
        .find(|entry| !subject.ground.place(&entry.path(), folder).inside)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests;
