//! Groups, conditions and loops over literal words: takes the marks of those
//! away that are plain, and puts the rounds of a loop one behind the other.
//!
//! Which command runs does not matter then, since each is judged as if it
//! did. That the keywords stand where they belong, the grammars confirm.

mod lines;

use protocol::Span;

use super::known;
use super::schema;
use super::script::{Leaf, LeafKind, Origin, Script, Shape};
use super::variables::{is_printable, stays_in_line};
use super::word::{Live, Word};

/// Keywords of what is followed; of loops on a condition only those that read
/// lines are.
const KEYWORDS: &[&str] = &[
    "if", "then", "elif", "else", "fi", "{", "}", "!", "time", "for", "while", "do", "done",
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
        || leaves
            .iter()
            .any(|leaf| !matches!(leaf.origin, Origin::Top | Origin::Nested))
    {
        return;
    }
    let mut leaves = leaves.clone();
    if !lines::settle(&mut leaves, &script.shapes) {
        return;
    }
    // What is not plainly read-only might change the variable of a loop.
    let is_loop = |leaf: &Leaf| leaf.kind == LeafKind::Loop;
    let changes = |leaf: &Leaf| !is_loop(leaf) && !leaf.settled && !schema::read(leaf).listed;
    let loops = leaves.iter().any(|leaf| is_loop(leaf) || leaf.settled);
    if loops && leaves.iter().any(changes) {
        return;
    }
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
    let [_, name, within, written @ ..] = head.words.as_slice() else {
        return None;
    };
    let values: Vec<Word> = written.iter().flat_map(counted).collect();
    let fits = !name.quoted
        && name.plain()
        && stays_in_line(&name.text)
        && within.text == "in"
        && !within.quoted
        && !values.is_empty()
        && values.len() <= VALUE_LIMIT
        && values
            .iter()
            .all(|value| is_value(value) && is_printable(&value.text));
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
    for value in &values {
        for leaf in body {
            let mut leaf = leaf.clone();
            known::bind(&mut leaf, &name.text, value);
            if leaf.uses(&name.text) {
                return None;
            }
            out.push(leaf);
        }
    }
    out.extend_from_slice(rest);
    (out.len() <= LEAF_LIMIT).then_some(out)
}

/// The numbers of an unquoted `$(seq 3)` or `$(seq 2 5)`; any other word as it
/// is.
fn counted(word: &Word) -> Vec<Word> {
    let whole = vec![word.clone()];
    let inner = word
        .text
        .strip_prefix("$(seq ")
        .and_then(|rest| rest.strip_suffix(')'))
        .filter(|_| !word.quoted && word.holds_output());
    let small = |text: &str| text.parse::<usize>().ok().filter(|_| text.len() <= 3);
    let numbers: Option<Vec<usize>> = inner.and_then(|inner| inner.split(' ').map(small).collect());
    let (from, to) = match numbers.as_deref() {
        Some([to]) => (1, *to),
        Some([from, to]) => (*from, *to),
        _ => return whole,
    };
    if from > to || to - from >= VALUE_LIMIT {
        return whole;
    }
    let number = |number: usize| Word {
        start: word.start,
        end: word.end,
        text: number.to_string(),
        ..Word::default()
    };
    (from..=to).map(number).collect()
}

/// A text, or a wildcard for the files of a folder.
fn is_value(value: &Word) -> bool {
    value.plain() || value.simply_wild() && value.live.iter().all(|live| *live == Live::Glob)
}

/// Where the body lies of the loop whose head ends at `from`.
fn body(shapes: &[(Shape, Span)], from: usize) -> Option<(usize, usize)> {
    let mut after = shapes.iter().filter_map(|(shape, span)| match shape {
        Shape::Keyword(word) if span.start >= from => Some((word.as_str(), *span)),
        _ => None,
    });
    let (first, begin) = after.next()?;
    // A loop in the loop would have to run in each of its rounds.
    let (last, end) = after.find(|(word, _)| matches!(*word, "done" | "for" | "while"))?;
    (first == "do" && last == "done").then_some((begin.end, end.start))
}

#[cfg(test)]
mod tests;
