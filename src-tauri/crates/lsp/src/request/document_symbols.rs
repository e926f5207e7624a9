//! What a file defines.

use std::path::Path;

use gen_lsp_types as lsp;
use serde::Serialize;

use super::clipped;
use crate::error::LspError;
use crate::finding::{Found, Place, Span};
use crate::server::{Document, Server, Texts};
use crate::uri;

/// Symbols of one file.
const SYMBOLS: usize = 5000;

/// How deep symbols may lie in one another. The parser of JSON allows about
/// forty.
const DEPTH: usize = 64;

/// Something that has a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Symbol {
    /// Its name, without what it lies in.
    pub name: String,
    /// What it is, in lower case: `function`, `struct`, `enum member`.
    pub kind: &'static str,
    /// Signature or type, when the server says it.
    pub detail: Option<String>,
    /// Names of what it lies in, the outermost first.
    pub container: Vec<String>,
    /// All of it, body and all, where the server says that.
    pub place: Place,
    /// Its name in it.
    pub name_span: Span,
}

impl Server {
    /// What `path` defines, in the order of the text.
    ///
    /// # Errors
    /// When the server gives no answer.
    pub async fn document_symbols(&self, path: &Path) -> Result<Found<Symbol>, LspError> {
        let (document, symbols) = self.raw_symbols(path).await?;
        let texts = self.texts_of(&document);
        let lines = texts.lines(&document.path);
        let found = Found::cut(symbols, SYMBOLS);
        let items = found.items.into_iter().map(|raw| {
            let place = texts.place(&document.path, raw.range, lines.as_ref());
            let name = texts.place(&document.path, raw.name_range, lines.as_ref());
            Symbol {
                name: raw.name,
                kind: raw.kind,
                detail: raw.detail,
                container: raw.container,
                place,
                name_span: name.span,
            }
        });
        Ok(Found {
            items: items.collect(),
            left_out: found.left_out,
        })
    }

    pub(super) fn texts_of(&self, document: &Document) -> Texts {
        let whole = std::sync::Arc::clone(&document.whole);
        Texts::of(document.path.clone(), whole, self.encoding(), self.root())
    }

    /// The symbols in the protocol's terms, flat.
    pub(super) async fn raw_symbols(
        &self,
        path: &Path,
    ) -> Result<(Document, Vec<RawSymbol>), LspError> {
        self.need("documentSymbolProvider", "symbols of a file")?;
        let document = self.sync(path).await?;
        let params = lsp::DocumentSymbolParams {
            text_document: document.id(),
            work_done_progress_params: Default::default(),
            partial_result_params: Default::default(),
        };
        let answer = self.call::<lsp::DocumentSymbolRequest>(&params).await?;
        let symbols = match answer {
            None => Vec::new(),
            Some(lsp::DocumentSymbolResponse::DocumentSymbolList(tree)) => {
                let mut flat = Vec::new();
                flatten(tree, &mut Vec::new(), &mut flat);
                flat
            }
            Some(lsp::DocumentSymbolResponse::SymbolInformationList(list)) => list
                .into_iter()
                .filter(|one| uri::path(&one.location.uri).as_ref() == Some(&document.path))
                .map(RawSymbol::of)
                .collect(),
        };
        Ok((document, symbols))
    }
}

/// A symbol in the protocol's terms.
pub(super) struct RawSymbol {
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) detail: Option<String>,
    pub(super) container: Vec<String>,
    pub(super) range: lsp::Range,
    pub(super) name_range: lsp::Range,
}

impl RawSymbol {
    fn of(one: lsp::SymbolInformation) -> Self {
        let base = one.base_symbol_information;
        let container = base.container_name.filter(|name| !name.is_empty());
        Self {
            name: clipped(&base.name),
            kind: kind_name(base.kind),
            detail: None,
            container: container.iter().map(|name| clipped(name)).collect(),
            range: one.location.range,
            name_range: one.location.range,
        }
    }
}

fn flatten(tree: Vec<lsp::DocumentSymbol>, above: &mut Vec<String>, flat: &mut Vec<RawSymbol>) {
    if above.len() > DEPTH {
        return;
    }
    for symbol in tree {
        let name = clipped(&symbol.name);
        flat.push(RawSymbol {
            name: name.clone(),
            kind: kind_name(symbol.kind),
            detail: symbol.detail.as_deref().map(clipped),
            container: above.clone(),
            range: symbol.range,
            name_range: symbol.selection_range,
        });
        if let Some(children) = symbol.children {
            above.push(name);
            flatten(children, above, flat);
            above.pop();
        }
    }
}

pub(super) fn kind_name(kind: lsp::SymbolKind) -> &'static str {
    use lsp::SymbolKind as Kind;
    match kind {
        Kind::File => "file",
        Kind::Module => "module",
        Kind::Namespace => "namespace",
        Kind::Package => "package",
        Kind::Class => "class",
        Kind::Method => "method",
        Kind::Property => "property",
        Kind::Field => "field",
        Kind::Constructor => "constructor",
        Kind::Enum => "enum",
        Kind::Interface => "interface",
        Kind::Function => "function",
        Kind::Variable => "variable",
        Kind::Constant => "constant",
        Kind::String => "string",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::Array => "array",
        Kind::Object => "object",
        Kind::Key => "key",
        Kind::Null => "null",
        Kind::EnumMember => "enum member",
        Kind::Struct => "struct",
        Kind::Event => "event",
        Kind::Operator => "operator",
        Kind::TypeParameter => "type parameter",
        Kind::Custom(_) => "symbol",
    }
}
