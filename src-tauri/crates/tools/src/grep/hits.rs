//! Collects what the threads find, bounded, and writes it in order.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use grep_matcher::Matcher;
use grep_regex::RegexMatcher;
use grep_searcher::{Searcher, Sink, SinkContext, SinkMatch};
use tool::ToolContext;

use super::Show;

/// Bytes shown of one line.
const LINE_BYTES: usize = 400;

/// Bytes of a long line shown before its match.
const LEAD_BYTES: usize = 80;

/// Bytes of text kept in all; a result takes no more.
const TEXT_BYTES: usize = 46 * 1024;

/// How many matches between two looks at the cancel.
const CANCEL_EVERY: usize = 256;

/// What was found in one file.
#[derive(Debug, Default)]
pub(super) struct Found {
    lines: Vec<Line>,
    /// Matching lines, also those not kept.
    matches: usize,
}

#[derive(Debug)]
struct Line {
    number: u64,
    is_match: bool,
    /// True when lines between this one and the one before are not shown.
    after_gap: bool,
    text: String,
}

/// The sink of one file's search.
pub(super) struct FileHits<'a> {
    matcher: &'a RegexMatcher,
    found: Found,
    room: usize,
    gap: bool,
    ctx: &'a ToolContext,
}

impl<'a> FileHits<'a> {
    /// Keeps the text of at most `room` matching lines.
    pub(super) fn new(matcher: &'a RegexMatcher, room: usize, ctx: &'a ToolContext) -> Self {
        Self {
            matcher,
            found: Found::default(),
            room,
            gap: false,
            ctx,
        }
    }

    pub(super) fn into_found(self) -> Found {
        self.found
    }

    fn push(&mut self, number: Option<u64>, is_match: bool, bytes: &[u8]) {
        let after_gap = std::mem::take(&mut self.gap);
        let end = bytes
            .iter()
            .rposition(|byte| !matches!(byte, b'\n' | b'\r'))
            .map_or(0, |last| last + 1);
        let text = self.window(&bytes[..end], is_match);
        self.found.lines.push(Line {
            number: number.unwrap_or(0),
            is_match,
            after_gap,
            text,
        });
    }

    /// The line, or of a long one the part around the match.
    fn window(&self, line: &[u8], is_match: bool) -> String {
        if line.len() <= LINE_BYTES {
            return String::from_utf8_lossy(line).into_owned();
        }
        let at = if is_match {
            self.matcher
                .find(line)
                .ok()
                .flatten()
                .map_or(0, |found| found.start())
        } else {
            0
        };
        let from = at.saturating_sub(LEAD_BYTES);
        let to = (from + LINE_BYTES).min(line.len());
        let text = String::from_utf8_lossy(&line[from..to]);
        let text = text.trim_matches(char::REPLACEMENT_CHARACTER);
        let before = if from > 0 { "…" } else { "" };
        let after = if to < line.len() { "…" } else { "" };
        format!("{before}{text}{after}")
    }
}

impl Sink for FileHits<'_> {
    type Error = io::Error;

    fn matched(&mut self, _searcher: &Searcher, found: &SinkMatch<'_>) -> Result<bool, io::Error> {
        self.found.matches += 1;
        if self.found.matches.is_multiple_of(CANCEL_EVERY) && self.ctx.cancel.is_cancelled() {
            return Ok(false);
        }
        if self.found.matches <= self.room {
            self.push(found.line_number(), true, found.bytes());
        }
        Ok(true)
    }

    fn context(
        &mut self,
        _searcher: &Searcher,
        context: &SinkContext<'_>,
    ) -> Result<bool, io::Error> {
        if self.found.matches <= self.room && self.room > 0 {
            self.push(context.line_number(), false, context.bytes());
        }
        Ok(true)
    }

    fn context_break(&mut self, _searcher: &Searcher) -> Result<bool, io::Error> {
        self.gap = true;
        Ok(true)
    }
}

/// What was found in all files, the first `limit` lines or files of it.
pub(super) struct Hits {
    limit: usize,
    by_line: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    files: BTreeMap<String, Found>,
    /// Matching lines kept, or files, whichever is limited.
    kept: usize,
    cut: bool,
    unreadable: usize,
    left_out: usize,
}

/// Numbers about a search.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Summary {
    pub(super) files: usize,
    pub(super) matches: usize,
    /// There is more than is shown.
    pub(super) cut: bool,
    pub(super) unreadable: usize,
    /// Files that may hold secrets.
    pub(super) left_out: usize,
}

impl Hits {
    /// Limits matching lines when `by_line`, otherwise files.
    pub(super) fn new(limit: usize, by_line: bool) -> Self {
        Self {
            limit,
            by_line,
            state: Mutex::default(),
        }
    }

    /// How many lines of one file can be needed.
    pub(super) fn lines_per_file(&self) -> usize {
        if self.by_line { self.limit } else { 0 }
    }

    /// False when the file comes after everything that will be shown, and
    /// that there is more is known already.
    pub(super) fn wants(&self, name: &str) -> bool {
        let state = self.lock();
        !state.cut
            || state
                .files
                .last_key_value()
                .is_none_or(|(last, _)| name < last.as_str())
    }

    pub(super) fn add(&self, name: String, found: Found) {
        if found.matches == 0 {
            return;
        }
        let mut state = self.lock();
        state.kept += self.weight(&found);
        state.files.insert(name, found);
        self.trim(&mut state);
    }

    pub(super) fn leave_out(&self) {
        self.lock().left_out += 1;
    }

    pub(super) fn unreadable(&self, name: &str, error: &io::Error) {
        tracing::debug!(name, %error, "not searched");
        self.lock().unreadable += 1;
    }

    /// The answer's lines, ended where a result would be too long, and the
    /// numbers.
    pub(super) fn finish(self, show: Show) -> (String, Summary) {
        let state = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let mut lines: Vec<String> = Vec::new();
        let mut shown = 0;
        for (name, found) in &state.files {
            match show {
                Show::Files => lines.push(format!("{name}\n")),
                Show::Count => lines.push(format!("{name}:{}\n", found.matches)),
                Show::Content => write_file(&mut lines, name, found, self.limit, &mut shown),
            }
        }
        let mut text = String::new();
        let fits = lines.iter().take_while(|line| {
            text.push_str(line);
            text.len() <= TEXT_BYTES
        });
        let fit = fits.count();
        text.truncate(lines[..fit].iter().map(String::len).sum());
        let summary = Summary {
            files: state.files.len(),
            matches: state.files.values().map(|found| found.matches).sum(),
            cut: state.cut || fit < lines.len() || self.by_line && state.kept > self.limit,
            unreadable: state.unreadable,
            left_out: state.left_out,
        };
        (text, summary)
    }

    fn weight(&self, found: &Found) -> usize {
        if self.by_line { found.matches } else { 1 }
    }

    /// Drops files from the end as long as the rest fills the limit.
    fn trim(&self, state: &mut State) {
        while let Some((_, last)) = state.files.last_key_value() {
            let without = state.kept - self.weight(last);
            if without < self.limit {
                break;
            }
            state.files.pop_last();
            state.kept = without;
            state.cut = true;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One file's lines as `path:number:text`, context as `path-number-text`.
fn write_file(lines: &mut Vec<String>, name: &str, found: &Found, limit: usize, shown: &mut usize) {
    for line in &found.lines {
        if line.is_match && *shown == limit {
            return;
        }
        *shown += usize::from(line.is_match);
        let sign = if line.is_match { ':' } else { '-' };
        let gap = if line.after_gap { "--\n" } else { "" };
        lines.push(format!(
            "{gap}{name}{sign}{}{sign}{}\n",
            line.number, line.text
        ));
    }
}
