//! What files looked like when they were read, so that a file that still
//! looks the same is not read again. Kept in memory, and beside the session
//! so that a restart does not cost a reading of everything; losing it costs
//! time only.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::RelPath;
use crate::beneath::Stamp;
use crate::hash::ContentHash;

/// A file changed this short before it was read may change again without a
/// new time: clocks of file systems tick every few milliseconds (at most 10
/// on Linux), those of some old ones every two seconds.
const RACY_NS: i128 = 50_000_000;
const RACY_COARSE_NS: i128 = 2_100_000_000;
const SECOND_NS: i128 = 1_000_000_000;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Cached {
    pub stamp: Stamp,
    pub hash: ContentHash,
    /// False when it was read too soon after its last change to be sure.
    pub settled: bool,
}

/// By path.
#[derive(Debug, Default)]
pub(crate) struct StatCache {
    /// The store's generation in which all these contents were there.
    pub generation: String,
    pub files: HashMap<Box<[u8]>, Cached>,
}

/// Nanoseconds since 1970, as files are stamped with.
pub(crate) fn now_ns() -> i128 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |age| i128::try_from(age.as_nanos()).unwrap_or(i128::MAX))
}

/// Whether a file with this stamp, read from `read_ns` on, would get another
/// stamp by any later change.
pub(crate) fn is_settled(stamp: &Stamp, read_ns: i128) -> bool {
    let is_coarse = stamp.changed_ns % SECOND_NS == 0;
    let window = if is_coarse { RACY_COARSE_NS } else { RACY_NS };
    stamp.modified_ns.max(stamp.changed_ns) + window < read_ns
}

impl StatCache {
    /// The content of `path`, if it surely is what it was.
    pub fn get(&self, path: &[u8], stamp: &Stamp) -> Option<ContentHash> {
        let cached = self.files.get(path)?;
        (cached.settled && cached.stamp == *stamp).then_some(cached.hash)
    }

    /// Reads what `save` wrote; empty when it is missing or makes no sense.
    pub fn load(file: &Path) -> Self {
        let read = || -> Option<Self> {
            let bytes = fs::read(file).ok()?;
            let (sum, body) = bytes.split_at_checked(32)?;
            if ContentHash::of(body).0 != sum {
                return None;
            }
            let kept: Kept = serde_json::from_slice(body).ok()?;
            Some(kept.into())
        };
        read().unwrap_or_default()
    }

    /// Writes it; not synced, since a torn file is seen by its sum.
    pub fn save(&self, file: &Path) -> std::io::Result<()> {
        let body = serde_json::to_vec(&Kept::from(self)).map_err(std::io::Error::other)?;
        let temp = file.with_extension("new");
        fs::write(&temp, [&ContentHash::of(&body).0[..], &body].concat())?;
        fs::rename(&temp, file)
    }
}

/// On disk: rows of path, hash, size, mode, inode and the two times.
#[derive(Serialize, Deserialize)]
struct Kept {
    generation: String,
    files: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
struct Row(RelPath, String, u64, u32, u64, i64, i64);

impl From<&StatCache> for Kept {
    fn from(cache: &StatCache) -> Self {
        let row = |path: &[u8], cached: &Cached| {
            let Stamp {
                size, mode, inode, ..
            } = cached.stamp;
            let modified = i64::try_from(cached.stamp.modified_ns).ok()?;
            let changed = i64::try_from(cached.stamp.changed_ns).ok()?;
            let (path, hash) = (RelPath::parse(path)?, cached.hash.to_hex());
            Some(Row(path, hash, size, mode, inode, modified, changed))
        };
        let settled = cache.files.iter().filter(|(_, cached)| cached.settled);
        Self {
            generation: cache.generation.clone(),
            files: settled
                .filter_map(|(path, cached)| row(path, cached))
                .collect(),
        }
    }
}

impl From<Kept> for StatCache {
    fn from(kept: Kept) -> Self {
        let cached = |Row(path, hash, size, mode, inode, modified, changed): Row| {
            let stamp = Stamp {
                size,
                mode,
                inode,
                modified_ns: modified.into(),
                changed_ns: changed.into(),
            };
            let cached = Cached {
                stamp,
                hash: ContentHash::parse_hex(&hash)?,
                settled: true,
            };
            Some((path.as_bytes().into(), cached))
        };
        Self {
            generation: kept.generation,
            files: kept.files.into_iter().filter_map(cached).collect(),
        }
    }
}
