//! Groups, conditions and loops over literal words: takes the marks of those
//! away that are plain, and puts the rounds of a loop one behind the other.
//!
//! Which command runs does not matter then, since each is judged as if it
//! did. That the keywords stand where they belong, the grammars confirm.

use protocol::Span;

use super::known;
use super::schema;
use super::script::{Leaf, LeafKind, Origin, Script, Shape};
use super::variables::{is_printable, stays_in_line};

/// Keywords of what is followed; loops on a condition are not.
const KEYWORDS: &[&str] = &[
    "if", "then", "elif", "else", "fi", "{", "}", "!", "time", "for", "do", "done",
];
/// Keywords and parentheses of one line; the grammars follow them down.
const MARK_LIMIT: usize = 40;
/// Rounds of a loop.
const VALUE_LIMIT: usize = 32;
/// Commands that all rounds of all loops may consist of.
const LEAF_LIMIT: usize = 200;

/// Takes the marks away when all of them are plain.
pub(super) fn settle(script: &mut Script) {
    let plain = |(shape, _): &(Shape, Span)| match shape {
        Shape::Keyword(word) => KEYWORDS.contains(&word.as_str()),
        shape => *shape == Shape::Subshell,
    };
    let leaves = &script.leaves;
    if !script.is_compound()
        || script.shapes.len() > MARK_LIMIT
        || !script.shapes.iter().all(plain)
        || leaves.iter().any(|leaf| leaf.origin != Origin::Top)
    {
        return;
    }
    // What is not plainly read-only might change the variable of a loop.
    let is_loop = |leaf: &Leaf| leaf.kind == LeafKind::Loop;
    let changes = |leaf: &Leaf| !is_loop(leaf) && !schema::read(leaf).listed;
    if leaves.iter().any(is_loop) && leaves.iter().any(changes) {
        return;
    }
    let mut leaves = leaves.clone();
    while let Some(at) = leaves.iter().position(|leaf| leaf.kind == LeafKind::Loop) {
        match unrolled(&leaves, at, &script.shapes) {
            Some(rounds) => leaves = rounds,
            None => return,
        }
    }
    script.leaves = leaves;
    script.shapes.clear();
    script.compound = true;
}

/// The leaves with the loop at `at` taken apart into its rounds.
fn unrolled(leaves: &[Leaf], at: usize, shapes: &[(Shape, Span)]) -> Option<Vec<Leaf>> {
    let head = leaves.get(at)?;
    let [_, name, within, values @ ..] = head.words.as_slice() else {
        return None;
    };
    let fits = !name.quoted
        && name.plain()
        && stays_in_line(&name.text)
        && within.text == "in"
        && !within.quoted
        && !values.is_empty()
        && values.len() <= VALUE_LIMIT
        && values
            .iter()
            .all(|value| value.plain() && is_printable(&value.text));
    if !fits || !head.redirects.is_empty() || !head.assignments.is_empty() {
        return None;
    }
    let (begin, end) = body(shapes, head.span.end)?;
    // A leaf's span takes in the keyword before it.
    let start = |leaf: &Leaf| {
        leaf.words
            .first()
            .map_or(leaf.span.start, |word| word.start)
    };
    let inside = |leaf: &Leaf| begin <= start(leaf) && leaf.span.end <= end;
    let count = leaves
        .iter()
        .skip(at + 1)
        .take_while(|leaf| inside(leaf))
        .count();
    let (body, rest) = leaves.get(at + 1..)?.split_at(count);
    let nested = body.iter().any(|leaf| leaf.kind == LeafKind::Loop);
    if body.is_empty() || nested || rest.iter().any(inside) {
        return None;
    }
    let mut out = leaves.get(..at)?.to_vec();
    for value in values {
        for leaf in body {
            let mut leaf = leaf.clone();
            known::bind(&mut leaf, &name.text, &value.text);
            if leaf.uses(&name.text) {
                return None;
            }
            out.push(leaf);
        }
    }
    out.extend_from_slice(rest);
    (out.len() <= LEAF_LIMIT).then_some(out)
}

/// Where the body lies of the loop whose head ends at `from`.
fn body(shapes: &[(Shape, Span)], from: usize) -> Option<(usize, usize)> {
    let mut after = shapes.iter().filter_map(|(shape, span)| match shape {
        Shape::Keyword(word) if span.start >= from => Some((word.as_str(), *span)),
        _ => None,
    });
    let (first, begin) = after.next()?;
    // A loop in the loop would have to run in each of its rounds.
    let (last, end) = after.find(|(word, _)| matches!(*word, "done" | "for"))?;
    (first == "do" && last == "done").then_some((begin.end, end.start))
}

#[cfg(test)]
mod tests;
