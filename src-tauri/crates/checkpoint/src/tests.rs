//! Real folders, a real store, real commands.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod edges;
mod others;
mod scripts;
mod store;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use protocol::SessionId;

use crate::{
    Cause, Checkpoints, Limits, OnConflict, Pick, RelPath, Rewound, Snapshot, SnapshotId, Timeline,
};

/// What stands at a path: kind, mode, and content or target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seen {
    File(u32, Vec<u8>),
    Folder(u32),
    Link(Vec<u8>),
    Special,
}

pub(crate) type Tree = BTreeMap<Vec<u8>, Seen>;

/// A workspace and a store beside it.
pub(crate) struct Project {
    pub folder: tempfile::TempDir,
    pub checkpoints: Checkpoints,
    pub timeline: Timeline,
    at_ms: u64,
}

pub(crate) fn limits() -> Limits {
    Limits {
        min_free_bytes: 0,
        ..Limits::default()
    }
}

impl Project {
    pub fn new() -> Self {
        Self::with_limits(limits())
    }

    pub fn with_limits(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("work")).unwrap();
        let checkpoints = Checkpoints::open(&folder.path().join("store"), limits).unwrap();
        let session = SessionId::from("session-1");
        let timeline = checkpoints
            .timeline(&session, &folder.path().join("work"))
            .unwrap();
        Self {
            folder,
            checkpoints,
            timeline,
            at_ms: 0,
        }
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root().join(path)
    }

    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.path(path)).ok()
    }

    pub fn bash(&self, command: &str) {
        let done = Command::new("bash")
            .args(["-c", command])
            .current_dir(self.root())
            .status();
        assert!(done.unwrap().success(), "{command}");
    }

    pub fn tree(&self) -> Tree {
        tree(&self.root())
    }

    pub fn take(&mut self, cause: Cause, extras: &[PathBuf]) -> Snapshot {
        self.at_ms += 1000;
        self.timeline.snapshot(cause, extras, self.at_ms).unwrap()
    }

    /// What a call leaves behind.
    pub fn after_call(&mut self) -> SnapshotId {
        let call = "call".into();
        self.take(Cause::AfterCall { call }, &[]).id
    }

    pub fn before_call(&mut self, extras: &[&str]) -> SnapshotId {
        let extras: Vec<PathBuf> = extras.iter().map(|path| self.path(path)).collect();
        let call = "call".into();
        self.take(Cause::BeforeCall { call }, &extras).id
    }

    pub fn message(&mut self, id: &str) -> SnapshotId {
        self.take(Cause::Message { message: id.into() }, &[]).id
    }

    pub fn rewind(&mut self, target: SnapshotId) -> Rewound {
        self.timeline
            .rewind(target, &Pick::All, OnConflict::Keep, self.at_ms)
            .unwrap()
    }

    /// A rewind that had nothing to report.
    pub fn rewind_cleanly(&mut self, target: SnapshotId) -> Rewound {
        let rewound = self.rewind(target);
        assert_eq!(rewound.failed, []);
        assert_eq!(rewound.kept, []);
        rewound
    }
}

pub(crate) fn rel(path: &str) -> RelPath {
    RelPath::parse(path.as_bytes()).unwrap()
}

/// Everything below `root`, read without our own code.
pub(crate) fn tree(root: &Path) -> Tree {
    let mut tree = Tree::new();
    walk(root, Path::new(""), &mut tree);
    tree
}

fn walk(root: &Path, below: &Path, tree: &mut Tree) {
    for entry in fs::read_dir(root.join(below)).unwrap() {
        let entry = entry.unwrap();
        let path = below.join(entry.file_name());
        let meta = entry.path().symlink_metadata().unwrap();
        let mode = meta.permissions().mode() & 0o7777;
        let seen = if meta.is_dir() {
            walk(root, &path, tree);
            Seen::Folder(mode)
        } else if meta.is_symlink() {
            let target = fs::read_link(entry.path()).unwrap();
            Seen::Link(target.as_os_str().as_bytes().to_vec())
        } else if meta.is_file() {
            Seen::File(mode, fs::read(entry.path()).unwrap())
        } else {
            Seen::Special
        };
        tree.insert(path.as_os_str().as_bytes().to_vec(), seen);
    }
}

pub(crate) fn os(bytes: &[u8]) -> &OsStr {
    OsStr::from_bytes(bytes)
}

pub(crate) fn inode(path: &Path) -> u64 {
    path.symlink_metadata().unwrap().ino()
}
