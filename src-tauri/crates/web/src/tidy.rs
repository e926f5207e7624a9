//! Text as a model gets to read it: nothing in it that a person who looked at
//! the same text would not see.

use protocol::is_invisible;

/// A text without what nobody sees.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tidied {
    pub text: String,
    /// Characters that were left out, blanks not counted.
    pub left_out: usize,
}

/// Makes odd blanks plain ones and leaves out controls and invisible
/// characters; newlines and tabs stay.
pub(crate) fn tidy(text: &str) -> Tidied {
    let mut tidied = Tidied {
        text: String::with_capacity(text.len()),
        left_out: 0,
    };
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\t' => tidied.text.push(c),
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\u{2028}' | '\u{2029}' => tidied.text.push('\n'),
            _ if c.is_whitespace() && c != '\u{b}' && c != '\u{c}' => tidied.text.push(' '),
            _ if c.is_control() || is_invisible(c) => tidied.left_out += 1,
            _ => tidied.text.push(c),
        }
    }
    tidied
}

/// A text of one line and so many characters at most.
pub(crate) fn one_line(text: &str, most_chars: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = tidy(&words.join(" ")).text;
    let mut chars = line.chars();
    let head: String = chars.by_ref().take(most_chars).collect();
    match chars.next() {
        Some(_) => format!("{}…", head.trim_end()),
        None => head,
    }
}

#[cfg(test)]
mod tests {
    use super::{one_line, tidy};

    #[test]
    fn what_nobody_sees_is_left_out() {
        for (text, expected, left_out) in [
            ("plain\ttext\n", "plain\ttext\n", 0),
            ("a\r\nb\rc\u{2028}d", "a\nb\nc\nd", 0),
            ("10\u{a0}km\u{3000}x", "10 km x", 0),
            ("a\u{200b}b\u{202e}c\u{e0041}d\u{feff}", "abcd", 4),
            ("\u{1b}[2Jx\0\u{7}\u{85}y", "[2Jx y", 3),
            ("e\u{301} näher 🦀", "e\u{301} näher 🦀", 0),
        ] {
            let tidied = tidy(text);
            assert_eq!(
                (tidied.text.as_str(), tidied.left_out),
                (expected, left_out)
            );
        }
    }

    #[test]
    fn a_line_has_a_bound() {
        assert_eq!(one_line(" a \n b\u{200b} ", 10), "a b");
        assert_eq!(one_line("one two three", 8), "one two…");
    }
}
