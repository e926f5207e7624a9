//! From the bytes of a terminal program to plain text: UTF-8 put together
//! again over chunk borders, escape sequences and control characters gone.

#[cfg(test)]
mod tests;

/// The longest escape sequence that is swallowed. One that never ends must
/// not swallow the rest of the output.
const SEQUENCE_CHARS: usize = 4096;

/// Turns the chunks of one stream into text.
#[derive(Debug, Default)]
pub(crate) struct Cleaner {
    /// The start of a character whose end has not come yet.
    pending: Vec<u8>,
    state: State,
    /// Characters swallowed by the present sequence.
    swallowed: usize,
    after_return: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Text,
    /// After ESC.
    Escape,
    /// After `ESC [`, until a final byte.
    Control,
    /// After `ESC ]` and its like, until BEL or `ESC \`.
    InString,
    /// ESC inside such a string.
    StringEscape,
    /// After `ESC (` and its like: one more character.
    One,
}

impl Cleaner {
    /// Appends the text of `bytes` to `text`.
    pub(crate) fn feed(&mut self, bytes: &[u8], text: &mut String) {
        if self.pending.is_empty() {
            return self.feed_whole(bytes, text);
        }
        let mut joined = std::mem::take(&mut self.pending);
        joined.extend_from_slice(bytes);
        self.feed_whole(&joined, text);
    }

    /// Appends what is left when the stream has ended.
    pub(crate) fn finish(&mut self, text: &mut String) {
        if !self.pending.is_empty() {
            self.pending.clear();
            self.push(char::REPLACEMENT_CHARACTER, text);
        }
        if std::mem::take(&mut self.after_return) {
            text.push('\n');
        }
    }

    fn feed_whole(&mut self, bytes: &[u8], text: &mut String) {
        let mut chunks = bytes.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            self.push_str(chunk.valid(), text);
            let broken = chunk.invalid();
            if broken.is_empty() {
                continue;
            }
            if chunks.peek().is_none() && may_continue(broken) {
                self.pending.extend_from_slice(broken);
            } else {
                self.push(char::REPLACEMENT_CHARACTER, text);
            }
        }
    }

    fn push_str(&mut self, plain: &str, text: &mut String) {
        let is_plain = |byte: u8| byte >= 0x20 && byte != 0x7f || byte == b'\n' || byte == b'\t';
        if self.state == State::Text
            && !self.after_return
            && plain.bytes().all(is_plain)
            && !plain.contains('\u{9b}')
        {
            text.push_str(plain);
            return;
        }
        for ch in plain.chars() {
            self.push(ch, text);
        }
    }

    fn push(&mut self, ch: char, text: &mut String) {
        if self.state == State::Text {
            return self.push_text(ch, text);
        }
        self.swallowed += 1;
        self.state = if self.swallowed > SEQUENCE_CHARS {
            State::Text
        } else {
            self.state.after(ch)
        };
    }

    /// A lone carriage return, as progress bars print it, starts a new line;
    /// before a line feed it is dropped.
    fn push_text(&mut self, ch: char, text: &mut String) {
        if std::mem::take(&mut self.after_return) && ch != '\n' && ch != '\r' {
            text.push('\n');
        }
        match ch {
            '\u{1b}' => self.begin(State::Escape),
            '\u{9b}' => self.begin(State::Control),
            '\r' => self.after_return = true,
            '\n' | '\t' => text.push(ch),
            ch if ch.is_control() => {}
            ch => text.push(ch),
        }
    }

    fn begin(&mut self, state: State) {
        self.state = state;
        self.swallowed = 0;
    }
}

impl State {
    fn after(self, ch: char) -> Self {
        match (self, ch) {
            (Self::Escape, '[') => Self::Control,
            (Self::Escape, ']' | 'P' | 'X' | '^' | '_') => Self::InString,
            (Self::Escape, '(' | ')' | '*' | '+' | '#' | '%' | ' ') => Self::One,
            (Self::Control, '\u{20}'..='\u{3f}') => Self::Control,
            (Self::Control | Self::Escape, '\u{1b}') => Self::Escape,
            (Self::InString, '\u{1b}') => Self::StringEscape,
            (Self::StringEscape, '\\') | (Self::InString, '\u{7}' | '\u{9c}') => Self::Text,
            (Self::InString | Self::StringEscape, _) => Self::InString,
            _ => Self::Text,
        }
    }
}

/// True when more bytes could make a character of this broken end. The bytes
/// are what the standard library calls invalid: a proper prefix of a
/// character, or bytes that can start none.
fn may_continue(broken: &[u8]) -> bool {
    let expected = match broken[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return false,
    };
    broken.len() < expected
}
