//! Parsing within bounds: the clock and the caller's stop are looked at while
//! the parser works, so no source can hold a thread.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use tree_sitter::{ParseOptions, ParseState, Parser, Tree};

use crate::grammar::Grammar;

/// The largest source that is parsed. The longest files that people write
/// are about 3 MB (the checker of TypeScript); beyond are generated ones.
/// A tree takes some ten times the memory of its source.
pub const SOURCE_BYTES: usize = 4 * 1024 * 1024;

/// The time for one file. A file of [`SOURCE_BYTES`] takes about a second.
const TIME: Duration = Duration::from_secs(5);

/// Symbols of one file.
const SYMBOLS: usize = 5_000;

/// How much may be spent on one file.
pub struct Limits<'a> {
    /// From the call on.
    pub time: Duration,
    /// Symbols that are told at most.
    pub symbols: usize,
    /// Asked again and again; true ends the work.
    pub is_stopped: &'a dyn Fn() -> bool,
}

impl Default for Limits<'_> {
    fn default() -> Self {
        Self {
            time: TIME,
            symbols: SYMBOLS,
            is_stopped: &|| false,
        }
    }
}

/// The limits of a call, and when it began.
pub(crate) struct Watch<'a> {
    pub(crate) limits: &'a Limits<'a>,
    start: Instant,
}

impl<'a> Watch<'a> {
    pub(crate) fn start(limits: &'a Limits<'a>) -> Self {
        Self {
            limits,
            start: Instant::now(),
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.start.elapsed() >= self.limits.time || (self.limits.is_stopped)()
    }

    pub(crate) fn flow(&self) -> ControlFlow<()> {
        if self.is_over() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

/// The syntax tree of `source`; `None` when it took too long.
pub(crate) fn parse(source: &str, grammar: &Grammar, watch: &Watch<'_>) -> Option<Tree> {
    if watch.is_over() {
        return None;
    }
    let mut parser = Parser::new();
    parser.set_language(&grammar.language).ok()?;
    let mut look = |_: &ParseState| watch.flow();
    let options = ParseOptions::new().progress_callback(&mut look);
    let bytes = source.as_bytes();
    parser.parse_with_options(
        &mut |at, _| bytes.get(at..).unwrap_or_default(),
        None,
        Some(options),
    )
}
