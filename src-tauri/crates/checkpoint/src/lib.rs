//! Snapshots of a workspace, kept outside of it, and the way back to them:
//! exact to bytes and modes, never through a link, and itself undoable.
//!
//! Shell effects are included, since snapshots are of the whole folder and
//! not of what a tool says it will do. The project's version control is
//! neither used nor touched. Owners, times and extended attributes are not
//! restored. All calls block: run them off the runtime's threads.

#![cfg_attr(not(unix), allow(dead_code, reason = "only the refusal is built here"))]

mod error;
mod hash;
mod limits;
mod rel_path;

#[cfg(unix)]
mod beneath;
#[cfg(unix)]
mod blob;
#[cfg(unix)]
mod blobs;
#[cfg(unix)]
mod index;
#[cfg(unix)]
mod journal;
#[cfg(unix)]
mod manifest;
#[cfg(unix)]
mod plan;
#[cfg(unix)]
mod restore;
#[cfg(unix)]
mod rewind;
#[cfg(unix)]
mod rules;
#[cfg(unix)]
mod scan;
#[cfg(unix)]
mod stat_cache;
#[cfg(unix)]
mod suitable;
#[cfg(unix)]
mod sweep;
#[cfg(unix)]
mod timeline;
#[cfg(unix)]
mod vault;

#[cfg(all(test, unix))]
mod tests;

pub use error::CheckpointError;
pub use index::{Cause, LeftOut, Snapshot, SnapshotId};
pub use limits::Limits;
pub use manifest::Gap;
pub use plan::{Action, Change, EntryKind, Kept, OnConflict, Pick, Plan, WhyKept};
pub use rel_path::RelPath;
pub use restore::{Failed, WhyFailed};
pub use rewind::{Rewound, Settle};
pub use sweep::Swept;
pub use timeline::{Changed, Timeline};
pub use vault::Checkpoints;
