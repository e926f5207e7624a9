//! Edits a server proposes, as data: replacements of bytes, each with the text
//! it takes the place of, and files that come, move or go. [`apply`] is pure;
//! nothing here writes a file.

mod convert;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Serialize;

pub(crate) use convert::{paths_of, to_changes};

/// A piece of a file and what takes its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replacement {
    /// Bytes of the file as it is on disk.
    pub bytes: Range<usize>,
    /// The line it begins in, from 1.
    pub line: usize,
    /// What stands there.
    pub old_text: String,
    /// What comes there.
    pub new_text: String,
}

/// The replacements of one file, in order, none over another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileEdit {
    /// Absolute.
    pub path: PathBuf,
    /// The replacements.
    pub replacements: Vec<Replacement>,
}

/// One step of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A file gets another content.
    Edit(FileEdit),
    /// A new, empty file.
    Create {
        /// Absolute.
        path: PathBuf,
    },
    /// A file or folder gets another name.
    Rename {
        /// Absolute.
        from: PathBuf,
        /// Absolute.
        to: PathBuf,
    },
    /// A file or folder goes.
    Delete {
        /// Absolute.
        path: PathBuf,
    },
}

/// All steps, in the order in which they are to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// The steps.
    pub steps: Vec<Change>,
    /// Files it would change that do not lie below the server's root. They are
    /// not read and their steps are left out: unless this is empty, the steps
    /// are not the whole change.
    pub outside: Vec<PathBuf>,
}

/// An edit that cannot be used; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Two replacements touch the same bytes.
    #[error("The proposed edits overlap in line {line}; nothing was changed.")]
    Overlap {
        /// Where, from 1.
        line: usize,
    },
    /// The text is not what the edit was made for.
    #[error(
        "The file has changed since the edit was made (line {line}); nothing was changed. Ask again."
    )]
    Stale {
        /// Where, from 1.
        line: usize,
    },
    /// Servers do not agree where lines of such a file begin.
    #[error(
        "`{}` has lines that end with a lone carriage return; edits of it cannot be placed exactly.",
        path.display()
    )]
    LoneReturn {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read, so bytes cannot be told.
    #[error("The proposed edit names `{file}`, which cannot be read as text.")]
    Unreadable {
        /// The file, or its address when it is none.
        file: String,
    },
    /// The same file twice; the second time its positions mean another text.
    #[error("The proposed edit changes `{}` twice, which is not supported.", path.display())]
    Twice {
        /// The file.
        path: PathBuf,
    },
    /// A kind of edit we said we do not take.
    #[error("The proposed edit is of a kind that is not supported: {what}.")]
    NotSupported {
        /// What.
        what: &'static str,
    },
    /// More than is taken; a part would be worse than nothing.
    #[error("The proposed edit is too large ({what}); nothing was changed.")]
    TooLarge {
        /// Of what.
        what: &'static str,
    },
}

/// `text` with all `replacements` done. They may come in any order; those
/// that insert at the same byte keep theirs.
///
/// # Errors
/// When two overlap, or the text is not the one they were made for.
pub fn apply(text: &str, replacements: &[Replacement]) -> Result<String, EditError> {
    let sorted = in_order(replacements.iter())?;
    let mut new = String::with_capacity(text.len());
    let mut done = 0;
    for replacement in sorted {
        let Range { start, end } = replacement.bytes;
        if text.get(start..end) != Some(&replacement.old_text) {
            return Err(EditError::Stale {
                line: replacement.line,
            });
        }
        new.push_str(&text[done..start]);
        new.push_str(&replacement.new_text);
        done = end;
    }
    new.push_str(&text[done..]);
    Ok(new)
}

impl Change {
    /// The paths this step names.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        let (first, second) = match self {
            Self::Edit(edit) => (&edit.path, None),
            Self::Create { path } | Self::Delete { path } => (path, None),
            Self::Rename { from, to } => (from, Some(to)),
        };
        std::iter::once(first.as_path()).chain(second.map(PathBuf::as_path))
    }
}

/// Sorted by place. What inserts stands before what replaces there.
fn in_order<'a>(
    replacements: impl Iterator<Item = &'a Replacement>,
) -> Result<Vec<&'a Replacement>, EditError> {
    let mut sorted: Vec<&Replacement> = replacements.collect();
    sorted.sort_by_key(|one| (one.bytes.start, one.bytes.end));
    let overlap = sorted
        .windows(2)
        .find(|pair| pair[0].bytes.end > pair[1].bytes.start);
    match overlap {
        Some(pair) => Err(EditError::Overlap { line: pair[1].line }),
        None => Ok(sorted),
    }
}
