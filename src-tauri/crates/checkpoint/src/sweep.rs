//! Keeps the store within its quota: the oldest snapshots of the sessions
//! that rest longest go first, then every content that no snapshot names.
//!
//! It never takes the newest snapshot of a session that is open anywhere,
//! nor the two ends of a rewind that was cut off, and it does not run while
//! anybody writes.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::blobs::Blobs;
use crate::hash::ContentHash;
use crate::index::Index;
use crate::journal::Journal;
use crate::manifest::{chunk_names, file_contents};
use crate::vault::{Vault, alive_file};
use crate::{CheckpointError, Checkpoints, SnapshotId};

/// A sweep that was needed goes a little below the quota, so that the next
/// snapshot does not need one again.
const FILL_PERCENT: u64 = 90;

/// What a sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Snapshots dropped to stay within the quota.
    pub dropped_snapshots: usize,
    /// Bytes on disk that became free.
    pub freed_bytes: u64,
    /// Bytes on disk that all snapshots take now.
    pub kept_bytes: u64,
}

impl Checkpoints {
    /// Brings the store within its quota and removes what no snapshot needs.
    /// None when somebody is writing: try again later.
    ///
    /// # Errors
    /// When the store cannot be read or written; nothing that a snapshot
    /// needs is gone then.
    pub fn sweep(&self) -> Result<Option<Swept>, CheckpointError> {
        let vault = &*self.inner;
        let Some(_alone) = vault.blobs.lock_alone()? else {
            return Ok(None);
        };
        let sizes: HashMap<ContentHash, u64> = vault.blobs.list()?.into_iter().collect();
        let total: u64 = sizes.values().sum();
        let quota = vault.limits.quota_bytes;
        let bound = if total > quota {
            quota / 100 * FILL_PERCENT
        } else {
            u64::MAX
        };
        let mut sessions = sessions(vault)?;
        let mut needed = Needed {
            blobs: &vault.blobs,
            sizes: &sizes,
            contents: HashSet::new(),
            bytes: 0,
        };
        let dropped_snapshots = keep_within(bound, &mut sessions, &mut needed)?;
        let (contents, kept_bytes) = (needed.contents, needed.bytes);
        if sizes.keys().any(|hash| !contents.contains(hash)) {
            vault.blobs.new_generation()?;
        }
        for hash in sizes.keys().filter(|hash| !contents.contains(hash)) {
            vault.blobs.remove(*hash)?;
        }
        vault.blobs.clear_temp()?;
        Ok(Some(Swept {
            dropped_snapshots,
            freed_bytes: total - kept_bytes,
            kept_bytes,
        }))
    }

    /// Bytes on disk that the contents of all snapshots take.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn used_bytes(&self) -> Result<u64, CheckpointError> {
        let all = self.inner.blobs.list()?;
        Ok(all.into_iter().map(|(_, bytes)| bytes).sum())
    }
}

struct Session {
    index: Index,
    /// From this one on, snapshots stay whatever the quota says.
    protected: Option<SnapshotId>,
}

/// All sessions, the one that rests longest first.
fn sessions(vault: &Vault) -> Result<Vec<Session>, CheckpointError> {
    let failed = |error| CheckpointError::store(&vault.sessions, error);
    let mut sessions = Vec::new();
    for folder in fs::read_dir(&vault.sessions).map_err(failed)? {
        let folder: PathBuf = folder.map_err(failed)?.path();
        let index = Index::open(&folder.join("index"))?;
        let mut protected = None;
        if let Some(journal) = Journal::read(&folder)? {
            protected = Some(journal.safety.min(journal.target));
        } else if is_open(&folder)? {
            protected = index.snapshots.last().map(|newest| newest.id);
        }
        sessions.push(Session { index, protected });
    }
    sessions.sort_by_key(|session| session.index.snapshots.last().map(|last| last.at_ms));
    Ok(sessions)
}

fn is_open(folder: &Path) -> Result<bool, CheckpointError> {
    match alive_file(folder)?.try_lock() {
        Ok(()) => Ok(false),
        Err(fs::TryLockError::WouldBlock) => Ok(true),
        Err(fs::TryLockError::Error(error)) => Err(CheckpointError::store(folder, error)),
    }
}

/// Keeps snapshots, the youngest of the liveliest session first, as long as
/// they fit; drops all others and says how many.
fn keep_within(
    bound: u64,
    sessions: &mut [Session],
    needed: &mut Needed<'_>,
) -> Result<usize, CheckpointError> {
    for session in sessions.iter() {
        let snapshots = session.index.snapshots.iter();
        let protected = snapshots.filter(|snapshot| session.protects(snapshot.id));
        for snapshot in protected {
            needed.add(snapshot.root()?, u64::MAX)?;
        }
    }
    let mut dropped = 0;
    let mut is_full = false;
    for session in sessions.iter_mut().rev() {
        let oldest_kept = session.oldest_kept(bound, needed, &mut is_full)?;
        dropped += session.drop_before(oldest_kept)?;
    }
    Ok(dropped)
}

impl Session {
    fn protects(&self, id: SnapshotId) -> bool {
        self.protected.is_some_and(|first| id >= first)
    }

    /// The oldest snapshot that fits; once one did not, no other is tried.
    fn oldest_kept(
        &self,
        bound: u64,
        needed: &mut Needed<'_>,
        is_full: &mut bool,
    ) -> Result<Option<SnapshotId>, CheckpointError> {
        let mut oldest_kept = None;
        for snapshot in self.index.snapshots.iter().rev() {
            if !self.protects(snapshot.id) && !*is_full {
                *is_full = !needed.add(snapshot.root()?, bound)?;
            }
            if !self.protects(snapshot.id) && *is_full {
                break;
            }
            oldest_kept = Some(snapshot.id);
        }
        Ok(oldest_kept)
    }

    /// Drops the snapshots before this one, or all.
    fn drop_before(&mut self, oldest_kept: Option<SnapshotId>) -> Result<usize, CheckpointError> {
        let snapshots = &self.index.snapshots;
        let (Some(first), Some(last)) = (snapshots.first(), snapshots.last()) else {
            return Ok(0);
        };
        let oldest = oldest_kept.unwrap_or(SnapshotId(last.id.0 + 1));
        let count = snapshots.len();
        if first.id < oldest {
            self.index.drop_before(oldest)?;
        }
        Ok(count - self.index.snapshots.len())
    }
}

/// Contents that kept snapshots name.
struct Needed<'a> {
    blobs: &'a Blobs,
    sizes: &'a HashMap<ContentHash, u64>,
    contents: HashSet<ContentHash>,
    bytes: u64,
}

impl Needed<'_> {
    /// Takes in all that a snapshot names, unless that is more than `bound`
    /// in all: then false, and nothing is taken in. Of a damaged list, what
    /// can be read counts.
    fn add(&mut self, root: ContentHash, bound: u64) -> Result<bool, CheckpointError> {
        let mut new = Vec::new();
        let chunks = match self.name(root, &mut new) {
            true => readable(chunk_names(self.blobs, root))?,
            false => Vec::new(),
        };
        for chunk in chunks {
            let contents = match self.name(chunk, &mut new) {
                true => readable(file_contents(self.blobs, chunk))?,
                false => Vec::new(),
            };
            for content in contents {
                self.name(content, &mut new);
            }
        }
        let fits = self.bytes <= bound;
        if !fits {
            for content in new {
                self.contents.remove(&content);
                self.bytes -= self.size(content);
            }
        }
        Ok(fits)
    }

    /// True when it was not named before.
    fn name(&mut self, content: ContentHash, new: &mut Vec<ContentHash>) -> bool {
        let is_new = self.contents.insert(content);
        if is_new {
            self.bytes += self.size(content);
            new.push(content);
        }
        is_new
    }

    fn size(&self, content: ContentHash) -> u64 {
        self.sizes.get(&content).copied().unwrap_or(0)
    }
}

fn readable(
    names: Result<Vec<ContentHash>, CheckpointError>,
) -> Result<Vec<ContentHash>, CheckpointError> {
    match names {
        Err(CheckpointError::Damaged { detail }) => {
            tracing::warn!(
                detail,
                "a damaged checkpoint is kept as far as it can be read"
            );
            Ok(Vec::new())
        }
        other => other,
    }
}
