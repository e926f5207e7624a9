//! Searches and comparisons that open the files of whole folders, where
//! secrets or links that lead out may lie among them.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::Hits;
use crate::bash::Subject;
use crate::bash::login::{self, holds_login};
use crate::bash::script::{Join, Leaf, Origin};
use crate::bash::walk::{Entry, TooMuch, Walk, walk};
use crate::path::secret;

/// Bigger folders are not looked through.
const ENTRY_LIMIT: usize = 20_000;
/// Long options whose value is the next word when it is not attached.
const VALUED: &[&str] = &[
    "--regexp",
    "--file",
    "--max-count",
    "--after-context",
    "--before-context",
    "--context",
    "--include",
    "--exclude",
    "--exclude-dir",
    "--exclude-from",
    "--label",
    "--binary-files",
    "--directories",
    "--devices",
    "--colors",
    "--engine",
    "--glob",
    "--iglob",
    "--max-columns",
    "--max-depth",
    "--max-filesize",
    "--replace",
    "--sort",
    "--sortr",
    "--threads",
    "--type",
    "--type-not",
    "--encoding",
    "--path-separator",
    "--field-match-separator",
];
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
        if aims_at_secrets(&search.only) {
            hits.guarded(leaf.span, "It searches files that are named like secrets.");
        }
        let operands = reading.reads.iter().filter(|operand| !operand.by_option);
        let named =
            operands.flat_map(|operand| subject.places(leaf, &operand.text).collect::<Vec<_>>());
        let mut folders: Vec<PathBuf> =
            named.flat_map(|place| expanded(&place.requested)).collect();
        // What comes down the pipe `grep -r` leaves alone.
        let fed = leaf.before == Join::Pipe && leaf.is(&["rg"]);
        if folders.is_empty() && !fed {
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
                let globs = values(leaf, "", &["--include"]);
                // It reads them in its own way; then all files count.
                let odd = globs
                    .iter()
                    .any(|glob| glob.contains(['[', '\\', '{', '/', '!']) || glob.contains("**"));
                (if odd { Vec::new() } else { globs }, true, true, false)
            }
            "rg" if leaf.has_arg(&["--files", "--type-list", "--version", "--help"]) => {
                return None;
            }
            "rg" => {
                let globs = values(leaf, "-g", &["--glob", "--iglob"]);
                let named = globs.iter().any(|glob| !glob.starts_with('!'));
                let shown = leaf.folders.iter().any(|folder| unhides_in(folder));
                let hidden = everything || named || shown || leaf.short('u') || leaf.short('.');
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
            // One that says nothing of a name lets in everything.
            .map(|glob| {
                let name = glob
                    .rsplit('/')
                    .find(|part| !part.is_empty() && *part != "**")?;
                let built = GlobBuilder::new(name).case_insensitive(true).build().ok()?;
                Some(built.compile_matcher())
            })
            .collect::<Option<Vec<_>>>()
            .unwrap_or_default();
        Some(Self {
            hidden,
            deep,
            follows_links,
            only,
        })
    }

    fn judge(&self, subject: &Subject<'_>, leaf: &Leaf, folder: &Path, hits: &mut Hits) {
        let found = self.secret_below(subject, folder);
        if found.is_err() && self.hidden {
            hits.ask(leaf.span, "The folder is too big to look through.");
        }
        if let Ok(Some(path)) = found {
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

    fn secret_below(
        &self,
        subject: &Subject<'_>,
        folder: &Path,
    ) -> Result<Option<PathBuf>, TooMuch> {
        let rules = Walk {
            hidden: true,
            foreign: false,
            depth: if self.deep { usize::MAX } else { 0 },
            limit: ENTRY_LIMIT,
        };
        let mut hidden = self.hidden || unhides_in(folder);
        let mut first = None;
        let judge = |entry: &Entry| {
            hidden |= IGNORES.contains(&entry.name.as_str()) && unhides(&entry.path);
            let found = self.secret_at(subject, folder, entry)?;
            if self.hidden || !is_hidden(&found, folder) {
                return Some(found);
            }
            first.get_or_insert(found);
            None
        };
        let found = walk(folder, rules, judge)?;
        Ok(found.or(first.filter(|_| hidden)))
    }

    /// The secret that an entry is, or leads to, when it would be opened.
    fn secret_at(&self, subject: &Subject<'_>, folder: &Path, entry: &Entry) -> Option<PathBuf> {
        if entry.name == ".git" {
            let login = entry.path.join("config");
            return (holds_login(&login) && self.opens(&login)).then_some(login);
        }
        let opened = entry.kind.is_dir() || self.opens(&entry.path);
        let followed = self.follows_links && entry.kind.is_symlink();
        let is_secret = secret(&entry.path).is_some()
            || holds_login(&entry.path)
            || followed && login::secret(&subject.ground.place(&entry.path, folder)).is_some();
        (is_secret && opened).then(|| entry.path.clone())
    }

    fn opens(&self, path: &Path) -> bool {
        let name = path.file_name().map(Path::new);
        self.only.is_empty()
            || name.is_some_and(|name| !name.to_string_lossy().is_ascii())
            || name.is_some_and(|name| self.only.iter().any(|glob| glob.is_match(name)))
    }
}

/// True for `-g '.env*'`, but not for `-g '*'`.
pub(super) fn aims_at_secrets(only: &[GlobMatcher]) -> bool {
    let general = |glob: &GlobMatcher| glob.is_match("x.rs") || glob.is_match("README");
    only.iter().any(|glob| {
        !general(glob)
            && SAMPLES
                .iter()
                .any(|sample| glob.is_match(Path::new(sample)))
    })
}

/// True where a file says that hidden files are searched after all.
fn unhides(file: &Path) -> bool {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let mut kept = text.lines().filter_map(|line| line.strip_prefix('!'));
    kept.any(|name| name.contains(['*', '?', '[']) || name.trim_start_matches('/').starts_with('.'))
}

const IGNORES: &[&str] = &[".ignore", ".rgignore", ".gitignore", ".git/info/exclude"];

/// The same for the files that count in a folder.
fn unhides_in(folder: &Path) -> bool {
    let mut above = folder.ancestors();
    above.any(|folder| IGNORES.iter().any(|name| unhides(&folder.join(name))))
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

/// Below `folder`, hidden itself or in something hidden.
fn is_hidden(path: &Path, folder: &Path) -> bool {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let mut parts = below.components();
    parts.any(|part| part.as_os_str().to_string_lossy().starts_with('.'))
}

/// The values of an option, attached or in the next word.
fn values(leaf: &Leaf, short: &str, long: &[&str]) -> Vec<String> {
    let letters = if leaf.is(&["rg"]) {
        "ABCegEjmMtTrdf"
    } else {
        "ABCemfdD"
    };
    let mut found = Vec::new();
    let mut rest = leaf.args().iter();
    while let Some(word) = rest.next() {
        let text = word.text.as_str();
        if text == "--" {
            break;
        }
        if text.starts_with("--") {
            let (name, value) = match text.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None if VALUED.contains(&text) || text == "--color" && leaf.is(&["rg"]) => {
                    (text, rest.next().map(|word| word.text.clone()))
                }
                None => continue,
            };
            found.extend(value.filter(|_| long.contains(&name)));
            continue;
        }
        let Some(cluster) = text.strip_prefix('-') else {
            continue;
        };
        // The first letter that takes a value has the rest, or the next word.
        let Some(at) = cluster.find(|letter| letters.contains(letter)) else {
            continue;
        };
        let (letter, attached) = cluster.split_at(at).1.split_at(1);
        let value = match attached {
            "" => rest.next().map(|word| word.text.clone()),
            attached => Some(attached.trim_start_matches('=').to_owned()),
        };
        found.extend(value.filter(|_| !short.is_empty() && short.ends_with(letter)));
    }
    found
}

/// What a path with a wildcard in its last part stands for.
pub(super) fn expanded(path: &Path) -> Vec<PathBuf> {
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
        .filter(|entry| {
            let name = entry.file_name();
            matcher.is_match(Path::new(&name)) || !name.to_string_lossy().is_ascii()
        })
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
