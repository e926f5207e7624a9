//! Problems a server reports, kept as the latest per file, and what an edit
//! changed about them.

mod board;
mod diff;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use gen_lsp_types as lsp;
use serde::Serialize;

use crate::finding::Span;

pub(crate) use board::{Board, keep};
pub use diff::{Difference, difference};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It does not build.
    Error,
    /// It likely does not do what was meant.
    Warning,
    /// Worth knowing.
    Information,
    /// A suggestion.
    Hint,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// Absolute.
    pub path: PathBuf,
    /// Where.
    pub span: Span,
    /// How bad.
    pub severity: Severity,
    /// The compiler's number or name of it.
    pub code: Option<String>,
    /// Who found it.
    pub source: Option<String>,
    /// What it is.
    pub message: String,
    /// The line it begins in, trimmed.
    pub line_text: String,
}

/// The problems of a file, or of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problems {
    /// By path and place.
    pub items: Vec<Problem>,
    /// How many more there were.
    pub left_out: usize,
    /// False when the server was still at work when the time was over: then
    /// there may be more, and some of these may be of the text before.
    pub is_settled: bool,
}

/// What is missing counts as an error, as the protocol recommends.
pub(crate) fn severity(severity: Option<lsp::DiagnosticSeverity>) -> Severity {
    match severity {
        None | Some(lsp::DiagnosticSeverity::Error) => Severity::Error,
        Some(lsp::DiagnosticSeverity::Warning) => Severity::Warning,
        Some(lsp::DiagnosticSeverity::Information) => Severity::Information,
        Some(lsp::DiagnosticSeverity::Hint | lsp::DiagnosticSeverity::Custom(_)) => Severity::Hint,
    }
}
