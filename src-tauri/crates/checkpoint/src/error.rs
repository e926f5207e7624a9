//! What can go wrong with checkpoints, as far as a caller may branch on it,
//! and what the user can do about it.

use std::io;
use std::path::{Path, PathBuf};

use protocol::{ErrorInfo, ErrorKind};

use crate::SnapshotId;

/// A failed call. Neither the project nor the store is left half changed by
/// any of these.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// A folder nobody wants copied whole.
    #[error("No checkpoints are kept of `{}`: {why}.", path.display())]
    UnsuitableRoot {
        /// The workspace.
        path: PathBuf,
        /// Why not, as the end of a sentence.
        why: &'static str,
    },
    /// The workspace cannot be opened.
    #[error("The folder `{}` cannot be read for a checkpoint: {source}.", path.display())]
    RootGone {
        /// The workspace.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// The session's checkpoints are of another folder.
    #[error("The checkpoints of this session are of `{}`.", path.display())]
    OtherRoot {
        /// The folder they are of.
        path: PathBuf,
    },
    /// No space left, or less than must stay free.
    #[error("The disk is too full for a checkpoint in `{}`.", path.display())]
    Full {
        /// Where there was no space.
        path: PathBuf,
    },
    /// The store's files cannot be read or written.
    #[error("The checkpoint store failed at `{}`: {source}.", path.display())]
    Store {
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// A part of a snapshot's list of files is missing or damaged.
    #[error("A checkpoint is damaged: {detail}.")]
    Damaged {
        /// What does not fit.
        detail: String,
    },
    /// The session has no such snapshot, or the quota took it.
    #[error("There is no checkpoint {0} in this session.")]
    UnknownSnapshot(SnapshotId),
    /// No change of files is left to take back.
    #[error("There is nothing to undo.")]
    NothingToUndo,
    /// Nothing was undone, or files were changed since.
    #[error("There is nothing to redo.")]
    NothingToRedo,
    /// An earlier rewind was cut off and waits for a decision.
    #[error("An earlier rewind was interrupted.")]
    Unfinished,
    /// No rewind was cut off.
    #[error("No rewind was interrupted.")]
    NothingUnfinished,
    /// This system lacks what a safe restore needs.
    #[error("Checkpoints are not available on this system.")]
    Unsupported,
}

impl CheckpointError {
    /// What a shell may branch on.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::RootGone { .. } => ErrorKind::WorkspaceGone,
            Self::Full { .. } => ErrorKind::Disk,
            Self::Store { .. } | Self::Damaged { .. } => ErrorKind::Store,
            Self::UnknownSnapshot(_) => ErrorKind::NotFound,
            Self::Unfinished => ErrorKind::Busy,
            _ => ErrorKind::Usage,
        }
    }

    /// What the user can do.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::UnsuitableRoot { .. } => "Work in a folder of one project to have checkpoints.",
            Self::RootGone { .. } => "Check that the folder exists and that you may read it.",
            Self::OtherRoot { .. } => "Start a new session in this folder.",
            Self::Full { .. } => "Free some space; work can go on without checkpoints.",
            Self::Store { .. } => "Check that the folder belongs to you and can be written.",
            Self::Damaged { .. } => "Rewind to another message; later ones may be whole.",
            Self::UnknownSnapshot(_) => "It may have been dropped to stay within the disk quota.",
            Self::NothingToUndo => "Only changes made in this session can be undone.",
            Self::NothingToRedo => "Redo follows an undo, before anything else is changed.",
            Self::Unfinished => "Finish it or roll it back first.",
            Self::NothingUnfinished => "There is nothing to finish or to roll back.",
            Self::Unsupported => "Use your version control to go back.",
        }
    }

    /// An error of the store's own files.
    pub(crate) fn store(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::Full { path },
            _ => Self::Store { path, source },
        }
    }

    pub(crate) fn damaged(detail: impl Into<String>) -> Self {
        Self::Damaged {
            detail: detail.into(),
        }
    }
}

impl From<CheckpointError> for ErrorInfo {
    fn from(error: CheckpointError) -> Self {
        Self::new(error.kind(), error.to_string(), error.hint())
    }
}
