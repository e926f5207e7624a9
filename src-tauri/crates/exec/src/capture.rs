//! Output kept within fixed memory: its head, its tail, and how much went by
//! in between.

#[cfg(test)]
mod tests;

/// What is kept of the beginning of the output, in bytes.
pub const HEAD_BYTES: usize = 14 * 1024;

/// What is kept of its end, in bytes: more, because errors come last.
/// Both together leave room for notes below what a model gets to read.
pub const TAIL_BYTES: usize = 30 * 1024;

/// What was kept of an output.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Captured {
    /// The beginning, or everything when nothing was left out.
    pub head: String,
    /// The end; empty when nothing was left out.
    pub tail: String,
    /// Bytes between the two that were not kept.
    pub truncated_bytes: u64,
}

impl Captured {
    /// The whole as one text, with a line in the middle that says what is
    /// missing.
    #[must_use]
    pub fn text(&self) -> String {
        if self.truncated_bytes == 0 {
            return format!("{}{}", self.head, self.tail);
        }
        format!(
            "{}\n… {} bytes left out …\n{}",
            self.head, self.truncated_bytes, self.tail
        )
    }
}

/// Takes output piece by piece.
#[derive(Debug, Default)]
pub(crate) struct Capture {
    head: String,
    head_full: bool,
    /// Up to twice [`TAIL_BYTES`], cut back when it grows beyond.
    tail: String,
    dropped: u64,
}

impl Capture {
    pub(crate) fn push(&mut self, text: &str) {
        let rest = self.fill_head(text);
        self.tail.push_str(rest);
        if self.tail.len() > 2 * TAIL_BYTES {
            self.cut_tail();
        }
    }

    pub(crate) fn finish(mut self) -> Captured {
        if self.tail.len() > TAIL_BYTES {
            self.cut_tail();
        }
        Captured {
            head: self.head,
            tail: self.tail,
            truncated_bytes: self.dropped,
        }
    }

    /// Moves what fits into the head and returns the rest.
    fn fill_head<'a>(&mut self, text: &'a str) -> &'a str {
        if self.head_full {
            return text;
        }
        let room = HEAD_BYTES - self.head.len();
        if text.len() <= room {
            self.head.push_str(text);
            return "";
        }
        self.head_full = true;
        let (fits, rest) = text.split_at(text.floor_char_boundary(room));
        self.head.push_str(fits);
        rest
    }

    fn cut_tail(&mut self) {
        let from = self.tail.ceil_char_boundary(self.tail.len() - TAIL_BYTES);
        self.dropped += from as u64;
        self.tail.drain(..from);
    }
}
