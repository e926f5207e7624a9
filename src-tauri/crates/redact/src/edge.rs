//! Where a token begins and ends. A token inside a longer word is a part of
//! something else; but a letter that belongs to an escape (`\n`, `%3D`, the
//! colour of a terminal) is no part of a word.

use crate::shape::Left;

/// The longest colour, such as `[38;2;255;255;255m`.
const COLOUR_MAX_BYTES: usize = 20;

pub(crate) fn is_free_before(text: &str, start: usize, left: Left) -> bool {
    let before = &text.as_bytes()[..start];
    let Some(last) = before.last() else {
        return left != Left::Digit;
    };
    match left {
        Left::Anything => true,
        Left::Digit => last.is_ascii_digit(),
        Left::NoWord => !last.is_ascii_alphanumeric() || ends_with_escape(before),
        Left::NoRun => {
            let goes_on = last.is_ascii_alphanumeric() || matches!(last, b'-' | b'_');
            !goes_on || ends_with_escape(before)
        }
    }
}

pub(crate) fn is_free_after(text: &str, end: usize) -> bool {
    let next = text.as_bytes().get(end);
    !next.is_some_and(u8::is_ascii_alphanumeric)
}

fn ends_with_escape(before: &[u8]) -> bool {
    let letters = b"abefnrtv0";
    let is_letter = matches!(before, [.., b'\\', letter] if letters.contains(letter));
    is_letter
        || ends_with_hex(before, b"%", 2)
        || ends_with_hex(before, b"\\x", 2)
        || ends_with_hex(before, b"\\u", 4)
        || ends_with_colour(before)
}

fn ends_with_hex(before: &[u8], lead: &[u8], count: usize) -> bool {
    let Some(middle) = before.len().checked_sub(count) else {
        return false;
    };
    let (head, digits) = before.split_at(middle);
    head.ends_with(lead) && digits.iter().all(u8::is_ascii_hexdigit)
}

fn ends_with_colour(before: &[u8]) -> bool {
    let Some((b'm', inside)) = before.split_last() else {
        return false;
    };
    let numbers = inside
        .iter()
        .rev()
        .take(COLOUR_MAX_BYTES)
        .take_while(|byte| byte.is_ascii_digit() || **byte == b';')
        .count();
    inside[..inside.len() - numbers].ends_with(b"[")
}
