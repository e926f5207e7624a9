//! What a folder holds, before it is moved, copied or deleted as a whole: how
//! much, and nothing that would have been judged by itself.

use std::path::{Path, PathBuf};

use permission::guarded_in;

use crate::call::Stop;
use crate::text::{counted, size};

/// Files and folders of a tree that is handled as a whole, at most.
pub(crate) const ENTRIES: usize = 50_000;

/// Guarded files named in an answer.
const NAMED: usize = 3;

/// How much there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Contents {
    pub(crate) files: usize,
    pub(crate) bytes: u64,
}

impl Contents {
    /// A single file.
    pub(crate) fn one(bytes: u64) -> Self {
        Self { files: 1, bytes }
    }

    pub(crate) fn add(&mut self, bytes: u64) {
        self.files += 1;
        self.bytes += bytes;
    }

    pub(crate) fn in_words(&self) -> String {
        format!("{} ({})", counted(self.files, "file"), size(self.bytes))
    }
}

/// Counts what the folder `real` holds. A folder with something guarded in
/// it, or with more than can be looked at, is refused: only the folder itself
/// was judged.
pub(crate) fn of(real: &Path, name: &str) -> Result<Contents, Stop> {
    let guarded = guarded_in(real, ENTRIES).map_err(|error| {
        Stop::failed(format!(
            "`{name}` cannot be looked through ({error}), so it is not handled as a whole; name smaller parts of it."
        ))
    })?;
    let links = guarded.links.into_iter().map(|(link, _)| link);
    let held: Vec<PathBuf> = guarded
        .protected
        .into_iter()
        .chain(guarded.secrets)
        .chain(links)
        .collect();
    if !held.is_empty() {
        let shown: Vec<String> = held
            .iter()
            .take(NAMED)
            .map(|path| path.strip_prefix(real).unwrap_or(path))
            .map(|path| format!("`{}`", path.display()))
            .collect();
        let more = match held.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        return Err(Stop::failed(format!(
            "`{name}` holds protected files or secrets ({}{more}), so it is not handled as a whole; nothing was changed. Name the other files one by one.",
            shown.join(", ")
        )));
    }
    Ok(count(real))
}

fn count(real: &Path) -> Contents {
    let mut contents = Contents::default();
    let mut folders = vec![real.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = folder.read_dir() else {
            continue;
        };
        for entry in entries.flatten() {
            match entry.metadata() {
                Ok(metadata) if metadata.is_dir() => folders.push(entry.path()),
                Ok(metadata) => contents.add(metadata.len()),
                Err(_) => {}
            }
            if contents.files > ENTRIES || folders.len() > ENTRIES {
                return contents;
            }
        }
    }
    contents
}
