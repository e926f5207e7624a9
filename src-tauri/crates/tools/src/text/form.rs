//! In which form a text stands in its file: encoding, byte order mark, line
//! ends. A text goes back in the form it was found in, or not at all.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

use super::Decoded;

/// The byte order mark.
const BOM: char = '\u{feff}';

/// How much of a file tells which encoding it has.
const PROBE_BYTES: usize = 64 * 1024;

/// Bytes that are enough to tell UTF-16 from a word and a NUL.
const SHORTEST_UTF16: usize = 6;

/// The form of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Form {
    coding: Coding,
    /// It begins with a byte order mark.
    marked: bool,
    /// Every line ends with carriage return and line feed.
    crlf: bool,
    /// These bytes come back from the text alone.
    exact: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Utf16Le,
    Utf16Be,
    /// UTF-8, or one of the older encodings.
    Bytes(&'static Encoding),
}

/// A text cannot be written in the form its file has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unwritable {
    /// The encoding has no such character.
    Character(char, &'static str),
    /// The file holds bytes that are no text.
    Inexact(&'static str),
}

impl Form {
    /// What new files get.
    pub(crate) const NEW: Self = Self {
        coding: Coding::Bytes(UTF_8),
        marked: false,
        crlf: false,
        exact: true,
    };

    /// The encoding's name where it is not UTF-8.
    pub(crate) fn foreign(&self) -> Option<&'static str> {
        match self.coding {
            Coding::Bytes(encoding) if encoding == UTF_8 => None,
            _ => Some(self.coding.name()),
        }
    }

    /// Why a changed text could not go back, whatever it held.
    pub(crate) fn check(&self) -> Result<(), Unwritable> {
        if self.exact {
            Ok(())
        } else {
            Err(Unwritable::Inexact(self.coding.name()))
        }
    }

    /// The bytes of `text` in this form; line ends are taken as they are.
    pub(crate) fn encode(&self, text: &str) -> Result<Vec<u8>, Unwritable> {
        self.check()?;
        self.encode_unchecked(text)
    }

    /// A text written anew, as the file has it: whoever wrote it saw neither
    /// the byte order mark nor carriage returns.
    pub(crate) fn fitted(&self, text: &str) -> String {
        let text = match text.strip_prefix(BOM) {
            Some(rest) if self.marked => rest,
            _ => text,
        };
        if self.crlf && !text.contains("\r\n") {
            text.replace('\n', "\r\n")
        } else {
            text.to_owned()
        }
    }

    fn encode_unchecked(&self, text: &str) -> Result<Vec<u8>, Unwritable> {
        let mark = if self.marked { Some(BOM) } else { None };
        let units = || mark.into_iter().chain(text.chars()).flat_map(units);
        match self.coding {
            Coding::Utf16Le => Ok(units().flat_map(u16::to_le_bytes).collect()),
            Coding::Utf16Be => Ok(units().flat_map(u16::to_be_bytes).collect()),
            Coding::Bytes(encoding) => {
                let (bytes, _, missing) = encoding.encode(text);
                if missing {
                    return Err(Unwritable::Character(
                        first_missing(encoding, text),
                        encoding.name(),
                    ));
                }
                let mut out = mark.map(String::from).unwrap_or_default().into_bytes();
                out.extend_from_slice(&bytes);
                Ok(out)
            }
        }
    }
}

impl Coding {
    fn name(self) -> &'static str {
        match self {
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Bytes(encoding) => encoding.name(),
        }
    }
}

/// The text of bytes that are known not to be another kind of file.
pub(super) fn decode(bytes: &[u8]) -> Decoded {
    let (coding, mark) = coding(bytes);
    let body = bytes.get(mark..).unwrap_or_default();
    let content = match coding {
        Coding::Utf16Le => utf16(body, u16::from_le_bytes),
        Coding::Utf16Be => utf16(body, u16::from_be_bytes),
        Coding::Bytes(encoding) => encoding.decode_without_bom_handling(body).0.into_owned(),
    };
    let mut form = Form {
        coding,
        marked: mark > 0,
        crlf: ends_in_crlf(&content),
        exact: true,
    };
    form.exact = form
        .encode_unchecked(&content)
        .is_ok_and(|back| back == bytes);
    Decoded::Text(content, form)
}

/// The encoding of a file, and the length of its byte order mark.
fn coding(bytes: &[u8]) -> (Coding, usize) {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return (Coding::Bytes(UTF_8), 3);
    }
    if bytes.starts_with(b"\xff\xfe") {
        return (Coding::Utf16Le, 2);
    }
    if bytes.starts_with(b"\xfe\xff") {
        return (Coding::Utf16Be, 2);
    }
    if let Some(coding) = unmarked(bytes) {
        return (coding, 0);
    }
    if std::str::from_utf8(bytes).is_ok() {
        return (Coding::Bytes(UTF_8), 0);
    }
    (Coding::Bytes(guess(bytes)), 0)
}

/// Whether the NUL bytes of a file are those of UTF-16 without a mark.
pub(super) fn is_unmarked_utf16(bytes: &[u8]) -> bool {
    unmarked(bytes).is_some()
}

/// UTF-16 without a mark: every other byte of blanks, line ends and Latin
/// letters is a NUL.
fn unmarked(bytes: &[u8]) -> Option<Coding> {
    let probe = bytes.get(..bytes.len().min(PROBE_BYTES) & !1)?;
    if probe.len() < SHORTEST_UTF16 || bytes.len() % 2 == 1 {
        return None;
    }
    let nul = |odd: usize| {
        probe
            .iter()
            .skip(odd)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (nul(0), nul(1));
    // Of the characters of a text in Latin letters nearly all; strings with
    // a NUL behind each have fewer.
    let enough = probe.len() / 2 * 7 / 10;
    let (coding, unit): (_, fn([u8; 2]) -> u16) = match (even, odd) {
        (0, odd) if odd > enough => (Coding::Utf16Le, u16::from_le_bytes),
        (even, 0) if even > enough => (Coding::Utf16Be, u16::from_be_bytes),
        _ => return None,
    };
    // A table of small numbers looks alike.
    let is_text = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{c}');
    utf16(probe, unit).chars().all(is_text).then_some(coding)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| match pair {
        [first, second] => unit([*first, *second]),
        _ => 0,
    });
    char::decode_utf16(units)
        .map(|ch| ch.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

fn units(c: char) -> impl Iterator<Item = u16> {
    let mut pair = [0; 2];
    let count = c.encode_utf16(&mut pair).len();
    pair.into_iter().take(count)
}

fn ends_in_crlf(text: &str) -> bool {
    let line_feeds = text.matches('\n').count();
    line_feeds > 0 && text.matches("\r\n").count() == line_feeds
}

fn first_missing(encoding: &'static Encoding, text: &str) -> char {
    let is_missing = |c: &char| encoding.encode(c.encode_utf8(&mut [0; 4])).2;
    text.chars().find(is_missing).unwrap_or_default()
}
