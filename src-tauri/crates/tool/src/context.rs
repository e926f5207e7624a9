//! What a running tool may reach: its workspace, a cancel signal, a sink for
//! live output, the user, and the ledger of files it has seen.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use async_trait::async_trait;
use protocol::{OutputStream, QuestionOption};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

/// Live output of a tool, shown while it runs. Must not block.
pub type OutputSink = Arc<dyn Fn(OutputStream, &str) + Send + Sync>;

/// The way from a tool to the user and the session.
#[async_trait]
pub trait AskPort: Send + Sync {
    /// Puts a question; `None` when nobody is there or the turn was stopped.
    async fn ask(&self, text: String, options: Vec<QuestionOption>) -> Option<String>;

    /// Publishes the new todo list.
    fn todos_changed(&self, todos: Value);
}

/// Everything a tool gets besides its input and grant.
#[derive(Clone)]
pub struct ToolContext {
    /// Absolute path of the session's folder.
    pub workspace: PathBuf,
    /// Fires when the turn is stopped; the tool then ends promptly and
    /// leaves nothing half done.
    pub cancel: CancellationToken,
    /// Live output.
    pub output: OutputSink,
    /// The user.
    pub ask: Arc<dyn AskPort>,
    /// Files this session has read, to refuse edits of stale text.
    pub files: Arc<FileLedger>,
}

/// What a file looked like when the model last saw it whole or wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileStamp {
    /// Modification time.
    pub modified: SystemTime,
    /// Size in bytes.
    pub size: u64,
}

/// The stamps of all files seen in one session, by resolved path.
#[derive(Debug, Default)]
pub struct FileLedger {
    stamps: Mutex<HashMap<PathBuf, FileStamp>>,
}

impl FileLedger {
    /// Remembers what `path` looked like.
    pub fn note(&self, path: &Path, stamp: FileStamp) {
        self.stamps
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(path.to_owned(), stamp);
    }

    /// What `path` looked like when last seen; `None` when never.
    #[must_use]
    pub fn seen(&self, path: &Path) -> Option<FileStamp> {
        self.stamps
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(path)
            .copied()
    }
}
