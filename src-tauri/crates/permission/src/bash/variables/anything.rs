//! Where a word may be anything: the program only prints or compares it.

use crate::bash::script::{Leaf, LeafKind};
use crate::bash::word::Word;

/// True when the word at `at` does no harm, whatever text it is, one word
/// though it be.
pub(in crate::bash) fn takes(leaf: &Leaf, at: usize) -> bool {
    if leaf.kind == LeafKind::Condition {
        return at > 0;
    }
    let is_plain = |at: usize| leaf.words.get(at).is_some_and(Word::plain);
    match leaf.name().as_str() {
        "echo" | "basename" | "dirname" => at > 0,
        // The first word is a program, and `-v` stores.
        "printf" => at > 1 && is_plain(1) && !leaf.first_arg().starts_with('-'),
        // Two of them could be a test that evaluates its operand.
        "test" | "[" => at > 0 && leaf.args().iter().filter(|word| !word.plain()).count() == 1,
        _ => false,
    }
}
