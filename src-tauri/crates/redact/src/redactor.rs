//! The door of the crate: a text in, the same text without its secrets out.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use crate::known::KnownValues;
use crate::scan::{self, Candidate};
use crate::{json, mark};

/// A mark can uncover what stood hidden behind a secret: the two no longer
/// touch. Each time hides more; texts made by people need one.
const PASSES_MAX: usize = 16;

/// The name that [`Found::shape`] has for values it was told.
const KNOWN: &str = "known-value";

/// Finds secrets by their shapes and by values it was told. Cheap to make
/// and to clone: what it needs is made when the first text comes.
#[derive(Clone, Default)]
pub struct Redactor {
    known: Option<Arc<KnownValues>>,
}

/// A secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<'r> {
    /// Which kind it is, for machines: `github-token`, or `known-value`.
    pub shape: &'r str,
    /// What the mark says: `GitHub token`, or the name of a known value.
    pub name: &'r str,
    /// Where it stands, in bytes.
    pub range: Range<usize>,
}

impl Redactor {
    /// Knows the built-in shapes only.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Also hides these values, given by name. Values of less than eight
    /// characters are left out: they stand in every text.
    #[must_use]
    pub fn with_values(values: impl IntoIterator<Item = (String, String)>) -> Self {
        Self {
            known: KnownValues::new(values).map(Arc::new),
        }
    }

    /// The text with a mark in place of each secret; the text itself when it
    /// has none. Redacting the result again changes nothing.
    #[must_use]
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut redacted = Cow::Borrowed(text);
        for _ in 0..PASSES_MAX {
            let found = self.find(&redacted);
            if found.is_empty() {
                break;
            }
            redacted = Cow::Owned(replace(&redacted, &found));
        }
        redacted
    }

    /// The secrets of a text in order and apart. What touches a mark is not
    /// among them.
    #[must_use]
    pub fn find<'r>(&'r self, text: &str) -> Vec<Found<'r>> {
        let mut sightings: Vec<Sighting<'r>> = self.known_values(text);
        sightings.extend(scan::candidates(text).into_iter().map(Sighting::from));
        if sightings.is_empty() {
            return Vec::new();
        }
        let marks = mark::places(text);
        sightings.retain(|sighting| !touches(&marks, &sighting.found.range));
        sightings.sort_by_key(|sighting| sighting.found.range.start);
        merge(sightings)
    }

    /// Hides the secrets in all strings of a value, at any depth, and tells
    /// whether there were any. A string under a key such as `password` is
    /// hidden too if it looks like a secret.
    pub fn redact_json(&self, value: &mut Value) -> bool {
        json::redact(self, value)
    }

    fn known_values<'r>(&'r self, text: &str) -> Vec<Sighting<'r>> {
        let Some(known) = &self.known else {
            return Vec::new();
        };
        let sighting = |(range, name)| Sighting {
            rank: None,
            found: Found {
                shape: KNOWN,
                name,
                range,
            },
        };
        known.find(text).into_iter().map(sighting).collect()
    }
}

/// Never shows a value.
impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.known.as_ref().map_or(0, |known| known.count());
        write!(f, "Redactor({count} spellings of known values)")
    }
}

/// A secret before those that overlap are made one. Known values have no
/// rank and come before all shapes.
struct Sighting<'r> {
    rank: Option<usize>,
    found: Found<'r>,
}

impl From<Candidate> for Sighting<'_> {
    fn from(candidate: Candidate) -> Self {
        Self {
            rank: Some(candidate.rank),
            found: Found {
                shape: candidate.id,
                name: candidate.name,
                range: candidate.range,
            },
        }
    }
}

fn touches(marks: &[Range<usize>], range: &Range<usize>) -> bool {
    let next = marks.partition_point(|mark| mark.end <= range.start);
    marks.get(next).is_some_and(|mark| mark.start < range.end)
}

/// Overlapping ones become one, with the name of the best.
fn merge(sightings: Vec<Sighting<'_>>) -> Vec<Found<'_>> {
    let mut merged: Vec<Sighting<'_>> = Vec::with_capacity(sightings.len());
    for sighting in sightings {
        match merged.last_mut() {
            Some(last) if sighting.found.range.start < last.found.range.end => {
                last.absorb(sighting);
            }
            _ => merged.push(sighting),
        }
    }
    merged.into_iter().map(|sighting| sighting.found).collect()
}

impl Sighting<'_> {
    fn absorb(&mut self, other: Self) {
        let range = &mut self.found.range;
        let start = range.start;
        let end = range.end.max(other.found.range.end);
        if other.rank < self.rank {
            *self = other;
        }
        self.found.range = start..end;
    }
}

fn replace(text: &str, found: &[Found<'_>]) -> String {
    let mut redacted = String::with_capacity(text.len());
    let mut end = 0;
    for secret in found {
        redacted.push_str(&text[end..secret.range.start]);
        redacted.push_str(&mark::of(secret.name));
        end = secret.range.end;
    }
    redacted.push_str(&text[end..]);
    redacted
}
