//! The mark that takes a secret's place. Text inside a mark is never read
//! again, which is why redacting twice changes nothing more.

use std::ops::Range;

const OPEN: &str = "[secret: ";
const CLOSE: char = ']';
const NAME_MAX_CHARS: usize = 60;
const NAMELESS: &str = "known value";

pub(crate) fn of(name: &str) -> String {
    format!("{OPEN}{name}{CLOSE}")
}

/// A name from outside, made fit for a mark: it must neither end the mark
/// nor show the value itself.
pub(crate) fn fit_name(name: &str, value: &str) -> String {
    if name.contains(value) {
        return NAMELESS.to_owned();
    }
    let fits = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    let name: String = name.chars().filter(fits).take(NAME_MAX_CHARS).collect();
    if name.trim().is_empty() {
        return NAMELESS.to_owned();
    }
    name
}

/// Where marks stand in a text, in order.
pub(crate) fn places(text: &str) -> Vec<Range<usize>> {
    let begins = text.match_indices(OPEN);
    begins
        .filter_map(|(start, _)| {
            let name = start + OPEN.len();
            let inside = text[name..].chars().take(NAME_MAX_CHARS + 1);
            let length: usize = inside
                .take_while(|c| !matches!(c, '[' | ']' | '\n'))
                .map(char::len_utf8)
                .sum();
            let end = name + length;
            text[end..].starts_with(CLOSE).then_some(start..end + 1)
        })
        .collect()
}
