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

/// The slots of the first way in which `words` fit `pattern`.
pub(super) fn matches<'p>(pattern: &'p str, words: &[Word]) -> Option<Slots<'p>> {
    let parts: Vec<Part<'p>> = pattern.split_whitespace().map(part).collect();
    let mut slots = Vec::new();
    fits(&parts, words, 0, &mut slots).then_some(slots)
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

fn fits<'p>(parts: &[Part<'p>], words: &[Word], at: usize, slots: &mut Slots<'p>) -> bool {
    let Some((first, rest)) = parts.split_first() else {
        return at == words.len();
    };
    match *first {
        Part::Words { choices, optional } => {
            let here = words.get(at).is_some_and(|word| {
                !word.quoted && choices.split('|').any(|choice| choice == word.plain)
            });
            (here && fits(rest, words, at + 1, slots)) || (optional && fits(rest, words, at, slots))
        }
        Part::Slot { name, greedy } => {
            let mut ends: Vec<usize> = (at + 1..=words.len()).collect();
            if greedy {
                ends.reverse();
            }
            ends.into_iter().any(|end| {
                slots.push((name, at..end));
                let fit = fits(rest, words, end, slots);
                if !fit {
                    slots.pop();
                }
                fit
            })
        }
    }
}
