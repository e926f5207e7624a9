//! One running server for one root: it is greeted, told of documents, asked,
//! and in the end sent away.

mod activity;
mod documents;
mod handshake;
mod inbox;
#[cfg(test)]
mod tests;
mod texts;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gen_lsp_types as lsp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::catalog::Entry;
use crate::error::LspError;
use crate::files;
use crate::launch::{Connection, Launch, LaunchError};
use crate::peer::{Listener, Peer};
use crate::position::Encoding;
use crate::problem::Board;
use crate::uri;
pub use activity::{Indexing, Settled};
pub(crate) use documents::Document;
use documents::Documents;
use handshake::Offers;
use inbox::Inbox;
pub(crate) use texts::{Texts, span};

/// How long an answer may take. Rename and references in a large project that
/// is being read take long; a person waits no longer.
pub(crate) const ANSWER_LIMIT: Duration = Duration::from_secs(30);

/// How long a server may take to put its things away.
const GOODBYE_LIMIT: Duration = Duration::from_secs(3);

/// How long it may take to end after that.
const EXIT_LIMIT: Duration = Duration::from_secs(2);

/// How often a server that ended is looked for.
const EXIT_LOOK: Duration = Duration::from_millis(20);

/// How often a request is asked again that the server dropped because the text
/// changed meanwhile, and the pause before.
const ASKED_AGAIN: u32 = 4;
const ASK_PAUSE: Duration = Duration::from_millis(250);

/// The protocol's `ContentModified` and `ServerCancelled`.
const TRY_AGAIN: [i64; 2] = [-32801, -32802];

/// Changes of files told in one message.
const EVENTS: usize = 1000;

/// A running server.
pub struct Server {
    entry: &'static Entry,
    root: PathBuf,
    pid: Option<u32>,
    peer: Arc<Peer>,
    inbox: Arc<Inbox>,
    offers: Offers,
    documents: Arc<Mutex<Documents>>,
}

/// What happened to a file on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileEvent {
    /// It is new.
    Created,
    /// It has another content.
    Changed,
    /// It is gone.
    Deleted,
}

impl Server {
    /// Starts the first program of `entry` that exists, in `root`, and greets it.
    ///
    /// # Errors
    /// When none exists, it does not start, or does not answer.
    pub async fn start(
        entry: &'static Entry,
        root: &Path,
        launch: &dyn Launch,
    ) -> Result<Self, LspError> {
        let folder = root.to_owned();
        let root = blocking(move || files::real(&folder)).await?;
        let connection = connect(entry, &root, launch).await?;
        let pid = connection.pid;
        let inbox = Arc::new(Inbox::new(&root, (entry.settings)()));
        let listener: Arc<dyn Listener> = Arc::clone(&inbox) as _;
        let peer = Arc::new(Peer::new(entry.name, connection, listener));
        let offers = handshake::greet(&peer, entry, &root).await?;
        inbox.activity.touch();
        Ok(Self {
            entry,
            root,
            pid,
            peer,
            inbox,
            offers,
            documents: Arc::default(),
        })
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.entry.name
    }

    /// Where its project begins, without links.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.pid
    }

    /// Why it is gone; `None` while it runs.
    #[must_use]
    pub fn ended(&self) -> Option<LspError> {
        self.peer.error()
    }

    /// What it is busy with.
    #[must_use]
    pub fn indexing(&self) -> Option<Indexing> {
        self.inbox.activity.now()
    }

    /// Waits until it has read the project, but not longer than `limit`.
    /// Before that, what it finds across files is incomplete.
    pub async fn settle(&self, limit: Duration) -> Settled {
        self.inbox.activity.settle(limit).await
    }

    /// Tells it of files that somebody changed on disk. Documents it has open
    /// need no telling; they are compared with the disk before each request.
    ///
    /// # Errors
    /// When the server is gone.
    pub fn files_changed(&self, events: &[(PathBuf, FileEvent)]) -> Result<(), LspError> {
        let changes = events.iter().filter_map(|(path, event)| {
            Some(lsp::FileEvent {
                uri: uri::of(path)?,
                kind: match event {
                    FileEvent::Created => lsp::FileChangeType::Created,
                    FileEvent::Changed => lsp::FileChangeType::Changed,
                    FileEvent::Deleted => lsp::FileChangeType::Deleted,
                },
            })
        });
        let changes: Vec<_> = changes.collect();
        changes.chunks(EVENTS).try_for_each(|changes| {
            let changes = changes.to_vec();
            let params = lsp::DidChangeWatchedFilesParams { changes };
            self.peer
                .notify("workspace/didChangeWatchedFiles", Some(&params))
        })
    }

    /// Sends it away: politely, then not.
    pub async fn shutdown(&self) {
        if self.ended().is_some() {
            return;
        }
        let goodbye = self
            .peer
            .request("shutdown", None::<&()>, GOODBYE_LIMIT)
            .await;
        if goodbye.is_ok() && self.peer.notify("exit", None::<&()>).is_ok() {
            self.await_end(EXIT_LIMIT).await;
        }
        self.peer.stop();
        // The task drops the process off the runtime when it gets to it.
        self.await_end(EXIT_LIMIT).await;
    }

    pub(crate) fn offers(&self) -> &Offers {
        &self.offers
    }

    pub(crate) fn encoding(&self) -> Encoding {
        self.offers.encoding
    }

    pub(crate) fn board(&self) -> &Board {
        &self.inbox.board
    }

    /// Waits for the checks that run after a change, where problems are whole
    /// only then.
    pub(crate) async fn await_checks(&self, document: &Document, limit: Duration) -> Settled {
        if !self.entry.checks_when_saved {
            return Settled::Quiet;
        }
        if document.is_news {
            self.inbox.activity.touch();
        }
        self.settle(limit).await
    }

    /// Refuses what the server cannot do.
    pub(crate) fn need(&self, provider: &str, what: &'static str) -> Result<(), LspError> {
        if self.offers.has(provider) {
            return Ok(());
        }
        Err(LspError::NotOffered {
            server: self.entry.name,
            what,
        })
    }

    /// Shows it the file as it is on disk now.
    pub(crate) async fn sync(&self, path: &Path) -> Result<Document, LspError> {
        let documents = Arc::clone(&self.documents);
        let (peer, inbox) = (Arc::clone(&self.peer), Arc::clone(&self.inbox));
        let (path, entry) = (path.to_owned(), self.entry);
        let (document, is_first) = blocking(move || {
            let path = files::real(&path)?;
            let mut documents = documents.lock().unwrap_or_else(PoisonError::into_inner);
            let is_first = documents.is_empty();
            Ok((
                documents.sync(&path, entry, (&peer, &inbox.board))?,
                is_first,
            ))
        })
        .await?;
        if is_first {
            // Some servers begin to read the project now.
            self.inbox.activity.touch();
        }
        Ok(document)
    }

    /// The texts of files below the root.
    pub(crate) async fn texts(&self, paths: HashSet<PathBuf>) -> Result<Texts, LspError> {
        let documents = Arc::clone(&self.documents);
        let (root, encoding) = (self.root.clone(), self.encoding());
        blocking(move || {
            let documents = documents.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(Texts::load(&paths, &documents, encoding, &root))
        })
        .await
    }

    /// Asks, and reads the answer.
    pub(crate) async fn call<R: lsp::Request>(
        &self,
        params: &R::Params,
    ) -> Result<R::Result, LspError> {
        let method = R::METHOD.to_string();
        let answer = self.ask(&method, params).await?;
        self.read(&method, &answer)
    }

    /// Asks, and asks again when the server was disturbed by a change.
    pub(crate) async fn ask(
        &self,
        method: &str,
        params: &impl Serialize,
    ) -> Result<Box<RawValue>, LspError> {
        for _ in 1..ASKED_AGAIN {
            match self.peer.request(method, Some(params), ANSWER_LIMIT).await {
                Err(LspError::Refused { code, .. }) if TRY_AGAIN.contains(&code) => {
                    tokio::time::sleep(ASK_PAUSE).await;
                }
                answer => return answer,
            }
        }
        self.peer.request(method, Some(params), ANSWER_LIMIT).await
    }

    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        method: &str,
        answer: &RawValue,
    ) -> Result<T, LspError> {
        serde_json::from_str(answer.get()).map_err(|error| LspError::Unreadable {
            server: self.entry.name,
            method: method.to_owned(),
            why: error.to_string(),
        })
    }

    async fn await_end(&self, limit: Duration) {
        let ended = async {
            while self.ended().is_none() {
                tokio::time::sleep(EXIT_LOOK).await;
            }
        };
        if tokio::time::timeout(limit, ended).await.is_err() {
            tracing::debug!(server = self.entry.name, "does not end by itself");
        }
    }
}

/// The first program that exists.
async fn connect(entry: &Entry, root: &Path, launch: &dyn Launch) -> Result<Connection, LspError> {
    for command in entry.commands {
        match launch.launch(command, root).await {
            Ok(connection) => return Ok(connection),
            Err(LaunchError::NotFound) => {}
            Err(LaunchError::Failed(why)) => {
                return Err(LspError::Start {
                    server: entry.name,
                    why,
                });
            }
        }
    }
    Err(LspError::Missing {
        server: entry.name,
        install: entry.install,
    })
}

/// Runs what may block away from the runtime.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LspError> + Send + 'static,
) -> Result<T, LspError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(LspError::Nowhere(format!(
            "The work on files was broken off: {error}."
        ))),
    }
}
