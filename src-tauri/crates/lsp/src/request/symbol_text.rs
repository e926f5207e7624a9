//! All of a symbol, by its name: to read it, or to put another in its place.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::document_symbols::RawSymbol;
use crate::edit::{FileEdit, Replacement};
use crate::error::LspError;
use crate::finding::Span;
use crate::position::whole_word;
use crate::server::{Server, span};

/// Lines listed when a name means several symbols.
const LISTED: usize = 10;

/// A symbol and its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SymbolText {
    /// Absolute.
    pub path: PathBuf,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: &'static str,
    /// Where it is.
    pub span: Span,
    /// The same in bytes of the file on disk.
    pub bytes: Range<usize>,
    /// What stands there.
    pub text: String,
}

impl SymbolText {
    /// The edit that puts `new_text` in its place.
    #[must_use]
    pub fn replaced_by(self, new_text: String) -> FileEdit {
        FileEdit {
            path: self.path,
            replacements: vec![Replacement {
                bytes: self.bytes,
                line: self.span.start.line,
                old_text: self.text,
                new_text,
            }],
        }
    }
}

impl Server {
    /// The one symbol of `path` with this name: bare, or with what it lies in
    /// before it, as in `Shape::area`, `Shape.area` or `Shape/area`.
    ///
    /// # Errors
    /// When the server gives no answer, and when none or several have the name.
    pub async fn symbol_text(&self, path: &Path, name: &str) -> Result<SymbolText, LspError> {
        let (document, symbols) = self.raw_symbols(path).await?;
        let wanted: Vec<&str> = parts(name).collect();
        let found: Vec<&RawSymbol> = symbols
            .iter()
            .filter(|symbol| is_meant(symbol, &wanted))
            .collect();
        let texts = self.texts_of(&document);
        let lines = texts.lines(&document.path);
        let span_of = |symbol: &RawSymbol| span(symbol.range, lines.as_ref(), self.encoding());
        let [symbol] = found.as_slice() else {
            let numbers = found.iter().map(|symbol| span_of(symbol).start.line);
            let numbers: Vec<String> = numbers.take(LISTED).map(|line| line.to_string()).collect();
            return Err(LspError::Nowhere(if numbers.is_empty() {
                format!("`{}` defines no `{name}`.", document.path.display())
            } else {
                format!(
                    "`{name}` is defined more than once (lines {}); name what it lies in, as in `Outer::{name}`.",
                    numbers.join(", ")
                )
            }));
        };
        let text = document.text();
        let mark = document.whole.len() - text.len();
        let offset = |position| {
            let lines = lines.as_ref();
            lines.map_or(0, |lines| lines.offset(position, self.encoding()))
        };
        let start = offset(symbol.range.start);
        let end = offset(symbol.range.end).max(start);
        Ok(SymbolText {
            span: span_of(symbol),
            bytes: mark + start..mark + end,
            text: text[start..end].to_owned(),
            name: symbol.name.clone(),
            kind: symbol.kind,
            path: document.path,
        })
    }
}

/// The last part must be the name; the others must be in what it lies in, in
/// their order. Servers write `impl Shape` and `(*Shape).Area`, too.
fn is_meant(symbol: &RawSymbol, wanted: &[&str]) -> bool {
    let own: Vec<&str> = parts(&symbol.name).collect();
    let (Some((name, outer)), Some((own_name, own_outer))) =
        (wanted.split_last(), own.split_last())
    else {
        return false;
    };
    let mut above = symbol.container.iter().map(String::as_str);
    let mut above = above.by_ref().chain(own_outer.iter().copied());
    name == own_name
        && outer
            .iter()
            .all(|part| above.any(|above| whole_word(above, part).is_some()))
}

fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(['.', '/', ':', '#'])
        .map(|part| part.trim_matches(['(', ')', '*', ' ']))
        .filter(|part| !part.is_empty())
}
