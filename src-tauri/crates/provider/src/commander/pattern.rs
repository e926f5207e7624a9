//! Matches words against phrase patterns, as the phrase book writes them.
//!
//! A pattern is a line of parts: `word`, `one|other`, `word?` (may be
//! missing), `{slot}` (one or more words, as few as fit) and `{slot+}` (as
//! many as fit). The whole request must match.

use std::ops::Range;

use super::utterance::Word;

/// Slots of a match: names with word ranges, in order of the pattern.
pub(super) type Slots<'p> = Vec<(&'p str, Range<usize>)>;

#[derive(Debug, Clone, Copy)]
enum Part<'p> {
    Words { choices: &'p str, optional: bool },
    Slot { name: &'p str, greedy: bool },
}

/// Tries after which a pattern counts as not fitting: a pasted wall of text
/// must not hold up the answer.
const TRIES: usize = 100_000;

/// The slots of the first way in which `words` fit `pattern`.
pub(super) fn matches<'p>(pattern: &'p str, words: &[Word]) -> Option<Slots<'p>> {
    let parts: Vec<Part<'p>> = pattern.split_whitespace().map(part).collect();
    let mut search = Search {
        words,
        slots: Vec::new(),
        tries: TRIES,
    };
    search.fits(&parts, 0).then_some(search.slots)
}

fn part(text: &str) -> Part<'_> {
    if let Some(name) = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
    {
        let greedy = name.ends_with('+');
        return Part::Slot {
            name: name.trim_end_matches('+'),
            greedy,
        };
    }
    let optional = text.ends_with('?');
    Part::Words {
        choices: text.trim_end_matches('?'),
        optional,
    }
}

struct Search<'p, 'w> {
    words: &'w [Word],
    slots: Slots<'p>,
    tries: usize,
}

impl<'p> Search<'p, '_> {
    /// Whether the words from `at` on fit `parts`.
    fn fits(&mut self, parts: &[Part<'p>], at: usize) -> bool {
        self.tries = self.tries.saturating_sub(1);
        let Some((first, rest)) = parts.split_first() else {
            return at == self.words.len();
        };
        match *first {
            _ if self.tries == 0 => false,
            Part::Words { choices, optional } => {
                let here = self.words.get(at).is_some_and(|word| {
                    !word.quoted && choices.split('|').any(|choice| choice == word.plain)
                });
                (here && self.fits(rest, at + 1)) || (optional && self.fits(rest, at))
            }
            Part::Slot {
                name,
                greedy: false,
            } => (at + 1..=self.words.len()).any(|end| self.ends(name, at..end, rest)),
            Part::Slot { name, greedy: true } => (at + 1..=self.words.len())
                .rev()
                .any(|end| self.ends(name, at..end, rest)),
        }
    }

    /// Whether the rest fits when the slot takes the words `range`.
    fn ends(&mut self, name: &'p str, range: Range<usize>, rest: &[Part<'p>]) -> bool {
        let end = range.end;
        self.slots.push((name, range));
        let fit = self.fits(rest, end);
        if !fit {
            self.slots.pop();
        }
        fit
    }
}
