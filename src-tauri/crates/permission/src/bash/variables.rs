//! Variables a line sets for itself: `d=src; ls "$d"`.
//!
//! Where it is certain what a variable holds, the word is judged as what it
//! becomes: in a line of nothing but assignments and plainly read-only
//! programs, none of which could change it. Everywhere else the word goes on
//! asking, and what it may become is searched for dangers only.

mod anything;
mod powerful;
mod suspect;

use std::collections::{BTreeMap, BTreeSet};

use super::checks::secret_name;
use super::schema;
use super::script::{Join, Leaf, Origin, Script};
use super::word::{Expansion, Live, Word};

pub(super) use anything::takes as takes_anything;
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

/// Stands for a value that nobody knows, where any will do.
pub(super) const SOME_TEXT: &str = "_";

/// Puts in the values that are certain, and something where any value does no
/// harm.
pub(super) fn resolve(script: &mut Script) {
    let plainly = |leaf: &Leaf| match leaf.origin {
        Origin::Top => leaf.only_sets() || leaf.settled || schema::read(leaf).listed,
        Origin::Nested => schema::read(leaf).listed,
        _ => false,
    };
    let is_open = |leaf: &Leaf| leaf.only_sets() || leaf.words.iter().any(Word::holds_output);
    if !script.shapes.is_empty()
        || !script.leaves.iter().any(is_open)
        || !script.leaves.iter().all(plainly)
    {
        return;
    }
    // The output of a command may depend on what is set right before it.
    let tangled =
        |leaf: &Leaf| leaf.assignments.len() > 1 && leaf.assignments.iter().any(Word::holds_output);
    if script.leaves.iter().any(tangled) {
        return;
    }
    let compound = script.is_compound();
    let mut values = Values::default();
    let mut taken: Vec<(usize, Vec<String>)> = Vec::new();
    for (index, leaf) in script.leaves.iter_mut().enumerate() {
        if leaf.origin == Origin::Top {
            values.pass(leaf.before);
        }
        if !leaf.only_sets() {
            values.put_into_leaf(leaf);
        } else if !compound {
            taken.extend(values.set(leaf).map(|names| (index, names)));
        }
    }
    for (index, names) in taken {
        let is_used = names.iter().all(|name| values.used.contains(name));
        if let Some(leaf) = script.leaves.get_mut(index).filter(|_| is_used) {
            leaf.settled = true;
            let words = leaf.assignments.iter_mut();
            words.for_each(|word| word.live.clear());
        }
    }
}

/// What a variable holds.
#[derive(Debug)]
enum Value {
    Text(String),
    /// The output of a command.
    Any,
}

/// What variables hold at one point of the line.
#[derive(Debug, Default)]
struct Values {
    known: BTreeMap<String, Value>,
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
            self.put_into(word, false);
            let (name, text) = word.text.split_once('=').unwrap_or((&word.text, ""));
            let value = value_of(word, text);
            let Some(value) = value.filter(|_| runs && stays_in_line(name)) else {
                self.known.remove(bare(name));
                names = None;
                continue;
            };
            if leaf.before == Join::And {
                self.in_chain.insert(name.to_owned());
            }
            self.known.insert(name.to_owned(), value);
            names
                .iter_mut()
                .for_each(|names| names.push(name.to_owned()));
        }
        names
    }

    fn put_into_leaf(&mut self, leaf: &mut Leaf) {
        let open: Vec<bool> = (0..leaf.words.len())
            .map(|at| anything::takes(leaf, at))
            .collect();
        for (word, takes) in leaf.words.iter_mut().zip(open).skip(1) {
            self.put_into(word, takes);
        }
    }

    /// Replaces the variables of a word when all of them are known; where the
    /// word may be anything, also the output of commands.
    fn put_into(&mut self, word: &mut Word, takes: bool) {
        let value = |expansion: &Expansion| {
            let known = match expansion.name() {
                Some(name) => self.known.get(name)?,
                None if expansion.live == Live::Substitution => &Value::Any,
                None => return None,
            };
            match known {
                // Without quotes it must be one word, and stay what it is.
                Value::Text(text) if expansion.quoted || is_one_word(text) => Some(text.as_str()),
                Value::Any if expansion.quoted && takes => Some(SOME_TEXT),
                _ => None,
            }
        };
        let values: Option<Vec<&str>> = word.expansions.iter().map(value).collect();
        let Some(values) = values.filter(|_| word.is_all_known()) else {
            return;
        };
        let added = values.iter().map(|value| value.len()).sum::<usize>();
        if self.added + added > ADDED_MAX_BYTES {
            return;
        }
        let names = word.expansions.iter().filter_map(Expansion::name);
        self.used.extend(names.map(str::to_owned));
        self.added += word.fill(|expansion| value(expansion).map(str::to_owned));
    }
}

/// What an assignment gives its variable.
fn value_of(word: &Word, text: &str) -> Option<Value> {
    if word.plain() {
        let is_value = is_printable(text) && text.len() <= VALUE_MAX_BYTES;
        return is_value.then(|| Value::Text(text.to_owned()));
    }
    let outputs = word.expansions.iter();
    let outputs = outputs.filter(|expansion| expansion.live == Live::Substitution);
    (outputs.count() == word.live.len()).then_some(Value::Any)
}

/// The variable that `name+=` and `name[0]=` set.
fn bare(name: &str) -> &str {
    name.split(['+', '[']).next().unwrap_or(name)
}

/// A variable no program obeys: in the environment of a command no name is one
/// letter or written in lower case, but for those of proxies.
pub(super) fn stays_in_line(name: &str) -> bool {
    let is_letter = name.len() == 1 && name.bytes().all(|b| b.is_ascii_uppercase());
    let is_low = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    (is_letter || is_low)
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
