//! Programs run with the names of files that another one found: which files
//! those are is looked up.

use std::path::PathBuf;

use globset::{GlobBuilder, GlobMatcher};

use super::deep_read::aims_at_secrets;
use super::{Hits, Level};
use crate::bash::Subject;
use crate::bash::login;
use crate::bash::schema::{Files, PerFile};
use crate::bash::script::{Join, Leaf, Redirect};
use crate::bash::walk::{Entry, TooMuch, Walk, walk};
use crate::bash::word::Word;
use crate::path::secret;

/// Bigger trees are not looked through.
const ENTRY_LIMIT: usize = 20_000;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (index, reading) in subject.readings.iter().enumerate() {
        let (Some(per_file), Some(leaf)) = (&reading.per_file, subject.script.leaves.get(index))
        else {
            continue;
        };
        let found = match per_file.files {
            Files::Fed { .. } if per_file.says && is_fed_alone(leaf) => continue,
            Files::Found => Finder::of(leaf, true).map(|finder| (leaf, finder)),
            Files::Fed { by_zero } => finder(subject, index, by_zero),
        };
        let Some((source, finder)) = found else {
            hits.ask_leaf(
                index,
                leaf.span,
                format!("`{}` runs a command with words nobody knows.", leaf.name()),
            );
            if is_told_of_secrets(subject, leaf) {
                hits.guarded(leaf.span, "It opens files that are named like secrets.");
            }
            continue;
        };
        if aims_at_secrets(&finder.only) && !per_file.lists {
            hits.guarded(leaf.span, "It opens files that are named like secrets.");
        }
        for folder in finder.folders(subject, source) {
            if !per_file.lists && subject.ground.relative(&folder).is_none() {
                hits.danger(leaf.span, "It opens files all over a foreign folder.");
            }
            match finder.judge(subject, folder, per_file) {
                None => {}
                Some((Level::Ask, why)) => hits.ask_leaf(index, leaf.span, why),
                Some((level, why)) => hits.add(level, leaf.span, why),
            }
        }
    }
}

/// It takes what comes down the pipe, and nothing else.
fn is_fed_alone(leaf: &Leaf) -> bool {
    let reads = |redirect: &Redirect| redirect.operator.starts_with('<');
    leaf.before == Join::Pipe && !leaf.redirects.iter().any(reads)
}

/// `<<< .env`: the names stand in the text it is fed.
fn is_told_of_secrets(subject: &Subject<'_>, leaf: &Leaf) -> bool {
    leaf.redirects
        .iter()
        .filter(|redirect| redirect.operator == "<<<")
        .filter_map(|redirect| redirect.target.as_ref())
        .flat_map(|word| word.text.split_whitespace())
        .flat_map(|name| subject.places(leaf, name))
        .any(|place| place.secret().is_some())
}

/// A program that finds files and hands their names on.
#[derive(Default)]
struct Finder {
    roots: Vec<String>,
    /// Only files with one of these names, when there are any.
    only: Vec<GlobMatcher>,
    /// Links are left out.
    no_links: bool,
    /// Each name reaches the program as it is, and is no option there.
    whole: bool,
}

/// The program that feeds the names to the leaf at `index`.
fn finder<'s>(subject: &'s Subject<'_>, index: usize, by_zero: bool) -> Option<(&'s Leaf, Finder)> {
    let mut at = index;
    loop {
        let leaf = subject.script.leaves.get(at)?;
        at = at.checked_sub(1)?;
        let before = subject.script.leaves.get(at)?;
        let is_fed = is_fed_alone(leaf)
            && before.after == Join::Pipe
            && before.origin == leaf.origin
            && before
                .redirects
                .iter()
                .all(|one| one.descriptor.as_deref() == Some("2"));
        let reading = subject.readings.get(at)?;
        if !(is_fed && reading.listed && reading.refused.is_empty()) {
            return None;
        }
        if let Some(finder) = Finder::of(before, by_zero) {
            return Some((before, finder));
        }
        if by_zero || !takes_lines(before) {
            return None;
        }
    }
}

/// Between the finder and the program it takes whole lines away at most.
fn takes_lines(leaf: &Leaf) -> bool {
    let args = leaf.argv();
    let is_count = |text: &str| {
        let digits = text.trim_start_matches(['-', 'n']);
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    };
    match args.as_slice() {
        ["sort" | "uniq"] | ["sort", "-u" | "-r"] => true,
        ["head" | "tail"] => true,
        ["head" | "tail", count] => count.starts_with('-') && is_count(count),
        ["head" | "tail", "-n", count] => is_count(count),
        ["grep", pattern] => !pattern.starts_with('-'),
        ["grep", "-v" | "-E" | "-vE" | "-i" | "-F", pattern] => !pattern.starts_with('-'),
        _ => false,
    }
}

impl Finder {
    /// What a leaf finds, when all it prints is names, each ended by a zero
    /// byte or each by a line's end. Only its plainest forms are known.
    fn of(leaf: &Leaf, by_zero: bool) -> Option<Self> {
        if !leaf.args().iter().all(Word::plain) {
            return None;
        }
        match leaf.name().as_str() {
            "find" => Self::of_find(leaf, by_zero),
            "grep" => Self::of_search(leaf, by_zero, "rliwEFIZ", &['l'], 'Z'),
            "rg" => Self::of_search(leaf, by_zero, "liwF0", &['l'], '0'),
            _ => None,
        }
    }

    /// `find ROOT… [-maxdepth N] [-name X] [-type f] [ACTION]`.
    fn of_find(leaf: &Leaf, by_zero: bool) -> Option<Self> {
        let args = leaf.argv();
        let args = args.get(1..)?;
        let count = args.iter().take_while(|text| !is_odd(text)).count();
        let (roots, mut tests) = args.split_at(count);
        let mut finder = Self {
            roots: roots.iter().map(|root| (*root).to_owned()).collect(),
            ..Self::default()
        };
        loop {
            let value = tests.get(1).copied().unwrap_or_default();
            match *tests.first().unwrap_or(&"-print") {
                "-maxdepth" | "-mindepth" | "-size" | "-mtime" | "-mmin" => {}
                "-name" | "-iname" => finder.only.push(named(value)?),
                "-type" if value == "f" => finder.no_links = true,
                "-type" if value == "d" => {}
                "-print" if !by_zero && tests.len() <= 1 => break,
                "-print0" if by_zero && tests.len() == 1 => break,
                "-exec" if by_zero => break,
                _ => return None,
            }
            tests = tests.get(2..)?;
        }
        finder.whole = by_zero;
        (!roots.is_empty()).then_some(finder)
    }

    /// `grep -rl PATTERN ROOT…`, `rg -l PATTERN [ROOT…]`.
    fn of_search(
        leaf: &Leaf,
        by_zero: bool,
        letters: &str,
        lists: &[char],
        zero: char,
    ) -> Option<Self> {
        let args = leaf.argv();
        let args = args.get(1..)?;
        let count = args.iter().take_while(|text| text.starts_with('-')).count();
        let (options, operands) = args.split_at(count);
        let given: String = options
            .iter()
            .filter_map(|text| text.strip_prefix('-'))
            .collect();
        let known = given.chars().all(|letter| letters.contains(letter));
        let names = lists.iter().all(|letter| given.contains(*letter));
        let (_, roots) = operands.split_first()?;
        let is_grep = leaf.is(&["grep"]);
        let fits = known
            && names
            && given.contains(zero) == by_zero
            && !roots.iter().any(|root| is_odd(root))
            && !(is_grep && roots.is_empty());
        fits.then(|| Self {
            roots: roots.iter().map(|root| (*root).to_owned()).collect(),
            ..Self::default()
        })
    }

    /// Where it looks for files.
    fn folders(&self, subject: &Subject<'_>, leaf: &Leaf) -> Vec<PathBuf> {
        if self.roots.is_empty() {
            return leaf.folders.clone();
        }
        let roots = self.roots.iter();
        let places = roots.flat_map(|root| subject.places(leaf, root).collect::<Vec<_>>());
        places.map(|place| place.requested).collect()
    }

    /// What is wrong with handing on what is found in `folder`.
    fn judge(
        &self,
        subject: &Subject<'_>,
        folder: PathBuf,
        per_file: &PerFile,
    ) -> Option<(Level, String)> {
        let shows = !per_file.lists;
        let rules = Walk {
            hidden: true,
            foreign: true,
            depth: usize::MAX,
            limit: ENTRY_LIMIT,
        };
        let judge = |entry: &Entry| {
            let shown = entry.path.display();
            if !self.whole && is_odd(&entry.name) {
                let why = "which would become other words";
                return Some((Level::Ask, format!("It may find `{shown}`, {why}.")));
            }
            // Other letters are counted and folded in ways of their own.
            let found = self.only.is_empty()
                || !entry.name.is_ascii()
                || self.only.iter().any(|glob| glob.is_match(&entry.name));
            let left_out = self.no_links && !entry.kind.is_file();
            if !found || entry.kind.is_dir() || left_out {
                return None;
            }
            if !entry.kind.is_file() && !entry.kind.is_symlink() {
                return Some((
                    Level::Ask,
                    format!("It may find `{shown}`, which is no file."),
                ));
            }
            let place = subject.ground.place(&entry.path, &folder);
            let is_secret = secret(&entry.path).is_some() || login::secret(&place).is_some();
            if shows && is_secret {
                let why = "which may hold secrets";
                return Some((Level::Guarded, format!("It also opens `{shown}`, {why}.")));
            }
            let leads_out = entry.kind.is_symlink() && !place.inside;
            let why = "a link that leads out of the workspace";
            leads_out.then(|| (Level::Ask, format!("It also opens `{shown}`, {why}.")))
        };
        match walk(&folder, rules, judge) {
            Ok(found) => found,
            Err(TooMuch) => Some((
                Level::Ask,
                "The folder is too big to look through.".to_owned(),
            )),
        }
    }
}

/// A name as `find` and we read it alike.
fn named(text: &str) -> Option<GlobMatcher> {
    let simple = !text.contains(['[', ']', '\\', '{', '}', '/']);
    let glob = GlobBuilder::new(text).case_insensitive(true).build();
    glob.ok()
        .filter(|_| simple)
        .map(|glob| glob.compile_matcher())
}

/// Not one plain word for `xargs`, or an option for what it runs.
fn is_odd(name: &str) -> bool {
    let splits = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\'' | '"' | '\\');
    name.is_empty() || name.starts_with(['-', '@', '(', '!']) || name.contains(splits)
}

#[cfg(all(test, unix))]
mod tests;
