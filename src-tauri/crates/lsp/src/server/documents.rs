//! Documents a server has open, kept the same as the files on disk. The disk
//! is the truth: an agent edits files, and others do as well.
//!
//! Everything here may read files and belongs on a blocking thread.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types as lsp;

use crate::catalog::Entry;
use crate::error::LspError;
use crate::files::{self, Stamp};
use crate::peer::Peer;
use crate::problem::Board;
use crate::uri;

/// Documents open at one time; the one not used for longest is closed.
const OPEN: usize = 50;

/// Bytes of all open documents together.
const OPEN_BYTES: usize = 32 * 1024 * 1024;

/// All open documents.
#[derive(Default)]
pub(crate) struct Documents {
    open: HashMap<PathBuf, Open>,
    clock: u64,
}

/// What a server was last told of a document.
struct Open {
    uri: lsp::Uri,
    whole: Arc<str>,
    stamp: Stamp,
    version: i32,
    told: u64,
    used: u64,
}

/// A document as the server knows it now.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) path: PathBuf,
    pub(crate) uri: lsp::Uri,
    /// With its byte order mark.
    pub(crate) whole: Arc<str>,
    pub(crate) version: i32,
    /// How much had been published when the server was told of this text.
    pub(crate) told: u64,
    /// The server was told of it just now.
    pub(crate) is_news: bool,
}

impl Document {
    /// What the server sees.
    pub(crate) fn text(&self) -> &str {
        files::without_mark(&self.whole)
    }

    pub(crate) fn id(&self) -> lsp::TextDocumentIdentifier {
        lsp::TextDocumentIdentifier {
            uri: self.uri.clone(),
        }
    }
}

impl Documents {
    /// Opens `path`, or tells what changed in it, and in every other open
    /// document.
    pub(crate) fn sync(
        &mut self,
        path: &Path,
        entry: &Entry,
        (peer, board): (&Peer, &Board),
    ) -> Result<Document, LspError> {
        let published = board.count();
        self.clock += 1;
        self.sync_others(path, peer)?;
        let (whole, stamp) = match files::load(path) {
            Ok(loaded) => loaded,
            Err(error) => {
                self.close(path, peer)?;
                return Err(error);
            }
        };
        let clock = self.clock;
        let is_news = match self.open.get_mut(path) {
            Some(open) => {
                open.used = clock;
                open.update(whole, stamp, peer)?
            }
            None => {
                let open = Open::tell(path, (whole, stamp), entry, peer)?;
                self.open.insert(
                    path.to_owned(),
                    Open {
                        used: clock,
                        ..open
                    },
                );
                true
            }
        };
        self.close_old(peer)?;
        let open = self.open.get_mut(path).ok_or_else(|| not_a_path(path))?;
        if is_news {
            open.told = published;
        }
        Ok(Document {
            path: path.to_owned(),
            uri: open.uri.clone(),
            whole: Arc::clone(&open.whole),
            version: open.version,
            told: open.told,
            is_news,
        })
    }

    /// The text of an open document, byte order mark included.
    pub(crate) fn whole(&self, path: &Path) -> Option<Arc<str>> {
        self.open.get(path).map(|open| Arc::clone(&open.whole))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    fn sync_others(&mut self, but: &Path, peer: &Peer) -> Result<(), LspError> {
        let mut gone = Vec::new();
        for (path, open) in self.open.iter_mut().filter(|(path, _)| *path != but) {
            if Stamp::of(path) == Some(open.stamp) {
                continue;
            }
            match files::load(path) {
                Ok((whole, stamp)) => {
                    open.update(whole, stamp, peer)?;
                }
                Err(_) => gone.push(path.clone()),
            }
        }
        gone.iter().try_for_each(|path| self.close(path, peer))
    }

    fn close_old(&mut self, peer: &Peer) -> Result<(), LspError> {
        loop {
            let bytes: usize = self.open.values().map(|open| open.whole.len()).sum();
            let is_too_much = self.open.len() > OPEN || bytes > OPEN_BYTES;
            let oldest = self.open.iter().min_by_key(|(_, open)| open.used);
            match oldest {
                Some((path, open)) if is_too_much && open.used < self.clock => {
                    let path = path.clone();
                    self.close(&path, peer)?;
                }
                _ => return Ok(()),
            }
        }
    }

    fn close(&mut self, path: &Path, peer: &Peer) -> Result<(), LspError> {
        let Some(open) = self.open.remove(path) else {
            return Ok(());
        };
        let text_document = lsp::TextDocumentIdentifier { uri: open.uri };
        let params = lsp::DidCloseTextDocumentParams { text_document };
        peer.notify("textDocument/didClose", Some(&params))
    }
}

impl Open {
    fn tell(
        path: &Path,
        (whole, stamp): (Arc<str>, Stamp),
        entry: &Entry,
        peer: &Peer,
    ) -> Result<Self, LspError> {
        let language = entry.language_of(path).ok_or_else(|| LspError::NoServer {
            path: path.to_owned(),
        })?;
        let uri = uri::of(path).ok_or_else(|| not_a_path(path))?;
        let text_document = lsp::TextDocumentItem {
            uri: uri.clone(),
            language_id: lsp::LanguageKind::Custom(language.into()),
            version: 1,
            text: files::without_mark(&whole).to_owned(),
        };
        let params = lsp::DidOpenTextDocumentParams { text_document };
        peer.notify("textDocument/didOpen", Some(&params))?;
        Ok(Self {
            uri,
            whole,
            stamp,
            version: 1,
            told: 0,
            used: 0,
        })
    }

    /// Tells the whole new text, which every server takes and which needs no
    /// positions. It is on disk, so it was saved. False when nothing changed.
    fn update(&mut self, whole: Arc<str>, stamp: Stamp, peer: &Peer) -> Result<bool, LspError> {
        self.stamp = stamp;
        if whole == self.whole {
            return Ok(false);
        }
        self.version += 1;
        let id = lsp::TextDocumentIdentifier {
            uri: self.uri.clone(),
        };
        let text = files::without_mark(&whole).to_owned();
        let change = lsp::TextDocumentContentChangeWholeDocument { text };
        let params = lsp::DidChangeTextDocumentParams {
            text_document: lsp::VersionedTextDocumentIdentifier {
                version: self.version,
                text_document_identifier: id.clone(),
            },
            content_changes: vec![change.into()],
        };
        self.whole = whole;
        peer.notify("textDocument/didChange", Some(&params))?;
        let saved = lsp::DidSaveTextDocumentParams {
            text_document: id,
            text: None,
        };
        peer.notify("textDocument/didSave", Some(&saved))?;
        Ok(true)
    }
}

fn not_a_path(path: &Path) -> LspError {
    LspError::File {
        path: path.to_owned(),
        why: "is not an absolute path of a file".to_owned(),
    }
}
