//! What a session's snapshots are and what was done with them, in one file
//! per session that only grows.
//!
//! A file and no table: it is synced with the contents it names, goes away
//! with its session, is never shared between sessions, and a torn or damaged
//! line costs that line. Each line is a sum, a space and a record in JSON.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use protocol::{MessageId, ToolCallId};
use serde::{Deserialize, Serialize};

use crate::hash::ContentHash;
use crate::{CheckpointError, Gap, RelPath};

mod moves;

pub(crate) use moves::Moves;

/// Digits of the sum before each record.
const SUM_DIGITS: usize = 16;

/// A snapshot of a session, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SnapshotId(pub u64);

impl std::fmt::Display for SnapshotId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Why a snapshot was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Cause {
    /// The user sent this message, and nothing was done for it yet.
    Message {
        /// The message.
        message: MessageId,
    },
    /// This call is about to run.
    BeforeCall {
        /// The call.
        call: ToolCallId,
    },
    /// This call ran.
    AfterCall {
        /// The call.
        call: ToolCallId,
    },
    /// The user asked for it.
    Named {
        /// In their words.
        name: String,
    },
    /// Files are about to be put back; what is there is kept by this.
    BeforeRewind,
    /// Files were put back.
    AfterRewind,
}

/// What is not in a snapshot, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The reason.
    pub gap: Gap,
    /// How many files or folders.
    pub count: usize,
    /// The first of them.
    pub example: String,
}

/// A snapshot, as the index has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Its number in the session.
    pub id: SnapshotId,
    /// Unix time in milliseconds.
    pub at_ms: u64,
    /// Why it was taken.
    pub cause: Cause,
    /// Files in it.
    pub files: usize,
    /// Bytes of these files.
    pub bytes: u64,
    /// What it does not have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// Paths that were asked for beyond the walk.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) extras: Vec<RelPath>,
    /// Hex of the list's hash.
    root: String,
}

impl Snapshot {
    pub(crate) fn root(&self) -> Result<ContentHash, CheckpointError> {
        ContentHash::parse_hex(&self.root)
            .ok_or_else(|| CheckpointError::damaged("its name makes no sense"))
    }
}

/// What the caller of [`Index::add`] knows of a new snapshot.
pub(crate) struct NewSnapshot {
    pub at_ms: u64,
    pub cause: Cause,
    pub root: ContentHash,
    pub totals: (usize, u64),
    pub left_out: Vec<LeftOut>,
    pub extras: Vec<RelPath>,
}

/// What was done with snapshots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Act {
    Rewind,
    Undo,
    Redo,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
enum Record {
    /// First of all.
    Opened {
        workspace: Vec<u8>,
    },
    Snapshot(Snapshot),
    /// Files went from one snapshot to another.
    Moved {
        act: Act,
        before: SnapshotId,
        after: SnapshotId,
    },
    /// The quota took all snapshots before this one.
    Dropped {
        before: SnapshotId,
    },
}

/// The index of one session, in memory and on disk.
#[derive(Debug)]
pub(crate) struct Index {
    file: PathBuf,
    /// Bytes of the file that are in memory.
    known_len: u64,
    pub workspace: Option<Vec<u8>>,
    pub snapshots: Vec<Snapshot>,
    pub moves: Moves,
    /// What was done last, and the snapshot before it.
    pub last_move: Option<(Act, SnapshotId)>,
    next: u64,
    /// Lines that could not be read.
    pub damaged_lines: usize,
}

impl Index {
    /// Reads the index, or begins one.
    pub fn open(file: &Path) -> Result<Self, CheckpointError> {
        let mut index = Self {
            file: file.to_owned(),
            known_len: 0,
            workspace: None,
            snapshots: Vec::new(),
            moves: Moves::default(),
            last_move: None,
            next: 1,
            damaged_lines: 0,
        };
        let bytes = match fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(index),
            Err(error) => return Err(CheckpointError::store(file, error)),
        };
        index.known_len = bytes.len() as u64;
        for line in bytes.split(|&byte| byte == b'\n') {
            match parse(line) {
                Some(record) => index.take_in(record),
                None if line.is_empty() => {}
                None => index.damaged_lines += 1,
            }
        }
        if index.damaged_lines > 0 {
            tracing::warn!(lines = index.damaged_lines, file = %file.display(), "lines of a checkpoint index cannot be read");
        }
        Ok(index)
    }

    /// Reads it anew when another process wrote to it.
    pub fn refresh(&mut self) -> Result<(), CheckpointError> {
        let len = fs::metadata(&self.file).map_or(0, |meta| meta.len());
        if len != self.known_len {
            *self = Self::open(&self.file.clone())?;
        }
        Ok(())
    }

    pub fn set_workspace(&mut self, workspace: Vec<u8>) -> Result<(), CheckpointError> {
        self.append(Record::Opened { workspace }, true)
    }

    /// A snapshot is durable when this returns, unless it equals the one
    /// before it: losing such a line loses nothing.
    pub fn add(&mut self, new: NewSnapshot) -> Result<Snapshot, CheckpointError> {
        let root = new.root.to_hex();
        let is_same = self.snapshots.last().is_some_and(|last| last.root == root);
        let snapshot = Snapshot {
            id: SnapshotId(self.next),
            at_ms: new.at_ms,
            cause: new.cause,
            files: new.totals.0,
            bytes: new.totals.1,
            left_out: new.left_out,
            extras: new.extras,
            root,
        };
        self.append(Record::Snapshot(snapshot.clone()), !is_same)?;
        Ok(snapshot)
    }

    pub fn add_move(
        &mut self,
        act: Act,
        before: SnapshotId,
        after: SnapshotId,
    ) -> Result<(), CheckpointError> {
        self.append(Record::Moved { act, before, after }, true)
    }

    pub fn drop_before(&mut self, before: SnapshotId) -> Result<(), CheckpointError> {
        self.append(Record::Dropped { before }, true)
    }

    pub fn get(&self, id: SnapshotId) -> Result<&Snapshot, CheckpointError> {
        self.snapshots
            .binary_search_by_key(&id, |snapshot| snapshot.id)
            .map(|index| &self.snapshots[index])
            .map_err(|_| CheckpointError::UnknownSnapshot(id))
    }

    fn append(&mut self, record: Record, synced: bool) -> Result<(), CheckpointError> {
        let written = (|| -> std::io::Result<u64> {
            let json = serde_json::to_vec(&record)?;
            let sum = &ContentHash::of(&json).to_hex()[..SUM_DIGITS];
            let mut file = OpenOptions::new()
                .append(true)
                .create(true)
                .mode(0o600)
                .open(&self.file)?;
            // The new line first: a torn line before stays one bad line.
            let line = [b"\n", sum.as_bytes(), b" ", &json, b"\n"].concat();
            write_whole(&mut file, &line)?;
            if synced {
                file.sync_data()?;
            }
            Ok(line.len() as u64)
        })();
        self.known_len += written.map_err(|error| CheckpointError::store(&self.file, error))?;
        self.take_in(record);
        Ok(())
    }

    fn take_in(&mut self, record: Record) {
        match record {
            Record::Opened { workspace } => self.workspace = Some(workspace),
            Record::Snapshot(snapshot) => {
                self.next = self.next.max(snapshot.id.0 + 1);
                let is_newer = self
                    .snapshots
                    .last()
                    .is_none_or(|last| last.id < snapshot.id);
                if is_newer {
                    self.moves.see(&snapshot);
                    self.snapshots.push(snapshot);
                }
            }
            Record::Moved { act, before, after } => {
                self.last_move = Some((act, before));
                self.moves.moved(act, before, after);
            }
            Record::Dropped { before } => {
                self.snapshots.retain(|snapshot| snapshot.id >= before);
                self.moves.forget_before(before);
            }
        }
    }
}

/// Writes all or, as far as the system lets us, nothing.
fn write_whole(file: &mut File, line: &[u8]) -> std::io::Result<()> {
    let before = file.metadata()?.len();
    file.write_all(line).inspect_err(|_| {
        let cut = file.set_len(before);
        if let Err(error) = cut {
            tracing::warn!(%error, "a torn line stays in a checkpoint index");
        }
    })
}

fn parse(line: &[u8]) -> Option<Record> {
    let (sum, json) = line.split_at_checked(SUM_DIGITS)?;
    let json = json.strip_prefix(b" ")?;
    let is_whole = ContentHash::of(json).to_hex().as_bytes()[..SUM_DIGITS] == *sum;
    is_whole
        .then(|| serde_json::from_slice(json).ok())
        .flatten()
}
