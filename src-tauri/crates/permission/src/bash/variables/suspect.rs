//! What words may become by any value any part of the line gives their
//! variables. The leaves added here serve the search for dangers only.

use std::collections::BTreeMap;

use super::{ADDED_MAX_BYTES, VALUE_MAX_BYTES, bare};
use crate::bash::script::{Leaf, Origin, Script};
use crate::bash::word::{Live, Word};

/// More values of one variable are not tried.
const VALUE_LIMIT: usize = 8;
/// More leaves than this are not added.
const LEAF_LIMIT: usize = 400;
/// Programs whose arguments set variables.
const SETTERS: &[&str] = &["export", "declare", "typeset", "local", "readonly", "env"];

/// Adds what leaves may become.
pub(in crate::bash) fn suspect(script: &mut Script) {
    let mut values = Values::of(script);
    let mut found: Vec<Leaf> = Vec::new();
    for leaf in &script.leaves {
        for round in 0..values.rounds(leaf) {
            if found.len() < LEAF_LIMIT && values.left > 0 {
                found.push(values.become_of(leaf, round));
            }
        }
    }
    script.leaves.extend(found);
}

/// Every value of every variable, in the order they are given.
struct Values {
    lists: BTreeMap<String, Vec<String>>,
    /// How many bytes may still be put in.
    left: usize,
}

impl Values {
    fn of(script: &Script) -> Self {
        let mut values = Self {
            lists: BTreeMap::new(),
            left: ADDED_MAX_BYTES,
        };
        for leaf in &script.leaves {
            values.take(leaf);
        }
        values.left = ADDED_MAX_BYTES;
        values
    }

    /// Takes over what a leaf sets, whether it runs or not.
    fn take(&mut self, leaf: &Leaf) {
        let args = leaf.args().iter().filter(|_| leaf.is(SETTERS));
        for word in leaf.assignments.iter().chain(args) {
            let text = self.text_of(word, VALUE_LIMIT);
            if let Some((name, value)) = text.split_once('=') {
                self.add(bare(name), value);
            }
        }
        let [first, name, _, listed @ ..] = leaf.words.as_slice() else {
            return;
        };
        for value in listed.iter().filter(|_| first.text == "for") {
            let text = self.text_of(value, VALUE_LIMIT);
            self.add(&name.text, &text);
        }
    }

    fn add(&mut self, name: &str, value: &str) {
        let list = self.lists.entry(name.to_owned()).or_default();
        let is_new = !list.iter().any(|known| known == value);
        if is_new && list.len() < VALUE_LIMIT && value.len() <= VALUE_MAX_BYTES {
            list.push(value.to_owned());
        }
    }

    /// How often a leaf has to be looked at to see each value.
    fn rounds(&self, leaf: &Leaf) -> usize {
        let targets = leaf.redirects.iter().filter_map(|one| one.target.as_ref());
        let open = leaf
            .words
            .iter()
            .chain(targets)
            .filter(|word| word.parameters() > 0);
        let lists = open
            .flat_map(|word| &word.expansions)
            .filter_map(|expansion| self.lists.get(expansion.name()?));
        lists.map(Vec::len).max().unwrap_or(0)
    }

    /// A leaf with the values of one round put in.
    fn become_of(&mut self, leaf: &Leaf, round: usize) -> Leaf {
        let mut other = leaf.clone();
        other.origin = Origin::Reentry;
        other.words.clear();
        for word in &leaf.words {
            self.put_words(word, round, &mut other.words);
        }
        let targets = other.redirects.iter_mut();
        for target in targets.filter_map(|redirect| redirect.target.as_mut()) {
            let text = self.text_of(target, round);
            *target = with_text(target, &text);
        }
        other
    }

    /// A word with values put in: several when nothing holds it together.
    fn put_words(&mut self, word: &Word, round: usize, words: &mut Vec<Word>) {
        let text = self.text_of(word, round);
        if word.quoted || word.parameters() == 0 {
            words.push(with_text(word, &text));
        } else {
            words.extend(text.split_whitespace().map(|part| with_text(word, part)));
        }
    }

    fn text_of(&mut self, word: &Word, round: usize) -> String {
        let mut text = String::with_capacity(word.text.len());
        let mut from = 0;
        let open = word.expansions.iter().filter(|_| word.parameters() > 0);
        for expansion in open {
            let list = expansion.name().and_then(|name| self.lists.get(name));
            let value = list.and_then(|list| list.get(round).or_else(|| list.last()));
            let Some(value) = value.filter(|value| value.len() <= self.left) else {
                continue;
            };
            self.left -= value.len();
            text.push_str(word.text.get(from..expansion.at.start).unwrap_or_default());
            text.push_str(value);
            from = expansion.at.end;
        }
        text.push_str(word.text.get(from..).unwrap_or_default());
        text
    }
}

/// The same word with another text; what is still open in it stays so.
fn with_text(word: &Word, text: &str) -> Word {
    let is_open = text.contains('$');
    let live = word.live.iter();
    Word {
        start: word.start,
        end: word.end,
        text: text.to_owned(),
        live: live
            .filter(|live| is_open || !matches!(live, Live::Parameter(_)))
            .cloned()
            .collect(),
        expansions: Vec::new(),
        quoted: word.quoted,
        starts_wild: word.starts_wild,
        one_file: word.one_file,
    }
}
