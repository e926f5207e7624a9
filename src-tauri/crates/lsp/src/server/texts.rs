//! Texts of files, to turn what a server says of places into lines, columns
//! and previews. Only files below the root are read: a server must not be able
//! to show, through us, what it names elsewhere.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types::Range;

use super::documents::Documents;
use crate::files;
use crate::finding::{Place, Point, Span};
use crate::position::{Encoding, Lines};

/// Files read for one answer. Places in further ones come without preview.
const FILES: usize = 2000;

/// Bytes read for one answer.
const BYTES: usize = 64 * 1024 * 1024;

/// The texts of some files, byte order marks included.
pub(crate) struct Texts {
    pub(crate) whole: HashMap<PathBuf, Arc<str>>,
    encoding: Encoding,
    root: PathBuf,
}

impl Texts {
    /// Reads `paths`; belongs on a blocking thread. Those that cannot be read
    /// are missing, without harm.
    pub(super) fn load(
        paths: &HashSet<PathBuf>,
        documents: &Documents,
        encoding: Encoding,
        root: &Path,
    ) -> Self {
        let mut texts = Self {
            whole: HashMap::new(),
            encoding,
            root: root.to_owned(),
        };
        let mut bytes = 0;
        for path in paths {
            if texts.whole.len() >= FILES || bytes >= BYTES {
                break;
            }
            let Some(whole) = documents.whole(path).or_else(|| texts.read(path)) else {
                continue;
            };
            bytes += whole.len();
            texts.whole.insert(path.clone(), whole);
        }
        texts
    }

    /// The texts of `path` alone, which is at hand.
    pub(crate) fn of(path: PathBuf, whole: Arc<str>, encoding: Encoding, root: &Path) -> Self {
        Self {
            whole: HashMap::from([(path, whole)]),
            encoding,
            root: root.to_owned(),
        }
    }

    /// Where `ranges` are, in terms of people, in the same order.
    pub(crate) fn places(&self, ranges: &[(PathBuf, Range)]) -> Vec<Place> {
        let mut lines: HashMap<&Path, Option<Lines<'_>>> = HashMap::new();
        let mut places = Vec::with_capacity(ranges.len());
        for (path, range) in ranges {
            let lines = lines.entry(path).or_insert_with(|| self.lines(path));
            places.push(self.place(path, *range, lines.as_ref()));
        }
        places
    }

    pub(crate) fn lines(&self, path: &Path) -> Option<Lines<'_>> {
        let whole = self.whole.get(path)?;
        Some(Lines::of(files::without_mark(whole)))
    }

    pub(crate) fn place(&self, path: &Path, range: Range, lines: Option<&Lines<'_>>) -> Place {
        let span = span(range, lines, self.encoding);
        Place {
            path: path.to_owned(),
            span,
            preview: lines
                .map(|lines| lines.preview(span.start.line))
                .unwrap_or_default(),
            is_outside: !path.starts_with(&self.root),
        }
    }

    fn read(&self, path: &Path) -> Option<Arc<str>> {
        let real = files::real(path).ok()?;
        if !real.starts_with(&self.root) {
            return None;
        }
        files::load(&real).ok().map(|(whole, _)| whole)
    }
}

/// Columns as the server counts them when the text is not at hand.
pub(crate) fn span(range: Range, lines: Option<&Lines<'_>>, encoding: Encoding) -> Span {
    if let Some(lines) = lines {
        return lines.span(range, encoding);
    }
    let raw = |position: gen_lsp_types::Position| Point {
        line: position.line as usize + 1,
        column: position.character as usize + 1,
    };
    Span {
        start: raw(range.start),
        end: raw(range.end),
    }
}
