//! Whether bytes are text, and in which encoding; words about sizes.

#[cfg(test)]
mod tests;

/// How far into a file a NUL byte makes it binary.
const PROBE_BYTES: usize = 8 * 1024;

/// The byte order mark of UTF-8.
pub(crate) const BOM: &str = "\u{feff}";

/// The text of a file, as far as it is one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Decoded {
    /// UTF-8, the only encoding that is written back.
    Utf8(String),
    /// Another encoding, for reading only; its name.
    Other(String, &'static str),
    /// No text; what it looks like.
    Binary(&'static str),
}

/// Finds the encoding and decodes.
pub(crate) fn decode(bytes: Vec<u8>) -> Decoded {
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return utf16(rest, u16::from_le_bytes, "UTF-16 LE");
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return utf16(rest, u16::from_be_bytes, "UTF-16 BE");
    }
    if let Some(kind) = binary_kind(&bytes) {
        return Decoded::Binary(kind);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Decoded::Utf8(text),
        Err(error) => {
            let latin = error.as_bytes().iter().copied().map(char::from).collect();
            Decoded::Other(latin, "not UTF-8; shown as Latin-1")
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, name: &'static str) -> Decoded {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text = char::decode_utf16(units)
        .map(|ch| ch.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    Decoded::Other(text, name)
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
    let has_nul = bytes.iter().take(PROBE_BYTES).any(|byte| *byte == 0);
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

/// "1 line", "2 lines".
pub(crate) fn counted(count: usize, noun: &str) -> String {
    match (count, noun) {
        (1, _) => format!("1 {noun}"),
        (_, "match") => format!("{count} matches"),
        (_, "entry") => format!("{count} entries"),
        _ => format!("{count} {noun}s"),
    }
}

/// The start of a long line, at a character border.
pub(crate) fn clip_line(line: &str, limit: usize) -> (&str, bool) {
    let end = line.floor_char_boundary(limit);
    (&line[..end], end < line.len())
}
