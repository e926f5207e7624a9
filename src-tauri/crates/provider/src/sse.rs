//! Server-sent events, decoded as the bytes come in.
//!
//! Follows the WHATWG event stream rules. Chunks may be split anywhere, also
//! inside a character or between CR and LF; the work is linear in the bytes.
//! It does not connect, reconnect or know what the data means.

/// Most bytes one event may have. The largest honest event is a whole tool
/// input in one piece; a server that sends more is broken or hostile.
pub const MAX_EVENT_BYTES: usize = 16 * 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Event name; `message` when the stream names none.
    pub event: String,
    /// Data lines, joined by line feeds.
    pub data: String,
    /// Last event id the stream has sent so far; empty when none.
    pub id: String,
}

/// An event grew beyond [`MAX_EVENT_BYTES`]; the stream cannot be used on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event of the stream is larger than {MAX_EVENT_BYTES} bytes")]
pub struct EventTooLarge;

/// Decoder for one stream. An event whose closing blank line never came is
/// dropped with the decoder, as the standard wants it.
#[derive(Debug, Default)]
pub struct Decoder {
    line: Vec<u8>,
    event: String,
    data: String,
    has_data: bool,
    id: String,
    reconnect_ms: Option<u64>,
    is_past_first_line: bool,
    is_after_cr: bool,
    /// Bytes looked at, to prove that none is looked at again.
    #[cfg(test)]
    scanned_bytes: usize,
}

impl Decoder {
    /// A decoder at the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The pause before a reconnect the server asked for, if it did.
    #[must_use]
    pub fn reconnect_ms(&self) -> Option<u64> {
        self.reconnect_ms
    }

    /// Takes the next bytes and appends the events they complete to `frames`.
    ///
    /// # Errors
    /// When an event is too large.
    pub fn push(&mut self, chunk: &[u8], frames: &mut Vec<Frame>) -> Result<(), EventTooLarge> {
        let mut rest = chunk;
        while !rest.is_empty() {
            if self.is_after_cr {
                self.is_after_cr = false;
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
                continue;
            }
            let end = rest.iter().position(|&byte| byte == b'\n' || byte == b'\r');
            #[cfg(test)]
            {
                self.scanned_bytes += end.map_or(rest.len(), |end| end + 1);
            }
            let Some(end) = end else {
                return self.keep(rest);
            };
            self.is_after_cr = rest[end] == b'\r';
            self.end_line(&rest[..end], frames)?;
            rest = &rest[end + 1..];
        }
        Ok(())
    }

    fn keep(&mut self, part: &[u8]) -> Result<(), EventTooLarge> {
        if self.line.len() + part.len() + self.data.len() > MAX_EVENT_BYTES {
            return Err(EventTooLarge);
        }
        self.line.extend_from_slice(part);
        Ok(())
    }

    fn end_line(&mut self, tail: &[u8], frames: &mut Vec<Frame>) -> Result<(), EventTooLarge> {
        if self.line.is_empty() {
            if tail.len() + self.data.len() > MAX_EVENT_BYTES {
                return Err(EventTooLarge);
            }
            self.take_line(tail, frames);
            return Ok(());
        }
        self.keep(tail)?;
        let mut line = std::mem::take(&mut self.line);
        self.take_line(&line, frames);
        line.clear();
        self.line = line;
        Ok(())
    }

    fn take_line(&mut self, line: &[u8], frames: &mut Vec<Frame>) {
        let line = if self.is_past_first_line {
            line
        } else {
            line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line)
        };
        self.is_past_first_line = true;
        if line.is_empty() {
            self.dispatch(frames);
            return;
        }
        let line = String::from_utf8_lossy(line);
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "data" => self.add_data(value),
            "event" => value.clone_into(&mut self.event),
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.reconnect_ms = value.parse().ok().or(self.reconnect_ms);
            }
            _ => {}
        }
    }

    fn add_data(&mut self, value: &str) {
        if self.has_data {
            self.data.push('\n');
        }
        self.has_data = true;
        self.data.push_str(value);
    }

    fn dispatch(&mut self, frames: &mut Vec<Frame>) {
        let event = std::mem::take(&mut self.event);
        if !std::mem::take(&mut self.has_data) {
            return;
        }
        frames.push(Frame {
            event: if event.is_empty() {
                "message".to_owned()
            } else {
                event
            },
            data: std::mem::take(&mut self.data),
            id: self.id.clone(),
        });
    }
}

#[cfg(test)]
mod tests;
