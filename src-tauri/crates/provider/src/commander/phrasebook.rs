//! The phrases the commander knows, and what each asks for.
//!
//! Chapters are tables; the first phrase that fits and makes sense wins, so
//! special ones stand before general ones. A new way to say something is a
//! new line there.

mod beyond;
mod code;
mod file;
mod project;
mod talk;

use std::ops::Range;

use super::intent::{FileRef, Intent};
use super::name::{file_name, is_pronoun, looks_like_file, new_name, noun};
use super::pattern::{Slots, matches};
use super::utterance::Utterance;

/// Ways to say one thing, and what they ask for; none when a slot's words
/// make no sense there.
pub(super) type Phrase = (&'static [&'static str], fn(&Found<'_>) -> Option<Intent>);

const CHAPTERS: &[&[Phrase]] = &[
    talk::PHRASES,
    beyond::PHRASES,
    project::PHRASES,
    file::PHRASES,
    code::PHRASES,
    file::VAGUE,
    project::COMMANDS,
    beyond::LATE,
];

/// The intent of the first phrase that fits.
pub(super) fn look_up(utterance: &Utterance<'_>) -> Intent {
    let phrases = CHAPTERS.iter().copied().flatten();
    phrases
        .flat_map(|(patterns, build)| patterns.iter().map(move |pattern| (pattern, build)))
        .find_map(|(pattern, build)| {
            let slots = matches(pattern, utterance.words())?;
            build(&Found { utterance, slots })
        })
        .unwrap_or(Intent::Unknown)
}

/// A phrase that fits, with its slots.
pub(super) struct Found<'a> {
    utterance: &'a Utterance<'a>,
    slots: Slots<'static>,
}

impl<'a> Found<'a> {
    /// The words of a slot, as given.
    fn text(&self, slot: &str) -> &'a str {
        self.utterance.text(self.range(slot))
    }

    /// The words of a slot with every sign a typist put at its end.
    fn verbatim(&self, slot: &str) -> String {
        self.utterance.verbatim(self.range(slot)).to_owned()
    }

    /// The words of a slot without an article.
    fn noun(&self, slot: &str) -> String {
        noun(self.text(slot)).to_owned()
    }

    /// The file a slot names; none when the words are no file's name.
    fn file(&self, slot: &str) -> Option<FileRef> {
        let text = self.text(slot);
        if self.is_quoted(slot) {
            return Some(FileRef::Named(text.to_owned()));
        }
        if is_pronoun(text) {
            return Some(FileRef::Last);
        }
        let name = file_name(text);
        looks_like_file(&name).then_some(FileRef::Named(name))
    }

    /// The new file or folder a slot names: any words may be a name.
    fn new_name(&self, slot: &str) -> String {
        let text = self.text(slot);
        if self.is_quoted(slot) {
            text.to_owned()
        } else {
            new_name(text)
        }
    }

    /// The file a slot names or hints at.
    fn any_file(&self, slot: &str) -> FileRef {
        self.file(slot)
            .unwrap_or_else(|| FileRef::Vague(file_name(self.text(slot))))
    }

    /// A number, in digits or as a small word.
    fn number(&self, slot: &str) -> Option<u64> {
        const WORDS: &[&str] = &[
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        ];
        let text = self.text(slot).to_lowercase();
        let word = WORDS.iter().position(|word| *word == text);
        text.parse().ok().or_else(|| u64::try_from(word?).ok())
    }

    fn is_quoted(&self, slot: &str) -> bool {
        matches!(self.utterance.words().get(self.range(slot)), Some([word]) if word.quoted)
    }

    fn range(&self, slot: &str) -> Range<usize> {
        let found = self.slots.iter().find(|(name, _)| *name == slot);
        found.map_or(0..0, |(_, range)| range.clone())
    }
}
