//! The other readers: two grammars of other people must see the same leaf
//! commands as our own reader.
//!
//! They are asked only about what our reader read without any mark. A grammar
//! that cannot read the text, that sees other commands, or that sees more
//! than plain commands makes it ask; none of them can make anything plainer.

mod brush;
mod tree_sitter;

use super::script::{Leaf, Origin, Script};

/// The id of what these readers find.
pub(super) const CHECK: &str = "bash.unparsed";

const DIFFERENT: &str = "two readers see different commands in it";

/// Confirms that the other readers read `text` as `script` says.
pub(super) fn confirm(text: &str, script: &Script) -> Result<(), String> {
    tree_sitter::confirm(text, script)?;
    brush::confirm(text, script)
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
