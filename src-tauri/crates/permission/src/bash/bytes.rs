//! Looks at the raw bytes before any tokeniser may disagree about them.

use protocol::{is_invisible, push_visible};

/// Longer commands always ask.
pub(super) const LENGTH_LIMIT: usize = 10_000;
/// A run of blanks as long as this pushes text out of sight.
const PADDING_LIMIT: usize = 40;

/// Where a character that matters stands, and what it is called.
pub(super) struct Odd {
    pub(super) at: usize,
    pub(super) end: usize,
    pub(super) name: String,
}

/// The first control character other than tab and newline.
pub(super) fn control(text: &str) -> Option<Odd> {
    find(text, |c| c.is_control() && !matches!(c, '\n' | '\t'))
}

/// The first character nobody can see: zero width, direction marks, odd
/// blanks, tags, line separators, variation selectors.
pub(super) fn invisible(text: &str) -> Option<Odd> {
    find(text, is_invisible)
}

/// The first run of blanks long enough to hide what follows.
pub(super) fn padding(text: &str) -> Option<Odd> {
    let mut start = 0;
    let mut run = 0;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            if run == 0 {
                start = at;
            }
            run += 1;
            continue;
        }
        if run >= PADDING_LIMIT {
            return Some(Odd {
                at: start,
                end: at,
                name: format!("{run} blanks in a row"),
            });
        }
        run = 0;
    }
    None
}

/// The command as a person should see it: what cannot be seen is written
/// out, and long runs of blanks are counted.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blanks = 0_usize;
    for c in text.chars().chain(std::iter::once('\n')) {
        if c == ' ' {
            blanks += 1;
            continue;
        }
        if blanks >= PADDING_LIMIT {
            out.push_str(&format!(" ⟨{blanks} blanks⟩ "));
        } else {
            out.extend(std::iter::repeat_n(' ', blanks));
        }
        blanks = 0;
        push_visible(&mut out, c);
    }
    out.pop();
    out
}

fn find(text: &str, odd: impl Fn(char) -> bool) -> Option<Odd> {
    let (at, c) = text.char_indices().find(|(_, c)| odd(*c))?;
    Some(Odd {
        at,
        end: at + c.len_utf8(),
        name: format!("U+{:04X}", u32::from(c)),
    })
}
