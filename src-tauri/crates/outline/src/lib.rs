//! What a source file defines, and where in it a name is used, read from its
//! syntax tree: without a language server, an index or a build.
//!
//! Text comes in and symbols go out; no file is opened here. Broken source
//! gives what could be understood of it. Everything is bounded: bytes, time,
//! symbols, depth, and how much is told of each.

mod definitions;
mod grammar;
mod language;
mod markdown;
mod reading;
mod references;
mod signature;
mod symbol;
#[cfg(test)]
mod tests;
mod tree;

pub use language::Language;
pub use reading::{Limits, SOURCE_BYTES};
pub use references::{Reference, References, outline_and_references, references};
pub use symbol::{Cut, Kind, Outline, Symbol};

use reading::Watch;

/// What `source` defines, in the order it stands there.
#[must_use]
pub fn outline(language: Language, source: &str, limits: &Limits<'_>) -> Outline {
    if source.len() > SOURCE_BYTES {
        return Outline::cut(Cut::Size);
    }
    // Before the clock starts: the first use of a grammar reads its query.
    let grammar = grammar::of(language);
    let watch = Watch::start(limits);
    let Some(grammar) = grammar else {
        return markdown::outline(source, &watch);
    };
    let Some(syntax) = reading::parse(source, grammar, &watch) else {
        return Outline::cut(Cut::Time);
    };
    let found = definitions::find(&syntax, grammar, source, &watch);
    tree::grow(found, language, source)
}
