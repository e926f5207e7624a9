//! What a running tool may reach: its workspace, a cancel signal, a sink for
//! live output, the user, and the ledger of files it has seen.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use protocol::{OutputStream, QuestionOption};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::Jobs;

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

/// Where deleted files go, so that a person can have them back.
pub trait TrashPort: Send + Sync {
    /// Moves the file or folder at an absolute path there. Blocks.
    ///
    /// # Errors
    /// Why it cannot, in the system's words.
    fn put(&self, path: &Path) -> Result<(), String>;
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
    /// What is deleted goes there.
    pub trash: Arc<dyn TrashPort>,
    /// Files this session has read, to refuse edits of stale text.
    pub files: Arc<FileLedger>,
    /// Commands of this session that go on in the background.
    pub jobs: Arc<Jobs>,
    /// Variables that commands get besides the usual ones.
    pub variables: Vec<(String, String)>,
}

/// How much of a file the model saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it, or the model wrote it.
    Whole,
    /// Some of its lines.
    Part,
}

/// What a file held when the model last saw or wrote it. A digest and not a
/// time, because two writes can share a time, and a time can change alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileStamp {
    /// Digest of the whole content; good for this process only.
    pub digest: u64,
    /// How much of it the model saw.
    pub extent: Extent,
}

impl FileStamp {
    /// The stamp of a file with this content.
    #[must_use]
    pub fn of(content: &[u8], extent: Extent) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(content);
        Self {
            digest: hasher.finish(),
            extent,
        }
    }

    /// True when a file with this content has not changed since.
    #[must_use]
    pub fn matches(&self, content: &[u8]) -> bool {
        self.digest == Self::of(content, self.extent).digest
    }
}

/// The stamps of all files seen in one session, by resolved path.
#[derive(Debug, Default)]
pub struct FileLedger {
    stamps: Mutex<HashMap<PathBuf, FileStamp>>,
}

impl FileLedger {
    /// Remembers what `path` looked like. Seeing a part of a file that was
    /// seen whole, and has not changed, takes nothing back.
    pub fn note(&self, path: &Path, stamp: FileStamp) {
        let mut stamps = self.stamps.lock().unwrap_or_else(PoisonError::into_inner);
        let known = stamps
            .get(path)
            .is_some_and(|known| known.digest == stamp.digest);
        if !(known && stamp.extent == Extent::Part) {
            stamps.insert(path.to_owned(), stamp);
        }
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

    /// Forgets all files: they, or the messages that showed them, went back
    /// to an earlier state.
    pub fn forget(&self) {
        self.stamps
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
