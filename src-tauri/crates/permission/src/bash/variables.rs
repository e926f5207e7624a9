//! Variables a line sets for itself: `d=src; ls "$d"`.
//!
//! Where it is certain what a variable holds, the word is judged as what it
//! becomes: in a line of nothing but assignments and plainly read-only
//! programs, none of which could change it. Everywhere else the word goes on
//! asking, and what it may become is searched for dangers only.

mod powerful;
mod suspect;

use std::collections::{BTreeMap, BTreeSet};

use super::checks::secret_name;
use super::schema;
use super::script::{Join, Leaf, Origin, Script};
use super::word::{Expansion, Word};

pub(super) use powerful::powerful;
pub(super) use suspect::suspect;

/// Longer values are not put in: each could be twice the one before.
const VALUE_MAX_BYTES: usize = 2_000;
/// Nor is more than this put in altogether.
const ADDED_MAX_BYTES: usize = 100_000;

/// Bash or zsh itself obeys these, in lower case.
const OF_SHELLS: &[&str] = &[
    "histchars",
    "auto_resume",
    "path",
    "cdpath",
    "fpath",
    "manpath",
    "module_path",
    "prompt",
    "status",
    "argv",
    "options",
    "functions",
    "aliases",
    "commands",
];

/// Puts in the values that are certain.
pub(super) fn resolve(script: &mut Script) {
    let plainly = |leaf: &Leaf| leaf.only_sets() || schema::read(leaf).listed;
    let is_certain = script.leaves.iter().any(Leaf::only_sets)
        && !script.is_compound()
        && script.shapes.is_empty()
        && script
            .leaves
            .iter()
            .all(|leaf| leaf.origin == Origin::Top && plainly(leaf));
    if !is_certain {
        return;
    }
    let mut values = Values::default();
    let mut taken: Vec<(usize, Vec<String>)> = Vec::new();
    for (index, leaf) in script.leaves.iter_mut().enumerate() {
        values.pass(leaf.before);
        if leaf.only_sets() {
            taken.extend(values.set(leaf).map(|names| (index, names)));
        } else {
            for word in leaf.words.iter_mut().skip(1) {
                values.put_into(word);
            }
        }
    }
    for (index, names) in taken {
        let is_used = names.iter().all(|name| values.used.contains(name));
        if let Some(leaf) = script.leaves.get_mut(index) {
            leaf.settled = is_used;
        }
    }
}

/// What variables hold at one point of the line.
#[derive(Debug, Default)]
struct Values {
    known: BTreeMap<String, String>,
    /// Set behind `&&`: known no longer than the chain goes on.
    in_chain: BTreeSet<String>,
    /// Put in somewhere.
    used: BTreeSet<String>,
    /// How many bytes were put in.
    added: usize,
}

impl Values {
    /// Goes over to the next leaf.
    fn pass(&mut self, join: Join) {
        if !matches!(join, Join::And | Join::Pipe) {
            for name in std::mem::take(&mut self.in_chain) {
                self.known.remove(&name);
            }
        }
    }

    /// Takes over what a leaf sets; gives back the names when all is certain.
    fn set(&mut self, leaf: &mut Leaf) -> Option<Vec<String>> {
        let runs = matches!(leaf.before, Join::Start | Join::Then | Join::And)
            && matches!(
                leaf.after,
                Join::Then | Join::And | Join::Or | Join::End | Join::Newline
            );
        let mut names = Some(Vec::new());
        for word in &mut leaf.assignments {
            self.put_into(word);
            let (name, value) = word.text.split_once('=').unwrap_or((&word.text, ""));
            let is_value = is_printable(value) && value.len() <= VALUE_MAX_BYTES;
            if !(runs && word.plain() && stays_in_line(name) && is_value) {
                self.known.remove(bare(name));
                names = None;
                continue;
            }
            if leaf.before == Join::And {
                self.in_chain.insert(name.to_owned());
            }
            self.known.insert(name.to_owned(), value.to_owned());
            names
                .iter_mut()
                .for_each(|names| names.push(name.to_owned()));
        }
        names
    }

    /// Replaces the variables of a word when all of them are known.
    fn put_into(&mut self, word: &mut Word) {
        let value = |expansion: &Expansion| {
            let value = self.known.get(expansion.name()?)?;
            // Without quotes it must be one word, and stay what it is.
            (expansion.quoted || is_one_word(value)).then_some(value)
        };
        let values: Option<Vec<&String>> = word.expansions.iter().map(value).collect();
        let Some(values) = values.filter(|values| values.len() == word.parameters()) else {
            return;
        };
        let added = values.iter().map(|value| value.len()).sum::<usize>();
        if self.added + added > ADDED_MAX_BYTES {
            return;
        }
        let names = word.expansions.iter().filter_map(Expansion::name);
        self.used.extend(names.map(str::to_owned));
        self.added += word.fill(|expansion| value(expansion).cloned());
    }
}

/// The variable that `name+=` and `name[0]=` set.
fn bare(name: &str) -> &str {
    name.split(['+', '[']).next().unwrap_or(name)
}

/// A variable no program sees: in the environment of a command no name is
/// written in lower case, but for those of proxies.
pub(super) fn stays_in_line(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !name.ends_with("_proxy")
        && !OF_SHELLS.contains(&name)
        && !powerful(name)
        && !secret_name(name)
}

pub(super) fn is_printable(value: &str) -> bool {
    !value.chars().any(char::is_control)
}

/// Neither split nor matched with files when it stands without quotes.
pub(super) fn is_one_word(value: &str) -> bool {
    let is_quiet = |b: u8| b.is_ascii_alphanumeric() || b"_./:@%+,=-".contains(&b);
    !value.is_empty() && value.bytes().all(is_quiet)
}

#[cfg(test)]
mod tests;
