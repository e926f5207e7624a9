//! The search itself: files side by side, results in the order of paths.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use grep_regex::{RegexMatcher, RegexMatcherBuilder};
use grep_searcher::{BinaryDetection, Searcher, SearcherBuilder, Sink, SinkContext, SinkMatch};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tool::{InputError, ToolOutput};

use super::{DEFAULT_LIMIT, Input, LARGEST_LIMIT, Output};
use crate::call::Stop;
use crate::text::{clip_line, counted};
use crate::walk;

/// The most bytes of one line.
const LINE_BYTES: usize = 400;

/// The most matching lines kept of one file.
const LINES_PER_FILE: usize = 2000;

/// The largest compiled regular expression, in bytes: a hostile one fails
/// instead of filling memory.
const REGEX_BYTES: usize = 10 * 1024 * 1024;

/// What one file brought.
pub(super) struct Found {
    path: String,
    count: usize,
    lines: Vec<Line>,
}

struct Line {
    number: u64,
    text: String,
    is_match: bool,
}

/// The matcher of an input.
pub(super) fn matcher(input: &Input) -> Result<RegexMatcher, InputError> {
    if input.pattern.is_empty() {
        return Err(InputError("`pattern` is empty.".into()));
    }
    RegexMatcherBuilder::new()
        .case_insensitive(input.case_insensitive)
        .fixed_strings(input.literal)
        .size_limit(REGEX_BYTES)
        .dfa_size_limit(REGEX_BYTES)
        .line_terminator(Some(b'\n'))
        .build(&input.pattern)
        .map_err(|error| {
            let why = error.to_string();
            let last = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            InputError(format!("`pattern` is not a regular expression: {last}. Set `literal` to search for it as plain text."))
        })
}

/// Searches `real`; `name` gives a file's name for the answer.
pub(super) fn search(
    real: &Path,
    input: &Input,
    name: impl Fn(&Path) -> String + Sync,
    cancel: &CancellationToken,
) -> Result<Vec<Found>, Stop> {
    let matcher = matcher(input)?;
    let glob = input.glob.as_deref().map(walk::glob).transpose()?;
    let files = if real.is_dir() {
        walk::files(real, cancel, |file| {
            let relative = file.strip_prefix(real).unwrap_or(file);
            glob.as_ref().is_none_or(|glob| glob.is_match(relative))
        })?
    } else {
        vec![real.to_owned()]
    };
    let next = AtomicUsize::new(0);
    let found: Mutex<Vec<(usize, Found)>> = Mutex::default();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut searcher = searcher(input);
                while let Some((index, file)) = take(&next, &files, cancel) {
                    if let Some(one) = search_file(&mut searcher, &matcher, file, &name) {
                        found.lock().unwrap_or_else(PoisonError::into_inner).push((index, one));
                    }
                }
            });
        }
    });
    if cancel.is_cancelled() {
        return Err(Stop::Cancelled);
    }
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_by_key(|(index, _)| *index);
    Ok(found.into_iter().map(|(_, one)| one).collect())
}

fn take<'a>(next: &AtomicUsize, files: &'a [std::path::PathBuf], cancel: &CancellationToken) -> Option<(usize, &'a Path)> {
    if cancel.is_cancelled() {
        return None;
    }
    let index = next.fetch_add(1, Ordering::Relaxed);
    files.get(index).map(|file| (index, file.as_path()))
}

fn searcher(input: &Input) -> Searcher {
    let context = if input.output == Output::Content { input.context } else { 0 };
    SearcherBuilder::new()
        .binary_detection(BinaryDetection::quit(0))
        .line_number(true)
        .before_context(context)
        .after_context(context)
        .build()
}

fn search_file(
    searcher: &mut Searcher,
    matcher: &RegexMatcher,
    file: &Path,
    name: &(impl Fn(&Path) -> String + Sync),
) -> Option<Found> {
    // A pipe or device would block for ever.
    if !file.metadata().is_ok_and(|metadata| metadata.is_file()) {
        return None;
    }
    let mut lines = Lines { found: Found { path: String::new(), count: 0, lines: Vec::new() }, is_binary: false };
    if let Err(error) = searcher.search_path(matcher, file, &mut lines) {
        tracing::debug!(%error, file = %file.display(), "not searched");
        return None;
    }
    let mut found = lines.found;
    if found.count == 0 || lines.is_binary {
        return None;
    }
    found.path = name(file);
    Some(found)
}

struct Lines {
    found: Found,
    is_binary: bool,
}

impl Lines {
    fn keep(&mut self, number: Option<u64>, bytes: &[u8], is_match: bool) {
        let text = String::from_utf8_lossy(bytes);
        let (text, cut) = clip_line(text.trim_end_matches(['\n', '\r']), LINE_BYTES);
        let text = if cut { format!("{text}…") } else { text.to_owned() };
        self.found.lines.push(Line { number: number.unwrap_or_default(), text, is_match });
    }
}

impl Sink for Lines {
    type Error = std::io::Error;

    fn matched(&mut self, _: &Searcher, found: &SinkMatch<'_>) -> Result<bool, Self::Error> {
        self.found.count += 1;
        self.keep(found.line_number(), found.bytes(), true);
        Ok(self.found.count < LINES_PER_FILE)
    }

    fn context(&mut self, _: &Searcher, context: &SinkContext<'_>) -> Result<bool, Self::Error> {
        self.keep(context.line_number(), context.bytes(), false);
        Ok(true)
    }

    fn binary_data(&mut self, _: &Searcher, _: u64) -> Result<bool, Self::Error> {
        self.is_binary = true;
        Ok(false)
    }
}

/// The answer, as asked for.
pub(super) fn report(found: Vec<Found>, input: &Input) -> ToolOutput {
    let matches: usize = found.iter().map(|one| one.count).sum();
    let summary = format!("{} in {}", counted(matches, "match"), counted(found.len(), "file"));
    let limit = input.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, LARGEST_LIMIT);
    let (mut content, hits, shown) = match input.output {
        Output::Content => lines(&found, limit),
        Output::Files => listed(&found, limit, |one| one.path.clone()),
        Output::Count => listed(&found, limit, |one| format!("{}: {}", one.path, one.count)),
    };
    let all = if input.output == Output::Content { matches } else { found.len() };
    if found.is_empty() {
        content = format!("Nothing matches `{}`. Ignored and binary files are not searched.", input.pattern);
    } else if shown < all {
        let _ = write!(content, "\n({} more; narrow the search or raise `limit`)", all - shown);
    }
    let details = json!({ "matches": matches, "files": found.len(), "summary": summary, "hits": hits });
    ToolOutput::ok(content).with_details(details)
}

fn listed(found: &[Found], limit: usize, line: impl Fn(&Found) -> String) -> (String, Vec<Value>, usize) {
    let lines: Vec<String> = found.iter().take(limit).map(line).collect();
    let hits = found.iter().take(limit).map(|one| json!({ "path": one.path, "count": one.count })).collect();
    (lines.join("\n"), hits, lines.len())
}

fn lines(found: &[Found], limit: usize) -> (String, Vec<Value>, usize) {
    let mut content = String::new();
    let mut hits = Vec::new();
    let mut shown = 0;
    for one in found {
        let mut last = None;
        for line in &one.lines {
            if shown == limit {
                return (content, hits, shown);
            }
            if last.is_some_and(|last| line.number > last + 1) && one.lines.iter().any(|line| !line.is_match) {
                content.push_str("--\n");
            }
            last = Some(line.number);
            let mark = if line.is_match { ':' } else { '-' };
            let _ = writeln!(content, "{}{mark}{}{mark}{}", one.path, line.number, line.text);
            if line.is_match {
                hits.push(json!({ "path": one.path, "line": line.number, "text": line.text }));
                shown += 1;
            }
        }
    }
    (content, hits, shown)
}
