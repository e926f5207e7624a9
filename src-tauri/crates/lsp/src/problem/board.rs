//! The latest problems a server published, per file, within bounds.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use gen_lsp_types as lsp;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::sync::watch;
use tokio::time::Instant;

use super::severity;
use crate::uri;

/// Problems kept of one file; an agent reads the first few.
const PER_FILE: usize = 500;

/// Files that may have problems at one time.
const FILES: usize = 2000;

/// Problems of all files together.
const ALL: usize = 10_000;

/// The longest message, in bytes. Type errors of C++ and TypeScript are long.
const MESSAGE_BYTES: usize = 4096;

/// The longest data a server may attach for its code actions, in bytes of JSON.
const DATA_BYTES: usize = 8192;

/// What a server said of its files.
pub(crate) struct Board {
    files: Mutex<Files>,
    /// What it said when it was asked.
    asked: Mutex<Files>,
    /// Counts what was published, and wakes who waits for it.
    count: watch::Sender<u64>,
}

#[derive(Default)]
struct Files {
    published: HashMap<PathBuf, Published>,
    total: usize,
}

/// What was published of one file last.
#[derive(Debug, Clone)]
pub(crate) struct Published {
    /// The number of this publication among all.
    pub(crate) number: u64,
    /// The document's version it is of.
    pub(crate) version: Option<i32>,
    pub(crate) at: Instant,
    pub(crate) items: Vec<lsp::Diagnostic>,
    pub(crate) left_out: usize,
}

impl Published {
    /// Whether it is about this version of a document, which the server was
    /// told of when so much had been published.
    pub(crate) fn is_of(&self, version: i32, told: u64) -> bool {
        self.number > told && self.version.is_none_or(|published| published >= version)
    }
}

/// The message, its items unread: one that is wrong costs only itself.
#[derive(Deserialize)]
struct Publication<'a> {
    uri: lsp::Uri,
    version: Option<i32>,
    #[serde(borrow)]
    diagnostics: Vec<&'a RawValue>,
}

impl Board {
    pub(crate) fn new() -> Self {
        Self {
            files: Mutex::default(),
            asked: Mutex::default(),
            count: watch::Sender::new(0),
        }
    }

    /// Takes `textDocument/publishDiagnostics`.
    pub(crate) fn publish(&self, params: &str) {
        let publication: Publication<'_> = match serde_json::from_str(params) {
            Ok(publication) => publication,
            Err(error) => return tracing::debug!(%error, "problems that cannot be read"),
        };
        let Some(path) = uri::path(&publication.uri) else {
            return;
        };
        let (items, left_out) = keep(publication.diagnostics.into_iter().map(RawValue::get));
        self.count.send_modify(|count| {
            *count += 1;
            let published = Published {
                number: *count,
                version: publication.version,
                at: Instant::now(),
                items,
                left_out,
            };
            lock(&self.files).put(path, published);
        });
    }

    /// Number of the last publication.
    pub(crate) fn count(&self) -> u64 {
        *self.count.borrow()
    }

    /// Wakes at every publication.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.count.subscribe()
    }

    /// Wakes who waits: there is no more to come.
    pub(crate) fn end(&self) {
        self.count.send_modify(|_| {});
    }

    /// Takes what it said of `path` when it was asked.
    pub(crate) fn put_asked(&self, path: PathBuf, version: i32, kept: Kept) {
        let published = Published {
            number: self.count(),
            version: Some(version),
            at: Instant::now(),
            items: kept.0,
            left_out: kept.1,
        };
        lock(&self.asked).put(path, published);
    }

    /// What was published of `path`.
    pub(crate) fn of(&self, path: &Path) -> Option<Published> {
        lock(&self.files).published.get(path).cloned()
    }

    /// All that is known of `path`, told or asked, each thing once.
    pub(crate) fn known(&self, path: &Path) -> Kept {
        let asked = lock(&self.asked).published.get(path).cloned();
        let told = self.of(path);
        let (mut items, mut left_out) = (Vec::new(), 0);
        for published in asked.into_iter().chain(told) {
            left_out += published.left_out;
            items = together(items, published.items);
        }
        (items, left_out)
    }

    /// Every file that has problems.
    pub(crate) fn paths(&self) -> HashSet<PathBuf> {
        let with_problems = |files: &Mutex<Files>| {
            let files = lock(files);
            let found = files
                .published
                .iter()
                .filter(|(_, one)| !one.items.is_empty());
            found.map(|(path, _)| path.clone()).collect::<Vec<_>>()
        };
        let told = with_problems(&self.files);
        told.into_iter().chain(with_problems(&self.asked)).collect()
    }
}

/// Problems, and how many more there were.
pub(crate) type Kept = (Vec<lsp::Diagnostic>, usize);

/// `items`, and those of `more` that are not among them.
fn together(mut items: Vec<lsp::Diagnostic>, more: Vec<lsp::Diagnostic>) -> Vec<lsp::Diagnostic> {
    let known = items.len();
    for item in more {
        if !items[..known].iter().any(|one| is_same(one, &item)) {
            items.push(item);
        }
    }
    items
}

fn is_same(one: &lsp::Diagnostic, other: &lsp::Diagnostic) -> bool {
    one.range == other.range && one.message == other.message && one.severity == other.severity
}

fn lock(files: &Mutex<Files>) -> MutexGuard<'_, Files> {
    files.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Files {
    fn put(&mut self, path: PathBuf, mut published: Published) {
        let before = self.published.remove(&path);
        self.total -= before.map_or(0, |before| before.items.len());
        if self.published.len() >= FILES {
            self.forget_one();
        }
        let room = ALL - self.total;
        published.left_out += published.items.len().saturating_sub(room);
        published.items.truncate(room);
        self.total += published.items.len();
        self.published.insert(path, published);
    }

    /// A file without problems, or else the one heard of longest ago.
    fn forget_one(&mut self) {
        let oldest = self
            .published
            .iter()
            .min_by_key(|(_, one)| (!one.items.is_empty(), one.number))
            .map(|(path, _)| path.clone());
        if let Some(gone) = oldest.and_then(|path| self.published.remove(&path)) {
            self.total -= gone.items.len();
        }
    }
}

/// Those that can be read, the worst first when there are too many, and how
/// many were left out.
pub(crate) fn keep<'a>(items: impl Iterator<Item = &'a str>) -> Kept {
    let mut kept = Vec::new();
    let mut left_out = 0;
    for text in items {
        match serde_json::from_str::<lsp::Diagnostic>(text) {
            // Room for twice as many, so that late errors have a chance.
            Ok(item) if kept.len() < 2 * PER_FILE => kept.push(bounded(item)),
            Ok(_) => left_out += 1,
            Err(error) => tracing::debug!(%error, "a problem that cannot be read"),
        }
    }
    if kept.len() > PER_FILE {
        kept.sort_by_key(|item| severity(item.severity));
        left_out += kept.len() - PER_FILE;
        kept.truncate(PER_FILE);
    }
    (kept, left_out)
}

fn bounded(mut item: lsp::Diagnostic) -> lsp::Diagnostic {
    let text = match item.message {
        lsp::Message::String(text) => text,
        lsp::Message::MarkupContent(content) => content.value,
    };
    item.message = lsp::Message::String(clipped(text));
    item.related_information = None;
    item.source = item.source.map(clipped);
    item.code_description = None;
    item.tags = None;
    item.code = item.code.map(|code| match code {
        lsp::Code::String(text) => lsp::Code::String(clipped(text)),
        number @ lsp::Code::Int(_) => number,
    });
    item.data = item
        .data
        .filter(|data| data.to_string().len() <= DATA_BYTES);
    item
}

fn clipped(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(MESSAGE_BYTES));
    text
}
