//! What a whole project defines, by name.

use gen_lsp_types as lsp;

use super::document_symbols::kind_name;
use super::{Symbol, clipped};
use crate::error::LspError;
use crate::finding::Found;
use crate::server::Server;
use crate::uri;

/// Symbols in one answer; a server takes the query loosely and finds many.
const SYMBOLS: usize = 200;

/// The longest query, in characters.
const QUERY_CHARS: usize = 200;

impl Server {
    /// What the project defines under names like `query`, the best first, in
    /// the server's opinion. Whole only once the server has
    /// [settled](Server::settle); some find nothing before a file was asked for.
    ///
    /// # Errors
    /// When the server gives no answer.
    pub async fn workspace_symbols(&self, query: &str) -> Result<Found<Symbol>, LspError> {
        self.need("workspaceSymbolProvider", "symbols of the project")?;
        let params = lsp::WorkspaceSymbolParams {
            query: query.chars().take(QUERY_CHARS).collect(),
            work_done_progress_params: Default::default(),
            partial_result_params: Default::default(),
        };
        let answer = self.call::<lsp::WorkspaceSymbolRequest>(&params).await?;
        let symbols = answer.map_or_else(Vec::new, located);
        let found = Found::cut(symbols, SYMBOLS);
        let ranges: Vec<_> = found
            .items
            .iter()
            .map(|(path, range, _)| (path.clone(), *range))
            .collect();
        let places = self.in_words(&ranges).await?;
        let symbols = found.items.into_iter().zip(places);
        let items = symbols.map(|((_, _, base), place)| Symbol {
            name: clipped(&base.name),
            kind: kind_name(base.kind),
            detail: None,
            container: base
                .container_name
                .filter(|name| !name.is_empty())
                .iter()
                .map(|name| clipped(name))
                .collect(),
            name_span: place.span,
            place,
        });
        Ok(Found {
            items: items.collect(),
            left_out: found.left_out,
        })
    }
}

type Located = (std::path::PathBuf, lsp::Range, lsp::BaseSymbolInformation);

/// Those in files; one without a range begins with its file.
fn located(answer: lsp::WorkspaceSymbolResponse) -> Vec<Located> {
    match answer {
        lsp::WorkspaceSymbolResponse::SymbolInformationList(list) => list
            .into_iter()
            .filter_map(|one| {
                let path = uri::path(&one.location.uri)?;
                Some((path, one.location.range, one.base_symbol_information))
            })
            .collect(),
        lsp::WorkspaceSymbolResponse::WorkspaceSymbolList(list) => list
            .into_iter()
            .filter_map(|one| {
                let (uri, range) = match one.location {
                    lsp::WorkspaceSymbolLocation::Location(at) => (at.uri, at.range),
                    lsp::WorkspaceSymbolLocation::LocationUriOnly(at) => {
                        (at.uri, lsp::Range::default())
                    }
                };
                Some((uri::path(&uri)?, range, one.base_symbol_information))
            })
            .collect(),
    }
}
