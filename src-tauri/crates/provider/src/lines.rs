//! One JSON document a line, decoded as the bytes come in. Blank lines are
//! nothing; the work is linear in the bytes.

use crate::sse::{EventTooLarge, MAX_EVENT_BYTES};

/// Decoder for one stream.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    line: Vec<u8>,
}

impl Decoder {
    /// Takes the next bytes and appends the lines they complete.
    pub(crate) fn push(
        &mut self,
        chunk: &[u8],
        lines: &mut Vec<String>,
    ) -> Result<(), EventTooLarge> {
        let mut rest = chunk;
        while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
            self.keep(&rest[..end])?;
            self.end(lines);
            rest = &rest[end + 1..];
        }
        self.keep(rest)
    }

    /// The stream ended: its last line may have no line feed.
    pub(crate) fn end(&mut self, lines: &mut Vec<String>) {
        let line = String::from_utf8_lossy(&self.line);
        let line = line.trim();
        if !line.is_empty() {
            lines.push(line.to_owned());
        }
        self.line.clear();
    }

    fn keep(&mut self, part: &[u8]) -> Result<(), EventTooLarge> {
        if self.line.len() + part.len() > MAX_EVENT_BYTES {
            return Err(EventTooLarge);
        }
        self.line.extend_from_slice(part);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
