//! Reads `[[ … ]]`, whose words mean something else than those of a command:
//! nothing is split, no wildcard stands for files, operators are words.
//!
//! Only what `terms` can take apart becomes a leaf. Groups, `<`, `>` and all
//! tests that evaluate their operand are left to be asked about.

use super::{Draft, Lexer};
use crate::bash::script::LeafKind;
use crate::bash::word::{Live, Word};

/// Tests of one operand; the first are of a file.
pub(crate) const OF_FILE: &[&str] = &[
    "-e", "-f", "-d", "-L", "-h", "-r", "-w", "-x", "-s", "-b", "-c", "-p", "-S", "-g", "-k", "-u",
    "-O", "-G", "-N",
];
const OF_TEXT: &[&str] = &["-n", "-z", "-t"];
/// Tests of two operands.
pub(crate) const OF_FILES: &[&str] = &["-nt", "-ot", "-ef"];
pub(crate) const OF_NUMBERS: &[&str] = &["-eq", "-ne", "-lt", "-le", "-gt", "-ge"];
const OF_TEXTS: &[&str] = &["=", "==", "!=", "=~"];

/// One test: its operator, and what it looks at.
pub(crate) struct Term<'w> {
    pub(crate) operator: &'w str,
    pub(crate) operands: Vec<&'w Word>,
}

/// Takes the words between `[[` and `]]` apart; `None` when they are more
/// than tests joined by `&&` and `||`.
pub(crate) fn terms(words: &[Word]) -> Option<Vec<Term<'_>>> {
    let joint = |word: &Word| !word.quoted && matches!(word.text.as_str(), "&&" | "||");
    words.split(joint).map(term).collect()
}

fn term(words: &[Word]) -> Option<Term<'_>> {
    let words = match words {
        [not, rest @ ..] if not.text == "!" && !not.quoted => rest,
        words => words,
    };
    let (operator, operands): (&str, Vec<&Word>) = match words {
        [word] => ("-n", vec![word]),
        [test, word] if is_one(test, OF_FILE) || is_one(test, OF_TEXT) => {
            (test.text.as_str(), vec![word])
        }
        [left, test, right]
            if [OF_FILES, OF_NUMBERS, OF_TEXTS]
                .iter()
                .any(|list| is_one(test, list)) =>
        {
            (test.text.as_str(), vec![left, right])
        }
        _ => return None,
    };
    operands
        .iter()
        .all(|word| is_operand(word))
        .then_some(Term { operator, operands })
}

fn is_one(word: &Word, list: &[&str]) -> bool {
    !word.quoted && word.plain() && list.contains(&word.text.as_str())
}

/// Nothing that another reader might take for an operator.
fn is_operand(word: &Word) -> bool {
    let text = word.text.as_str();
    let number = text
        .strip_prefix('-')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
    (number || !text.starts_with('-'))
        && !matches!(
            text,
            "!" | "=" | "==" | "!=" | "=~" | "[[" | "]]" | "[" | "]"
        )
}

impl Lexer<'_> {
    /// Reads a condition behind its `[[`; false when it is not one that can
    /// be taken apart, and then nothing was read.
    pub(super) fn condition(&mut self, draft: &mut Draft, open: &Word) -> bool {
        let (pos, shapes, leaves) = (self.pos, self.script.shapes.len(), self.script.leaves.len());
        let words = self.condition_words();
        let is_whole = words.as_deref().is_some_and(|words| {
            words
                .split_last()
                .is_some_and(|(_, rest)| terms(rest).is_some())
        });
        let Some(words) = words.filter(|_| is_whole) else {
            self.pos = pos;
            self.script.shapes.truncate(shapes);
            self.script.leaves.truncate(leaves);
            return false;
        };
        let leaf = &mut draft.leaf;
        leaf.kind = LeafKind::Condition;
        leaf.cover(open.span());
        leaf.words.push(Word {
            live: Vec::new(),
            starts_wild: false,
            ..open.clone()
        });
        for word in words {
            leaf.cover(word.span());
            leaf.words.push(word);
        }
        true
    }

    /// All words up to and with `]]`.
    fn condition_words(&mut self) -> Option<Vec<Word>> {
        let mut words = Vec::new();
        loop {
            while matches!(self.peek(0), b' ' | b'\t') {
                self.pos += 1;
            }
            let start = self.pos;
            if self.starts("&&") || self.starts("||") {
                self.pos += 2;
                let span = self.span(start, self.pos);
                words.push(Word {
                    start: span.start,
                    end: span.end,
                    text: self.slice(start, self.pos).to_owned(),
                    ..Word::default()
                });
                continue;
            }
            if !self.word_here() || self.peek(0) == b'#' {
                return None;
            }
            let mut word = self.word();
            if word.text == "=~" && !word.quoted {
                word.live.clear();
            }
            word.live.retain(|live| *live != Live::Glob);
            word.starts_wild = false;
            let closes = !word.quoted && word.text == "]]";
            words.push(word);
            if closes {
                return Some(words);
            }
        }
    }
}
