//! Positions: bytes of a text, the protocol's lines and code units, and lines
//! and characters of people. Exact both ways, whatever the encoding.

#[cfg(test)]
mod tests;

use gen_lsp_types::{Position, PositionEncodingKind, Range};

use crate::error::LspError;
use crate::finding::{At, Point, Span};

/// The longest preview of a line, in bytes: enough to know it again.
const PREVIEW_BYTES: usize = 200;

/// The units a server counts columns in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16,
    Utf32,
}

impl Encoding {
    /// What the server chose; UTF-16 when it chose nothing. `None` for one
    /// that was never offered.
    pub(crate) fn chosen(name: Option<&str>) -> Option<Self> {
        match name {
            None | Some("utf-16") => Some(Self::Utf16),
            Some("utf-8") => Some(Self::Utf8),
            Some("utf-32") => Some(Self::Utf32),
            Some(_) => None,
        }
    }

    /// What we understand, the one we like best first.
    pub(crate) fn offered() -> Vec<PositionEncodingKind> {
        vec![
            PositionEncodingKind::UTF8,
            PositionEncodingKind::UTF32,
            PositionEncodingKind::UTF16,
        ]
    }

    fn units(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A text and where its lines begin. Lines end with `\n`, `\r\n` or `\r`, as
/// the protocol says.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|&(at, &byte)| {
            byte == b'\n' || byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')
        });
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1));
        Self {
            text,
            starts: starts.collect(),
        }
    }

    /// The byte a position of the protocol means. One behind the end of a
    /// line means its end, one inside a character its beginning.
    pub(crate) fn offset(&self, position: Position, encoding: Encoding) -> usize {
        let index = position.line as usize;
        let Some(&start) = self.starts.get(index) else {
            return self.text.len();
        };
        let wanted = position.character as usize;
        let line = self.line(index);
        let mut units = 0;
        for (at, c) in line.char_indices() {
            units += encoding.units(c);
            if units > wanted {
                return start + at;
            }
        }
        start + line.len()
    }

    pub(crate) fn point(&self, position: Position, encoding: Encoding) -> Point {
        self.point_at(self.offset(position, encoding))
    }

    pub(crate) fn span(&self, range: Range, encoding: Encoding) -> Span {
        Span {
            start: self.point(range.start, encoding),
            end: self.point(range.end, encoding),
        }
    }

    /// The protocol's position of a point.
    pub(crate) fn position(&self, point: Point, encoding: Encoding) -> Result<Position, LspError> {
        let index = self.index_of(point.line)?;
        let line = self.line(index);
        let count = line.chars().count();
        let Some(before) = point.column.checked_sub(1).filter(|&n| n <= count) else {
            return Err(LspError::Nowhere(format!(
                "Line {} has {count} characters; column {} is not in it.",
                point.line, point.column
            )));
        };
        let units = line.chars().take(before).map(|c| encoding.units(c)).sum();
        Ok(Position {
            line: narrow(index),
            character: narrow(units),
        })
    }

    /// The protocol's position of what a request is about.
    pub(crate) fn find(&self, at: &At, encoding: Encoding) -> Result<Position, LspError> {
        match at {
            At::Point(point) => self.position(*point, encoding),
            At::Name { line, name } => {
                let text = self.line(self.index_of(*line)?);
                let Some(byte) = whole_word(text, name) else {
                    return Err(LspError::Nowhere(format!(
                        "Line {line} does not hold `{name}`; it is `{}`.",
                        clip(text.trim())
                    )));
                };
                let column = text[..byte].chars().count() + 1;
                self.position(
                    Point {
                        line: *line,
                        column,
                    },
                    encoding,
                )
            }
        }
    }

    /// The line with this number, trimmed and not too long.
    pub(crate) fn preview(&self, number: usize) -> String {
        let index = number.saturating_sub(1);
        clip(self.line(index).trim()).to_owned()
    }

    /// The range of whole lines `first` to `last`, from 1.
    pub(crate) fn range(
        &self,
        first: usize,
        last: usize,
        encoding: Encoding,
    ) -> Result<Range, LspError> {
        let (start, end) = (self.index_of(first)?, self.index_of(last)?);
        if start > end {
            return Err(LspError::Nowhere(format!(
                "Line {last} is before line {first}."
            )));
        }
        Ok(Range {
            start: Position {
                line: narrow(start),
                character: 0,
            },
            end: Position {
                line: narrow(end),
                character: narrow(self.line(end).chars().map(|c| encoding.units(c)).sum()),
            },
        })
    }

    fn point_at(&self, offset: usize) -> Point {
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1];
        Point {
            line,
            column: self.text[start..offset].chars().count() + 1,
        }
    }

    fn index_of(&self, number: usize) -> Result<usize, LspError> {
        let count = self.starts.len();
        number
            .checked_sub(1)
            .filter(|&index| index < count)
            .ok_or_else(|| {
                LspError::Nowhere(format!(
                    "The file has {count} lines; there is no line {number}."
                ))
            })
    }

    /// The line at `index`, without its end; empty past the last.
    fn line(&self, index: usize) -> &'a str {
        let Some(&start) = self.starts.get(index) else {
            return "";
        };
        let end = self.starts.get(index + 1).copied();
        let whole = &self.text[start..end.unwrap_or(self.text.len())];
        match end {
            Some(_) => whole
                .strip_suffix("\r\n")
                .unwrap_or(&whole[..whole.len() - 1]),
            None => whole,
        }
    }
}

/// Where `name` stands in `text` and is not part of a longer word.
pub(crate) fn whole_word(text: &str, name: &str) -> Option<usize> {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let goes_on = |left: &str, right: &str| {
        is_word(left.chars().next_back()) && is_word(right.chars().next())
    };
    if name.is_empty() {
        return None;
    }
    let found = text.match_indices(name).find(|(at, _)| {
        let (before, after) = (&text[..*at], &text[at + name.len()..]);
        !goes_on(before, name) && !goes_on(name, after)
    });
    found.map(|(at, _)| at)
}

fn clip(line: &str) -> &str {
    &line[..line.floor_char_boundary(PREVIEW_BYTES)]
}

/// Files are far smaller than what does not fit.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
