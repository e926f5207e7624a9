//! The other readers: two grammars of other people must see the same leaf
//! commands as our own reader.
//!
//! They are asked only about what our reader read without any mark. A grammar
//! that cannot read the text, that sees other commands, or that sees more
//! than plain commands makes it ask; none of them can make anything plainer.

mod brush;
mod tree_sitter;

use std::borrow::Cow;

use super::script::{Leaf, Origin, Script};

/// The id of what these readers find.
pub(super) const CHECK: &str = "bash.unparsed";

const DIFFERENT: &str = "two readers see different commands in it";

/// Confirms that the other readers read `text` as `script` says.
pub(super) fn confirm(text: &str, script: &Script) -> Result<(), String> {
    let text = folded(text, script);
    tree_sitter::confirm(&text, script)?;
    brush::confirm(&text, script)
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
