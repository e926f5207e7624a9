//! The other readers: two grammars of other people must see the same leaf
//! commands as our own reader.
//!
//! They are asked only about what our reader read without any mark. A grammar
//! that cannot read the text, that sees other commands, or that sees more
//! than plain commands makes it ask; none of them can make anything plainer.

mod brush;
mod tree_sitter;

use std::borrow::Cow;

use protocol::Span;

use super::lex::{Base, lex};
use super::script::{Leaf, Origin, Script};
use super::word::Live;

/// The id of what these readers find.
pub(super) const CHECK: &str = "bash.unparsed";

const DIFFERENT: &str = "two readers see different commands in it";

/// Confirms that the other readers read `text` as `script` says.
pub(super) fn confirm(text: &str, script: &Script) -> Result<(), String> {
    let folded = folded(text, script);
    tree_sitter::confirm(&folded, script)?;
    brush::confirm(&folded, script)?;
    for inner in substitutions(script) {
        let line = text.get(inner.start + 2..inner.end.saturating_sub(1));
        let line = line.ok_or(DIFFERENT)?;
        let mut script = Script::default();
        lex(line, Base::At(0), Origin::Top, 0, &mut script);
        confirm(line, &script)?;
    }
    Ok(())
}

/// Where the commands stand in it whose output becomes part of a word.
fn substitutions(script: &Script) -> Vec<Span> {
    let leaves = own_leaves(script);
    let words = leaves.flat_map(|leaf| {
        let targets = leaf.redirects.iter();
        let targets = targets.filter_map(|redirect| redirect.target.as_ref());
        leaf.words.iter().chain(&leaf.assignments).chain(targets)
    });
    words
        .flat_map(|word| &word.expansions)
        .filter(|expansion| expansion.live == Live::Substitution)
        .map(|expansion| expansion.span)
        .collect()
}

/// The text with blanks where a backslash joins two lines between words: the
/// grammars count such places to the word before or behind.
fn folded<'t>(text: &'t str, script: &Script) -> Cow<'t, str> {
    if script.folds.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = text.to_owned();
    for at in &script.folds {
        if out.get(*at..at + 2) == Some("\\\n") {
            out.replace_range(*at..at + 2, "  ");
        }
    }
    Cow::Owned(out)
}

/// The commands of the line itself, as our reader sees them.
fn own_leaves(script: &Script) -> impl Iterator<Item = &Leaf> {
    script
        .leaves
        .iter()
        .filter(|leaf| leaf.origin == Origin::Top)
}

#[cfg(test)]
mod tests;
