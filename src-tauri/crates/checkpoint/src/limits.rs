//! Bounds of a snapshot and of the whole store.

use std::time::Duration;

/// What is more than this is left out of a snapshot, and the snapshot says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Most entries of one snapshot: files, folders and links.
    pub max_entries: usize,
    /// Largest file that is kept, in bytes.
    pub max_file_bytes: u64,
    /// Longest time one walk may take.
    pub max_time: Duration,
    /// Most bytes on disk for all snapshots of all sessions.
    pub quota_bytes: u64,
    /// Bytes that stay free on the store's disk whatever happens.
    pub min_free_bytes: u64,
}

impl Default for Limits {
    /// Large projects fit; a data set or a disk image in the folder does not.
    fn default() -> Self {
        Self {
            max_entries: 100_000,
            max_file_bytes: 32 << 20,
            max_time: Duration::from_secs(20),
            quota_bytes: 4 << 30,
            min_free_bytes: 256 << 20,
        }
    }
}
