//! Source files for the tools that read symbols: which files are some, their
//! text, and what a walk over a folder of them did not take in. Opens nothing
//! that may hold secrets unless it was named.

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ignore::DirEntry;
use outline::{Language, Limits, Outline, SOURCE_BYTES};
use tool::ToolContext;

use crate::call::Stop;
use crate::text::counted;
use crate::walk::{self, Hidden, Seen, Start};

/// How long one walk may read. Some ten thousand files are read in it, and
/// who waits longer believes that nothing happens.
const WALK_TIME: Duration = Duration::from_secs(20);

/// Bytes of a file without an extension that may name its interpreter; the
/// kernel itself looks at no more.
const SHEBANG_BYTES: u64 = 256;

/// A file with its text.
#[derive(Debug)]
pub(crate) struct Source {
    /// As the user knows it.
    pub(crate) name: String,
    pub(crate) language: Language,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn outline(&self, ctx: &ToolContext) -> Outline {
        let is_stopped = || ctx.cancel.is_cancelled();
        let limits = Limits {
            is_stopped: &is_stopped,
            ..Limits::default()
        };
        outline::outline(self.language, &self.text, &limits)
    }
}

/// Why a file is no source that can be read.
#[derive(Debug)]
pub(crate) enum Unread {
    /// No language that is known, or no text.
    Unknown,
    TooLarge,
    Failed(io::Error),
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// Opens a file if it is a source.
pub(crate) fn load(path: &Path, name: String) -> Result<Source, Unread> {
    let known = Language::of_name(path);
    if known.is_none() && path.extension().is_some() {
        return Err(Unread::Unknown);
    }
    if !path.metadata()?.is_file() {
        return Err(Unread::Unknown);
    }
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    if known.is_none() {
        file.by_ref().take(SHEBANG_BYTES).read_to_end(&mut bytes)?;
        if !bytes.starts_with(b"#!") {
            return Err(Unread::Unknown);
        }
    }
    // One byte more than is taken shows that there is more.
    let room = (SOURCE_BYTES + 1).saturating_sub(bytes.len());
    file.take(room as u64).read_to_end(&mut bytes)?;
    if bytes.len() > SOURCE_BYTES {
        return Err(Unread::TooLarge);
    }
    if bytes.contains(&0) {
        return Err(Unread::Unknown);
    }
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    let language = Language::of(path, &text).ok_or(Unread::Unknown)?;
    Ok(Source {
        name,
        language,
        text,
    })
}

/// What a walk did not take in.
#[derive(Debug, Default)]
pub(crate) struct Missed {
    secret: AtomicUsize,
    unreadable: AtomicUsize,
    too_large: AtomicUsize,
    late: AtomicUsize,
    is_part: bool,
}

impl Missed {
    /// Notes for the end of an answer; empty when nothing is missing.
    pub(crate) fn notes(self) -> String {
        let rows = [
            (
                self.secret,
                "that may hold secrets left out; to read one name it in `path`",
            ),
            (self.unreadable, "could not be read"),
            (self.too_large, "left out as too large"),
            (
                self.late,
                "not read, as it took too long; name a folder in `path`",
            ),
        ];
        let mut notes: String = rows
            .into_iter()
            .map(|(count, words)| (count.into_inner(), words))
            .filter(|(count, _)| *count > 0)
            .map(|(count, words)| format!("({} {words}.)\n", counted(count, "file")))
            .collect();
        if self.is_part {
            notes.push_str("(The folder is too large to see completely; name a folder in it.)\n");
        }
        notes
    }

    /// Counts a file that was not opened, if its name says that it is a source.
    fn pass_over(&self, counter: &AtomicUsize, path: &Path) {
        if Language::of_name(path).is_some() {
            self.add(counter);
        }
    }

    fn add(&self, counter: &AtomicUsize) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// Visits every source below a start, from several threads.
pub(crate) fn each(
    start: &Start,
    ctx: &ToolContext,
    visit: impl Fn(Source) + Sync,
) -> Result<Missed, Stop> {
    each_within(WALK_TIME, start, ctx, visit)
}

fn each_within(
    time: Duration,
    start: &Start,
    ctx: &ToolContext,
    visit: impl Fn(Source) + Sync,
) -> Result<Missed, Stop> {
    let began = Instant::now();
    let mut missed = Missed::default();
    let seen = walk::files(&start.real, Hidden::Skipped, ctx, || {
        let (missed, visit) = (&missed, &visit);
        move |entry: &DirEntry| {
            // A folder was judged, not what lies in it.
            let below = start.below(entry.path());
            if entry.depth() > 0 && permission::secret(&below).is_some() {
                return missed.pass_over(&missed.secret, &below);
            }
            if began.elapsed() >= time {
                return missed.pass_over(&missed.late, &below);
            }
            match load(entry.path(), start.named(entry.path())) {
                Ok(source) => visit(source),
                Err(Unread::Unknown) => {}
                Err(Unread::TooLarge) => missed.add(&missed.too_large),
                Err(Unread::Failed(error)) => {
                    tracing::debug!(path = %entry.path().display(), %error, "not read");
                    missed.add(&missed.unreadable);
                }
            }
        }
    })?;
    missed.is_part = seen == Seen::Part;
    Ok(missed)
}
