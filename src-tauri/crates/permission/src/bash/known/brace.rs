//! Plain braces become several words: `{a,b}` and `{1..3}`, side by side but
//! not in each other, in a word without any quote.
//!
//! A word that has one of them in a shape not known here stays as it is.

use crate::bash::word::{Live, Word};

/// More words than this are not made of one.
const WORD_LIMIT: usize = 40;
/// Longer numbers are not counted from or to.
const DIGITS: usize = 4;

/// The words of a command with their braces expanded, but for its name.
pub(super) fn expanded(words: Vec<Word>) -> Vec<Word> {
    let mut out = Vec::with_capacity(words.len());
    for word in words {
        match several(&word).filter(|_| !out.is_empty()) {
            Some(mut texts) => out.extend(texts.drain(..).map(|text| remade(&word, text))),
            None => out.push(word),
        }
    }
    out
}

fn remade(word: &Word, text: String) -> Word {
    let wild = |c: char| matches!(c, '*' | '?');
    Word {
        live: text
            .contains(wild)
            .then_some(Live::Glob)
            .into_iter()
            .collect(),
        starts_wild: text.starts_with(wild),
        start: word.start,
        end: word.end,
        text,
        ..Word::default()
    }
}

fn several(word: &Word) -> Option<Vec<String>> {
    let only_braces = word
        .live
        .iter()
        .all(|live| matches!(live, Live::Brace | Live::Glob));
    let plain = |c: char| c.is_ascii_alphanumeric() || "._/+:@%,{}=-*?".contains(c);
    if word.quoted || !only_braces || !word.has(&Live::Brace) || !word.text.chars().all(plain) {
        return None;
    }
    let mut texts = vec![String::new()];
    let mut rest = word.text.as_str();
    while let Some((before, behind)) = rest.split_once('{') {
        let (inner, after) = behind.split_once('}')?;
        let parts = parts(inner)?;
        if before.contains('}') || texts.len() * parts.len() > WORD_LIMIT {
            return None;
        }
        texts = texts
            .iter()
            .flat_map(|text| {
                parts
                    .iter()
                    .map(move |part| format!("{text}{before}{part}"))
            })
            .collect();
        rest = after;
    }
    if rest.contains('}') {
        return None;
    }
    for text in &mut texts {
        text.push_str(rest);
    }
    // An empty word would vanish.
    (!texts.iter().any(String::is_empty)).then_some(texts)
}

/// What stands between braces, one by one.
fn parts(inner: &str) -> Option<Vec<String>> {
    if inner.contains('{') {
        return None;
    }
    if inner.contains(',') {
        // Two dots may be meant as a range by another shell.
        return (!inner.contains("..")).then(|| inner.split(',').map(str::to_owned).collect());
    }
    let (from, to) = inner.split_once("..")?;
    let (from, to) = (number(from)?, number(to)?);
    let count = from.abs_diff(to) as usize;
    if count >= WORD_LIMIT {
        return None;
    }
    let mut all: Vec<String> = (from.min(to)..=from.max(to))
        .map(|number| number.to_string())
        .collect();
    if from > to {
        all.reverse();
    }
    Some(all)
}

/// A number without a sign and without zeros before it, which bash would
/// keep.
fn number(text: &str) -> Option<u32> {
    let zeros = text.len() > 1 && text.starts_with('0');
    let digits = text.len() <= DIGITS && text.bytes().all(|b| b.is_ascii_digit());
    (digits && !zeros).then(|| text.parse().ok()).flatten()
}
