//! What can go wrong with the store, as far as a caller may branch on it,
//! and what the user can do about it.

use std::path::{Path, PathBuf};

use protocol::{ErrorInfo, ErrorKind, MessageId, SessionId};
use rusqlite::ErrorCode;

/// A failed store call. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file or its folder cannot be opened or made.
    #[error("The session database `{}` cannot be opened: {detail}.", path.display())]
    Open {
        /// The database.
        path: PathBuf,
        /// The system's words.
        detail: String,
    },
    /// The file is damaged or no SQLite database.
    #[error("The session database `{}` is damaged: {detail}.", path.display())]
    Corrupt {
        /// The database.
        path: PathBuf,
        /// SQLite's words.
        detail: String,
    },
    /// The file is a healthy SQLite database of another program.
    #[error("`{}` is a database of another program.", path.display())]
    Foreign {
        /// The database.
        path: PathBuf,
    },
    /// A later release wrote the file.
    #[error(
        "The session database `{}` was written by a newer Familiar (format {found}, this one knows {known}).",
        path.display()
    )]
    NewerVersion {
        /// The database.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format this build knows.
        known: i64,
    },
    /// No space left.
    #[error("The disk is full, so `{}` could not be saved.", path.display())]
    Full {
        /// The database.
        path: PathBuf,
    },
    /// The file, its folder or the disk does not allow writing.
    #[error("`{}` cannot be written: it or its folder is read-only.", path.display())]
    ReadOnly {
        /// The database.
        path: PathBuf,
    },
    /// Another process held the file for too long.
    #[error("The session database `{}` is in use by another program.", path.display())]
    Locked {
        /// The database.
        path: PathBuf,
    },
    /// There is no such session.
    #[error("There is no session `{session}`.")]
    UnknownSession {
        /// The id asked for.
        session: SessionId,
    },
    /// The session's history has no such message.
    #[error("The session `{session}` has no message `{message}` in its history.")]
    UnknownMessage {
        /// The session.
        session: SessionId,
        /// The id asked for.
        message: MessageId,
    },
    /// The session has no such branch.
    #[error("The session `{session}` has no branch {number}.")]
    UnknownBranch {
        /// The session.
        session: SessionId,
        /// The number asked for.
        number: u64,
    },
    /// The same conversation was brought in before.
    #[error("`{origin}` is already here, as the session `{session}`.")]
    AlreadyImported {
        /// Where it comes from.
        origin: String,
        /// The session it became.
        session: SessionId,
    },
    /// A row of this session makes no sense to this build.
    #[error("The session `{session}` holds an entry that cannot be read: {detail}.")]
    Unreadable {
        /// The session it belongs to.
        session: SessionId,
        /// What does not fit.
        detail: String,
    },
    /// The store was closed before the call.
    #[error("The session database is closed.")]
    Closed,
    /// Anything else SQLite reports.
    #[error("The session database `{}` failed: {source}.", path.display())]
    Other {
        /// The database.
        path: PathBuf,
        /// SQLite's error.
        source: rusqlite::Error,
    },
}

impl StoreError {
    /// What a shell may branch on.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Full { .. } | Self::ReadOnly { .. } => ErrorKind::Disk,
            Self::UnknownSession { .. }
            | Self::UnknownMessage { .. }
            | Self::UnknownBranch { .. } => ErrorKind::NotFound,
            Self::AlreadyImported { .. } => ErrorKind::Usage,
            _ => ErrorKind::Store,
        }
    }

    /// What the user can do.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Open { .. } => "Check that the folder exists and belongs to you.",
            Self::Corrupt { .. } => {
                "Move the file away to start afresh, or put a backup in its place."
            }
            Self::Foreign { .. } => "Point Familiar at another file.",
            Self::NewerVersion { .. } => "Update Familiar; the file is unharmed.",
            Self::Full { .. } => "Free some space and try again.",
            Self::ReadOnly { .. } => "Allow writing to the file and its folder, then try again.",
            Self::Locked { .. } => "Close the other program and try again.",
            Self::UnknownSession { .. } => "It may have been deleted; pick another from the list.",
            Self::UnknownMessage { .. } => {
                "It may be on another branch; open the session again to see what it shows now."
            }
            Self::UnknownBranch { .. } => "Open the session again to see the branches there are.",
            Self::AlreadyImported { .. } => "Open that session; nothing was changed.",
            Self::Unreadable { .. } => {
                "Update Familiar, or start a new session; the entry is kept as it is."
            }
            Self::Closed => "Start Familiar again.",
            Self::Other { .. } => "Try again; if it happens again, start Familiar anew.",
        }
    }

    pub(crate) fn open(path: &Path, error: &std::io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly { path }
            }
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Self::Full { path }
            }
            _ => Self::Open {
                path,
                detail: error.to_string(),
            },
        }
    }
}

impl From<StoreError> for ErrorInfo {
    fn from(error: StoreError) -> Self {
        Self::new(error.kind(), error.to_string(), error.hint())
    }
}

/// A failure inside the actor, before it is tied to the file's path.
#[derive(Debug)]
pub(crate) enum Fault {
    /// SQLite's word.
    Sql(rusqlite::Error),
    /// Already in its final form.
    Known(StoreError),
}

impl Fault {
    pub(crate) fn unknown(session: &SessionId) -> Self {
        Self::Known(StoreError::UnknownSession {
            session: session.clone(),
        })
    }

    pub(crate) fn unknown_message(session: &SessionId, message: &MessageId) -> Self {
        Self::Known(StoreError::UnknownMessage {
            session: session.clone(),
            message: message.clone(),
        })
    }

    pub(crate) fn unreadable(session: &SessionId, detail: impl ToString) -> Self {
        Self::Known(StoreError::Unreadable {
            session: session.clone(),
            detail: detail.to_string(),
        })
    }

    /// A row of `session` that did not come out. What is not SQLite's own
    /// error is a value of the wrong type or text that is no UTF-8.
    pub(crate) fn row(session: &SessionId, error: rusqlite::Error) -> Self {
        match error.sqlite_error() {
            Some(_) => Self::Sql(error),
            None => Self::unreadable(session, error),
        }
    }

    pub(crate) fn at(self, path: &Path) -> StoreError {
        let source = match self {
            Self::Known(error) => return error,
            Self::Sql(source) => source,
        };
        let path = path.to_owned();
        if matches!(
            source,
            rusqlite::Error::Utf8Error(..)
                | rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::InvalidColumnType(..)
        ) {
            return StoreError::Corrupt {
                path,
                detail: source.to_string(),
            };
        }
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Corrupt {
                path,
                detail: source.to_string(),
            },
            Some(ErrorCode::DiskFull) => StoreError::Full { path },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                StoreError::ReadOnly { path }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                StoreError::Locked { path }
            }
            Some(ErrorCode::CannotOpen) => StoreError::Open {
                path,
                detail: source.to_string(),
            },
            _ => StoreError::Other { path, source },
        }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}
