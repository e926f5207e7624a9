//! Text for somebody who decides about it: what hides in it or would move
//! what stands around it is spelled out, as `⟨U+202E⟩`.

/// Characters that take no room, look like a plain blank, reorder what
/// follows, or select how another is drawn, from the first to the last of each
/// run. From Unicode's `Default_Ignorable_Code_Point`, `Bidi_Control` and
/// `White_Space`.
pub const INVISIBLE: &[(char, char)] = &[
    ('\u{a0}', '\u{a0}'),
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{1680}', '\u{1680}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{2000}', '\u{200f}'),
    ('\u{2028}', '\u{202f}'),
    ('\u{205f}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3000}', '\u{3000}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff9}', '\u{fffc}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Unicode's `Bidi_Control`: they move text that stands around them.
pub const REORDERING: &[(char, char)] = &[
    ('\u{61c}', '\u{61c}'),
    ('\u{200e}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2066}', '\u{2069}'),
];

/// True for a character of [`INVISIBLE`].
#[must_use]
pub fn is_invisible(c: char) -> bool {
    // Nearly all text lies before the first of them.
    c >= '\u{a0}' && among(INVISIBLE, c)
}

fn among(runs: &[(char, char)], c: char) -> bool {
    runs.iter()
        .any(|(first, last)| (*first..=*last).contains(&c))
}

/// The text with controls and invisible characters spelled out; newlines and
/// tabs stay.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        push_visible(&mut shown, c);
    }
    shown
}

/// Like [`visible`], for a place of one line: newlines are spelled out, too.
#[must_use]
pub fn visible_line(text: &str) -> String {
    visible(text).replace('\n', "⟨U+000A⟩")
}

/// Text that somebody only reads: what would move the cursor or the text
/// around it is spelled out, while blanks and the parts of an emoji stay.
#[must_use]
pub fn readable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        push(&mut shown, c, among(REORDERING, c));
    }
    shown
}

/// Puts `c` behind `shown`, spelled out where nobody would see it.
pub fn push_visible(shown: &mut String, c: char) {
    push(shown, c, is_invisible(c));
}

fn push(shown: &mut String, c: char, hides: bool) {
    if hides || (c.is_control() && !matches!(c, '\n' | '\t')) {
        shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(c)));
    } else {
        shown.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::{readable, visible, visible_line};

    #[test]
    fn what_nobody_would_see_is_spelled_out() {
        let shown = visible("a\u{202e}b\u{200b}c\u{e0041}\u{1b}[2J\td\n\r");
        assert_eq!(
            shown,
            "a⟨U+202E⟩b⟨U+200B⟩c⟨U+E0041⟩⟨U+001B⟩[2J\td\n⟨U+000D⟩"
        );
        assert_eq!(
            visible("ls -la *.rs | wc # näher ✓"),
            "ls -la *.rs | wc # näher ✓"
        );
    }

    #[test]
    fn prose_keeps_its_blanks_and_emoji_and_moves_nothing() {
        let prose = "10\u{a0}km ❤\u{fe0f} 👩\u{200d}🚀";
        assert_eq!(readable(prose), prose);
        assert_eq!(readable("a\u{202e}b\u{1b}[2J"), "a⟨U+202E⟩b⟨U+001B⟩[2J");
    }

    #[test]
    fn a_line_stays_one_line() {
        assert_eq!(visible_line("a\nb"), "a⟨U+000A⟩b");
    }
}
