//! What a server is asked, one file per request. Each shows the server the
//! file as it is on disk, asks, and puts the answer in terms of people.

mod calls;
mod code_actions;
mod definition;
mod document_symbols;
mod hover;
mod problems;
mod references;
mod rename;
mod symbol_text;
mod workspace_symbols;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use gen_lsp_types as lsp;

pub use calls::{Call, Calls};
pub use code_actions::Action;
pub use document_symbols::Symbol;
pub use hover::Hover;
pub use symbol_text::SymbolText;

use crate::edit::{self, Changes};
use crate::error::LspError;
use crate::files;
use crate::finding::{At, Found, Place};
use crate::position::Lines;
use crate::server::{Document, Server};
use crate::uri;

/// Places in one answer.
const PLACES: usize = 1000;

/// The longest name or detail shown of a symbol, in characters.
const NAME_CHARS: usize = 300;

impl Server {
    /// The file, shown to the server, and the place in it.
    async fn target(
        &self,
        path: &Path,
        at: &At,
    ) -> Result<(Document, lsp::TextDocumentPositionParams), LspError> {
        let document = self.sync(path).await?;
        let lines = Lines::of(files::without_mark(&document.whole));
        let position = lines.find(at, self.encoding())?;
        let params = lsp::TextDocumentPositionParams {
            text_document: document.id(),
            position,
        };
        Ok((document, params))
    }

    /// Ranges in files, sorted, each once.
    async fn places(&self, ranges: Vec<(lsp::Uri, lsp::Range)>) -> Result<Found<Place>, LspError> {
        let named = ranges
            .into_iter()
            .filter_map(|(uri, range)| Some((uri::path(&uri)?, range)));
        let mut ranges: Vec<(PathBuf, lsp::Range)> = named.collect();
        ranges.sort();
        ranges.dedup();
        let found = Found::cut(ranges, PLACES);
        Ok(Found {
            items: self.in_words(&found.items).await?,
            left_out: found.left_out,
        })
    }

    /// Ranges in files, in their order.
    async fn in_words(&self, ranges: &[(PathBuf, lsp::Range)]) -> Result<Vec<Place>, LspError> {
        let paths: HashSet<PathBuf> = ranges.iter().map(|(path, _)| path.clone()).collect();
        Ok(self.texts(paths).await?.places(ranges))
    }

    /// An edit of the protocol as steps on files.
    async fn changes(&self, edit: lsp::WorkspaceEdit) -> Result<Changes, LspError> {
        let paths = edit::paths_of(&edit).into_iter();
        let inside: HashSet<PathBuf> = paths.filter(|path| path.starts_with(self.root())).collect();
        let texts = self.texts(inside).await?;
        let changes = edit::to_changes(edit, texts.whole, self.encoding(), self.root())?;
        Ok(changes)
    }
}

fn clipped(text: &str) -> String {
    text.chars().take(NAME_CHARS).collect()
}
