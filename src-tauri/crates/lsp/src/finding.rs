//! What is asked and what is found, in terms of people: absolute paths, lines
//! and columns from 1, columns in characters.

use std::path::PathBuf;

use serde::Serialize;

/// A place between characters of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Point {
    /// From 1.
    pub line: usize,
    /// From 1, in characters (Unicode scalar values).
    pub column: usize,
}

/// From one point up to another, which is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// Where it begins.
    pub start: Point,
    /// Where it ends.
    pub end: Point,
}

/// A piece of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// Absolute.
    pub path: PathBuf,
    /// What part of it.
    pub span: Span,
    /// The first line of it, trimmed; empty for files outside the root, which
    /// are not read. Columns of such files are as the server counts them.
    pub preview: String,
    /// The file does not lie below the server's root.
    pub is_outside: bool,
}

/// A list that was cut when it was too long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found<T> {
    /// What was found, in order.
    pub items: Vec<T>,
    /// How many more there were.
    pub left_out: usize,
}

impl<T> Found<T> {
    /// The first `most` of `items`.
    pub(crate) fn cut(mut items: Vec<T>, most: usize) -> Self {
        let left_out = items.len().saturating_sub(most);
        items.truncate(most);
        Self { items, left_out }
    }
}

/// What a request is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// What stands at this point.
    Point(Point),
    /// The first whole word `name` in this line, from 1.
    Name {
        /// The line, from 1.
        line: usize,
        /// The word.
        name: String,
    },
}
