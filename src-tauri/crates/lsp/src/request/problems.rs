//! Problems of a file as it is on disk now, and of all files.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use gen_lsp_types as lsp;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::error::LspError;
use crate::position::{Encoding, Lines};
use crate::problem::{self, Problem, Problems, severity};
use crate::server::{Document, Server, Settled, span};

/// How long nothing more must be published of a file before what was counts
/// as all: servers publish quick findings first and better ones after.
const QUIET: Duration = Duration::from_millis(400);

/// Problems of all files in one answer.
const PROBLEMS: usize = 2000;

impl Server {
    /// Shows the server the file as it is on disk, and waits for what it
    /// thinks of that text, but not longer than `limit`. For what an edit did,
    /// ask before and after it and take the [difference](crate::difference).
    ///
    /// # Errors
    /// When the server is gone or the file cannot be shown to it.
    pub async fn problems(&self, path: &Path, limit: Duration) -> Result<Problems, LspError> {
        let deadline = Instant::now() + limit;
        let document = self.sync(path).await?;
        let checked = self.await_checks(&document, limit).await == Settled::Quiet;
        let heard = if self.offers().has("diagnosticProvider") {
            self.ask_for_problems(&document, deadline).await?
        } else {
            self.await_problems(&document, deadline).await?
        };
        let (known, left_out) = self.board().known(&document.path);
        let lines = Lines::of(document.text());
        let mut items = in_words(&document.path, known, Some(&lines), self.encoding());
        items.sort();
        Ok(Problems {
            items,
            left_out,
            is_settled: checked && heard,
        })
    }

    /// What is known of all files, without waiting: also of files that an edit
    /// of another broke, where the server looks at them by itself.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub async fn all_problems(&self) -> Result<Problems, LspError> {
        let paths: HashSet<PathBuf> = self.board().paths();
        let texts = self.texts(paths.clone()).await?;
        let (mut items, mut left_out) = (Vec::new(), 0);
        for path in paths {
            let (known, more) = self.board().known(&path);
            let lines = texts.lines(&path);
            items.extend(in_words(&path, known, lines.as_ref(), self.encoding()));
            left_out += more;
        }
        items.sort();
        left_out += items.len().saturating_sub(PROBLEMS);
        items.truncate(PROBLEMS);
        Ok(Problems {
            items,
            left_out,
            is_settled: self.indexing().is_none(),
        })
    }

    /// Asks; false when the answer did not come in time.
    async fn ask_for_problems(
        &self,
        document: &Document,
        deadline: Instant,
    ) -> Result<bool, LspError> {
        #[derive(Deserialize)]
        struct Report<'a> {
            #[serde(borrow, default)]
            items: Vec<&'a RawValue>,
        }
        let method = "textDocument/diagnostic";
        let params = lsp::DocumentDiagnosticParams {
            text_document: document.id(),
            identifier: self.offers().diagnostic_identifier(),
            previous_result_id: None,
            work_done_progress_params: Default::default(),
            partial_result_params: Default::default(),
        };
        let Ok(answer) = timeout_at(deadline, self.ask(method, &params)).await else {
            return Ok(false);
        };
        let answer = answer?;
        let report: Report<'_> =
            serde_json::from_str(answer.get()).map_err(|error| LspError::Unreadable {
                server: self.name(),
                method: method.to_owned(),
                why: error.to_string(),
            })?;
        let kept = problem::keep(report.items.into_iter().map(RawValue::get));
        self.board()
            .put_asked(document.path.clone(), document.version, kept);
        Ok(true)
    }

    /// Waits; false when nothing was published of this text in time.
    async fn await_problems(
        &self,
        document: &Document,
        deadline: Instant,
    ) -> Result<bool, LspError> {
        let mut news = self.board().watch();
        loop {
            news.mark_unchanged();
            if let Some(error) = self.ended() {
                return Err(error);
            }
            let published = self.board().of(&document.path);
            let quiet_at = published
                .filter(|published| published.is_of(document.version, document.told))
                .map(|published| published.at + QUIET);
            let now = Instant::now();
            if quiet_at.is_some_and(|at| at <= now) {
                return Ok(true);
            }
            if deadline <= now {
                return Ok(false);
            }
            tokio::select! {
                _changed = news.changed() => {}
                () = sleep_until(quiet_at.unwrap_or(deadline).min(deadline)) => {}
            }
        }
    }
}

fn in_words(
    path: &Path,
    found: Vec<lsp::Diagnostic>,
    lines: Option<&Lines<'_>>,
    encoding: Encoding,
) -> Vec<Problem> {
    let found = found.into_iter().map(|one| {
        let span = span(one.range, lines, encoding);
        Problem {
            path: path.to_owned(),
            span,
            severity: severity(one.severity),
            code: one.code.map(|code| match code {
                lsp::Code::Int(number) => number.to_string(),
                lsp::Code::String(text) => text,
            }),
            source: one.source,
            message: match one.message {
                lsp::Message::String(text) => text,
                lsp::Message::MarkupContent(content) => content.value,
            },
            line_text: lines
                .map(|lines| lines.preview(span.start.line))
                .unwrap_or_default(),
        }
    });
    found.collect()
}
