//! Whether bytes are text, and in which encoding; words about sizes.

mod form;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub(crate) use form::{Form, Unwritable};

/// How far into a file a NUL byte makes it binary.
const PROBE_BYTES: usize = 8 * 1024;

/// What the bytes of a file are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Decoded {
    /// Text without its byte order mark, and the form it has in the file.
    Text(String, Form),
    /// No text; what it looks like.
    Binary(&'static str),
}

/// Finds the encoding and decodes.
pub(crate) fn decode(bytes: &[u8]) -> Decoded {
    match binary_kind(bytes) {
        Some(kind) => Decoded::Binary(kind),
        None => form::decode(bytes),
    }
}

fn binary_kind(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: &[(&[u8], &str)] = &[
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive or office document"),
        (b"\x1f\x8b", "gzip-compressed data"),
        (b"\x28\xb5\x2f\xfd", "zstd-compressed data"),
        (b"\x7fELF", "a compiled program"),
        (b"SQLite format 3\0", "a SQLite database"),
        (b"OggS", "Ogg audio or video"),
        (b"RIFF", "RIFF audio, video or image"),
    ];
    if bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"\0\0\xfe\xff") {
        return Some("text in UTF-32");
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return None;
    }
    let has_nul =
        bytes.iter().take(PROBE_BYTES).any(|byte| *byte == 0) && !form::is_unmarked_utf16(bytes);
    let magic = KINDS.iter().find(|(start, _)| bytes.starts_with(start));
    match magic {
        Some((_, kind)) if has_nul || std::str::from_utf8(bytes).is_err() => Some(kind),
        _ => has_nul.then_some("binary data"),
    }
}

/// A size in the words people use.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: &[&str] = &["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return counted(bytes as usize, "byte");
    }
    let mut value = bytes as f64 / 1024.0;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

/// A time in the words people use.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// "1 line", "2 lines".
pub(crate) fn counted(count: usize, noun: &str) -> String {
    match (count, noun) {
        (1, _) => format!("1 {noun}"),
        (_, "match") => format!("{count} matches"),
        (_, "entry") => format!("{count} entries"),
        (_, "more entry") => format!("{count} more entries"),
        _ => format!("{count} {noun}s"),
    }
}

/// The start of a long line, at a character border.
pub(crate) fn clip_line(line: &str, limit: usize) -> (&str, bool) {
    let end = line.floor_char_boundary(limit);
    (&line[..end], end < line.len())
}
