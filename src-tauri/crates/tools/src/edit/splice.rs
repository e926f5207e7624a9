//! Finds and replaces text regardless of how lines end, without touching the
//! line ends that are not replaced.

use std::borrow::Cow;
use std::ops::Range;

/// How many occurrences an edit is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    One,
    All,
}

impl Reach {
    /// As models say it; one is meant when they say nothing.
    pub(crate) fn of(replace_all: Option<bool>) -> Self {
        if replace_all == Some(true) {
            Self::All
        } else {
            Self::One
        }
    }
}

/// Where a piece stands: a range in the text with plain line feeds.
pub(crate) type Place = Range<usize>;

/// A text and the same text with plain line feeds.
pub(crate) struct Lines<'t> {
    raw: &'t str,
    plain: Cow<'t, str>,
    /// Positions in `plain` of the line feeds that had a carriage return.
    returns: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn of(raw: &'t str) -> Self {
        if !raw.contains("\r\n") {
            return Self {
                raw,
                plain: Cow::Borrowed(raw),
                returns: Vec::new(),
            };
        }
        let mut plain = String::with_capacity(raw.len());
        let mut returns = Vec::new();
        let mut parts = raw.split("\r\n").peekable();
        while let Some(part) = parts.next() {
            plain.push_str(part);
            if parts.peek().is_some() {
                returns.push(plain.len());
                plain.push('\n');
            }
        }
        Self {
            raw,
            plain: Cow::Owned(plain),
            returns,
        }
    }

    /// All places where `piece` stands, not overlapping.
    pub(super) fn find(&self, piece: &str) -> Vec<Place> {
        let piece = plain(piece);
        self.plain
            .match_indices(piece.as_ref())
            .map(|(at, found)| at..at + found.len())
            .collect()
    }

    /// The text with `new` at every place, its lines ending as most lines of
    /// the file do.
    pub(super) fn splice(&self, places: &[Place], new: &str) -> String {
        let changes: Vec<(Place, &str)> = places.iter().map(|place| (place.clone(), new)).collect();
        self.rebuilt(&changes)
    }

    /// The text with another text at each place; the places stand in order
    /// and do not overlap.
    pub(crate) fn rebuilt(&self, changes: &[(Place, &str)]) -> String {
        let line_feeds = self.plain.bytes().filter(|byte| *byte == b'\n').count();
        let returns = self.returns.len() * 2 > line_feeds;
        let mut out = String::with_capacity(self.raw.len());
        let mut done = 0;
        for (place, new) in changes {
            out.push_str(&self.raw[done..self.raw_offset(place.start)]);
            let new = plain(new);
            if returns {
                out.push_str(&new.replace('\n', "\r\n"));
            } else {
                out.push_str(&new);
            }
            done = self.raw_offset(place.end);
        }
        out.push_str(&self.raw[done..]);
        out
    }

    /// The text with plain line feeds, which places refer to.
    pub(crate) fn plain(&self) -> &str {
        &self.plain
    }

    /// The line a place begins in, from 1.
    pub(super) fn number(&self, place: &Place) -> usize {
        self.plain[..place.start].matches('\n').count() + 1
    }

    /// A carriage return belongs to its line feed: an offset before the line
    /// feed is before both, an offset after it is after both.
    fn raw_offset(&self, offset: usize) -> usize {
        offset + self.returns.partition_point(|at| *at < offset)
    }
}

fn plain(text: &str) -> Cow<'_, str> {
    if text.contains("\r\n") {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    }
}
