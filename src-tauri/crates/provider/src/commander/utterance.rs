//! A request cut into words, without the politeness around it.
//!
//! Words remember where they stand in the source, so that names, text and
//! commands are taken over exactly as they were given.

use std::ops::Range;

/// Words before a request that carry no meaning of their own. Longer ones
/// stand before those they begin with.
const OPENERS: &[&[&str]] = &[
    &["can", "you"],
    &["could", "you"],
    &["would", "you"],
    &["will", "you"],
    &["i", "want", "you", "to"],
    &["i", "need", "you", "to"],
    &["i", "would", "like", "you", "to"],
    &["i'd", "like", "you", "to"],
    &["i", "want", "to"],
    &["i", "would", "like", "to"],
    &["i'd", "like", "to"],
    &["go", "ahead", "and"],
    &["hey", "familiar"],
    &["hi", "familiar"],
    &["hello", "familiar"],
    &["okay", "familiar"],
    &["ok", "familiar"],
    &["please"],
    &["kindly"],
    &["okay"],
    &["ok"],
    &["now"],
    &["so"],
    &["well"],
    &["then"],
    &["and"],
    &["just"],
    &["let's"],
    &["familiar"],
    &["um"],
    &["uh"],
];

/// Words after a request that carry no meaning of their own.
const CLOSERS: &[&[&str]] = &[
    &["for", "me"],
    &["if", "you", "can"],
    &["will", "you"],
    &["thank", "you"],
    &["please"],
    &["thanks"],
];

/// How a request reached us, because the ear adds punctuation of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    /// Every sign is meant.
    Typed,
    /// The full stop at the end is the speech model's.
    Spoken,
}

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Lower case, without commas after it; of a quotation the inside, as is.
    pub(super) plain: String,
    /// True for a quotation, which never counts as a word of a phrase.
    pub(super) quoted: bool,
    /// Where it stands, quotation marks included.
    pub(super) span: Range<usize>,
    /// Where its inside stands.
    pub(super) inside: Range<usize>,
}

/// A request in words.
#[derive(Debug, Clone)]
pub(super) struct Utterance<'a> {
    source: &'a str,
    voice: Voice,
    words: Vec<Word>,
    closed: bool,
}

impl<'a> Utterance<'a> {
    /// Cuts `source` into words and takes the politeness off both ends.
    pub(super) fn new(source: &'a str, voice: Voice) -> Self {
        let mut words = split(source);
        if let Some(last) = words.last_mut() {
            trim_end(source, last);
        }
        let start = openers(&words);
        words.drain(..start);
        let before = words.len();
        words.truncate(without_closers(&words));
        let closed = words.len() < before;
        if closed && let Some(last) = words.last_mut() {
            trim_end(source, last);
        }
        Self {
            source,
            voice,
            words,
            closed,
        }
    }

    pub(super) fn words(&self) -> &[Word] {
        &self.words
    }

    /// The ways to cut the request in two at an "and" or "then". A command
    /// given by a sign is never cut.
    pub(super) fn joints(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let start = self.words.first().map_or(0, |word| word.span.start);
        let command = self.source[start..].starts_with(['$', '!']);
        self.words
            .iter()
            .skip(1)
            .filter(move |word| {
                !command && !word.quoted && ["and", "then"].contains(&word.plain.as_str())
            })
            .map(move |word| {
                let left = self.source[start..word.span.start]
                    .trim_end()
                    .trim_end_matches(',');
                (left, self.source[word.span.end..].trim_start())
            })
    }

    /// The words `range` as they stand in the source; a lone quotation
    /// without its marks.
    pub(super) fn text(&self, range: Range<usize>) -> &'a str {
        match self.words.get(range) {
            None | Some([]) => "",
            Some([word]) => &self.source[word.inside.clone()],
            Some([first, .., last]) => {
                &self.source[first.span.start..last.inside.end.max(last.span.end)]
            }
        }
    }

    /// Like `text`, but typed text that reaches to the end keeps the signs
    /// there: they are content.
    pub(super) fn verbatim(&self, range: Range<usize>) -> &'a str {
        let to_the_end =
            range.end == self.words.len() && !self.closed && self.voice == Voice::Typed;
        match self.words.get(range.clone()) {
            Some([first, .., _]) if to_the_end => self.source[first.span.start..].trim_end(),
            Some([word]) if to_the_end && !word.quoted => self.source[word.span.start..].trim_end(),
            _ => self.text(range),
        }
    }
}

fn split(source: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(offset) = source[at..].find(|c: char| !c.is_whitespace()) {
        let start = at + offset;
        let word = quotation(source, start).unwrap_or_else(|| plain_word(source, start));
        at = word.span.end;
        words.push(word);
    }
    words
}

fn plain_word(source: &str, start: usize) -> Word {
    let length = source[start..]
        .find(char::is_whitespace)
        .unwrap_or(source.len() - start);
    let span = start..start + length;
    let text = &source[span.clone()];
    let plain = text
        .strip_suffix(',')
        .filter(|rest| !rest.is_empty())
        .unwrap_or(text);
    Word {
        plain: plain.to_lowercase().replace('’', "'"),
        quoted: false,
        inside: start..start + plain.len(),
        span,
    }
}

/// A quotation opens at the start of a word and closes at the end of one,
/// so that the apostrophe of "don't" opens nothing.
fn quotation(source: &str, start: usize) -> Option<Word> {
    let open = source[start..].chars().next()?;
    let close = match open {
        '"' | '\'' | '`' => open,
        '“' => '”',
        '‘' => '’',
        '«' => '»',
        _ => return None,
    };
    let inner = start + open.len_utf8();
    let ends = |end: usize| {
        let after = &source[end + close.len_utf8()..];
        let rest = after.trim_start_matches(['.', ',', '?', '!', ';', ':']);
        rest.is_empty() || rest.starts_with(char::is_whitespace)
    };
    let end = source[inner..]
        .match_indices(close)
        .map(|(offset, _)| inner + offset)
        .find(|end| *end > inner && ends(*end))?;
    let after = end + close.len_utf8();
    let signs = source[after..]
        .find(char::is_whitespace)
        .unwrap_or(source.len() - after);
    Some(Word {
        plain: source[inner..end].to_owned(),
        quoted: true,
        span: start..after + signs,
        inside: inner..end,
    })
}

/// Takes the signs that end a sentence off a word, unless they are all of it.
fn trim_end(source: &str, word: &mut Word) {
    if word.quoted {
        return;
    }
    let text = &source[word.inside.clone()];
    let kept = text.trim_end_matches(['.', '?', '!', ',', '…']);
    if kept.is_empty() {
        return;
    }
    word.inside.end = word.inside.start + kept.len();
    word.span.end = word.inside.end;
    word.plain = kept.to_lowercase().replace('’', "'");
}

fn openers(words: &[Word]) -> usize {
    let mut start = 0;
    while let Some(opener) = OPENERS
        .iter()
        .find(|opener| begins(&words[start..], opener))
    {
        if start + opener.len() == words.len() {
            break;
        }
        start += opener.len();
    }
    start
}

fn without_closers(words: &[Word]) -> usize {
    let mut end = words.len();
    while let Some(closer) = CLOSERS.iter().find(|closer| ends(&words[..end], closer)) {
        if closer.len() == end {
            break;
        }
        end -= closer.len();
    }
    end
}

fn begins(words: &[Word], phrase: &[&str]) -> bool {
    words.len() >= phrase.len() && same(&words[..phrase.len()], phrase)
}

fn ends(words: &[Word], phrase: &[&str]) -> bool {
    words.len() >= phrase.len() && same(&words[words.len() - phrase.len()..], phrase)
}

fn same(words: &[Word], phrase: &[&str]) -> bool {
    words.iter().zip(phrase).all(|(word, plain)| {
        !word.quoted && word.plain.trim_end_matches(['.', '!', '?', ',']) == *plain
    })
}
