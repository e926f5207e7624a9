//! What a server has to say of a name: its type, its documentation.
#![expect(deprecated, reason = "older servers still send marked strings")]

use std::path::Path;

use gen_lsp_types::{Contents, HoverParams, HoverRequest, MarkedString};
use serde::Serialize;

use crate::error::LspError;
use crate::finding::{At, Span};
use crate::position::Lines;
use crate::server::{Server, span};

/// The longest text, in bytes; documentation of a module can be a book.
const TEXT_BYTES: usize = 16 * 1024;

/// What is known of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hover {
    /// Markdown, or plain text.
    pub text: String,
    /// What it is about, when the server says so.
    pub span: Option<Span>,
}

impl Server {
    /// What is known of what stands at `at`; `None` when nothing is.
    ///
    /// # Errors
    /// When the server gives no answer, or the place is not in the file.
    pub async fn hover(&self, path: &Path, at: &At) -> Result<Option<Hover>, LspError> {
        self.need("hoverProvider", "information on names")?;
        let (document, target) = self.target(path, at).await?;
        let params = HoverParams {
            text_document_position_params: target,
            work_done_progress_params: Default::default(),
        };
        let answer = self.call::<HoverRequest>(&params).await?;
        let lines = Lines::of(document.text());
        let hover = answer.map(|hover| Hover {
            text: text(hover.contents),
            span: hover
                .range
                .map(|range| span(range, Some(&lines), self.encoding())),
        });
        Ok(hover.filter(|hover| !hover.text.is_empty()))
    }
}

fn text(contents: Contents) -> String {
    let mut text = match contents {
        Contents::MarkupContent(content) => content.value,
        Contents::MarkedString(one) => marked(one),
        Contents::MarkedStringList(many) => {
            let parts: Vec<String> = many.into_iter().map(marked).collect();
            parts.join("\n\n")
        }
    };
    text.truncate(text.floor_char_boundary(TEXT_BYTES));
    text.trim().to_owned()
}

fn marked(one: MarkedString) -> String {
    match one {
        MarkedString::String(text) => text,
        MarkedString::MarkedStringWithLanguage(code) => {
            format!("```{}\n{}\n```", code.language, code.value)
        }
    }
}
