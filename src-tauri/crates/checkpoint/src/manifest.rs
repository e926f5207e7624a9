//! What a workspace held at one moment: a sorted list of paths with what
//! stood there, and the honest marks of what was not looked at.
//!
//! No times and no inodes: they are no part of what a restore brings back
//! (an old time on a restored file would fool build tools), and without them
//! equal trees have equal names. The stat cache keeps those.

mod encoding;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::CheckpointError;
use crate::blobs::{Batch, Blobs};
use crate::hash::ContentHash;
use crate::rel_path;

pub(crate) use encoding::{chunk_names, file_contents};

/// Why something in the workspace is not in a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gap {
    /// A `.gitignore` names it.
    Ignored,
    /// The folder of a version control system.
    VersionControl,
    /// A pipe, socket or device.
    Special,
    /// Larger than the largest file that is kept.
    TooLarge,
    /// The system did not let us read it.
    Unreadable,
    /// On another file system than the workspace.
    OtherFileSystem,
    /// The snapshot has as many entries as it may have, or is too deep.
    TooMany,
    /// The walk took as long as it may.
    TooSlow,
}

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    File {
        mode: u32,
        size: u64,
        hash: ContentHash,
    },
    /// `partial` says why not everything in it is known.
    Folder {
        mode: u32,
        partial: Option<Gap>,
    },
    Link {
        target: Box<[u8]>,
    },
    /// Something is there and was not looked at.
    LeftOut(Gap),
    /// Nothing is there, below a folder that was not looked at.
    Absent,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub path: Box<[u8]>,
    pub node: Node,
}

/// What a snapshot knows of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State<'a> {
    /// This stood there.
    Known(&'a Node),
    /// Nothing stood there.
    Nothing,
    /// It cannot be told.
    Unknown(Gap),
}

impl State<'_> {
    /// The same as far as a restore could tell.
    pub fn same(self, other: Self) -> bool {
        match (self, other) {
            (
                Self::Known(Node::Folder { mode: a, .. }),
                Self::Known(Node::Folder { mode: b, .. }),
            ) => a == b,
            (Self::Known(a), Self::Known(b)) => a == b,
            (Self::Nothing, Self::Nothing) => true,
            _ => false,
        }
    }
}

/// A whole snapshot, by path in byte order: a folder before what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Manifest {
    entries: Vec<Entry>,
}

impl Manifest {
    /// Of entries in any order; of two for one path the later one counts.
    pub fn new(mut entries: Vec<Entry>) -> Self {
        entries.reverse();
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        entries.dedup_by(|b, a| a.path == b.path);
        Self { entries }
    }

    /// The same with some entries added or replaced.
    pub fn with(mut self, entries: Vec<Entry>) -> Self {
        self.entries.extend(entries);
        Self::new(self.entries)
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Files, bytes of files.
    pub fn totals(&self) -> (usize, u64) {
        let sizes = self.entries.iter().filter_map(|entry| match entry.node {
            Node::File { size, .. } => Some(size),
            _ => None,
        });
        sizes.fold((0, 0), |(count, bytes), size| (count + 1, bytes + size))
    }

    pub fn get(&self, path: &[u8]) -> Option<&Node> {
        let index = self
            .entries
            .binary_search_by(|entry| (*entry.path).cmp(path))
            .ok()?;
        Some(&self.entries[index].node)
    }

    /// What is known of `path`; the nearest folder that is listed says
    /// whether a path that is not listed was absent.
    pub fn state(&self, path: &[u8]) -> State<'_> {
        match self.get(path) {
            Some(Node::Absent) => return State::Nothing,
            Some(Node::LeftOut(gap)) => return State::Unknown(*gap),
            Some(node) => return State::Known(node),
            None => {}
        }
        let mut above = path;
        while !above.is_empty() {
            above = rel_path::split(above).0;
            match self.get(above) {
                Some(
                    Node::LeftOut(gap)
                    | Node::Folder {
                        partial: Some(gap), ..
                    },
                ) => return State::Unknown(*gap),
                Some(_) => return State::Nothing,
                None => {}
            }
        }
        State::Unknown(Gap::Unreadable)
    }

    /// Writes the list and gives its name. Parts that an earlier snapshot has
    /// too are shared with it.
    pub fn save(&self, batch: &mut Batch<'_>) -> Result<ContentHash, CheckpointError> {
        let chunks = encoding::chunks(&self.entries)
            .map(|chunk| batch.put(&encoding::encode_chunk(chunk)))
            .collect::<Result<Vec<_>, _>>()?;
        batch.put(&encoding::encode_root(&chunks))
    }

    pub fn load(blobs: &Blobs, root: ContentHash) -> Result<Self, CheckpointError> {
        let mut entries = Vec::new();
        for chunk in chunk_names(blobs, root)? {
            entries.extend(encoding::load_chunk(blobs, chunk)?);
        }
        Ok(Self { entries })
    }
}

/// The paths at which two stored lists differ, in order. Only the parts that
/// they do not share are read.
pub(crate) fn differing_paths(
    blobs: &Blobs,
    before: ContentHash,
    after: ContentHash,
) -> Result<Vec<Box<[u8]>>, CheckpointError> {
    if before == after {
        return Ok(Vec::new());
    }
    let (old, new) = (chunk_names(blobs, before)?, chunk_names(blobs, after)?);
    let only = |these: &[ContentHash], others: &[ContentHash]| {
        let others: std::collections::HashSet<_> = others.iter().copied().collect();
        let mut entries = Vec::new();
        for chunk in these.iter().filter(|chunk| !others.contains(chunk)) {
            entries.extend(encoding::load_chunk(blobs, *chunk)?);
        }
        Ok::<_, CheckpointError>(Manifest { entries })
    };
    let (old, new) = (only(&old, &new)?, only(&new, &old)?);
    let mut paths: Vec<_> = old
        .entries
        .iter()
        .chain(&new.entries)
        .map(|entry| &entry.path)
        .filter(|path| old.get(path) != new.get(path))
        .cloned()
        .collect();
    paths.sort_unstable();
    paths.dedup();
    Ok(paths)
}
