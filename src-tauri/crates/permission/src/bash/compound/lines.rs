//! Loops that read one line after the other: `while read -r line; do … done`.
//!
//! What a line holds nobody knows, so it may only stand where any text does
//! no harm.

use protocol::Span;

use crate::bash::script::{Leaf, Origin, Shape};
use crate::bash::variables::{SOME_TEXT, stays_in_line, takes_anything};
use crate::bash::word::Expansion;

/// A loop over lines, by its places in the command.
struct Loop {
    /// The index of the leaf that reads.
    head: usize,
    names: Vec<String>,
    /// Where its body begins and ends.
    body: (usize, usize),
}

/// Puts something in the place of every line that is read; false when a loop
/// is another one, or its lines could do harm.
pub(super) fn settle(leaves: &mut Vec<Leaf>, shapes: &[(Shape, Span)]) -> bool {
    let starts = shapes
        .iter()
        .enumerate()
        .filter(|(_, (shape, _))| *shape == Shape::Keyword("while".to_owned()));
    for (at, (_, span)) in starts {
        let rest = shapes.get(at + 1..).unwrap_or_default();
        match found(leaves, rest, span.end) {
            Some(found) if !found.moves(leaves) => found.settle(leaves),
            _ => return false,
        }
    }
    true
}

fn found(leaves: &[Leaf], rest: &[(Shape, Span)], from: usize) -> Option<Loop> {
    let mut words = rest.iter().filter_map(|(shape, span)| match shape {
        Shape::Keyword(word) => Some((word.as_str(), *span)),
        _ => None,
    });
    let (first, begin) = words.next()?;
    // Loops within it would have to be told apart.
    let (last, end) = words.find(|(word, _)| matches!(*word, "do" | "done" | "for"))?;
    let behind = leaves
        .iter()
        .enumerate()
        .filter(|(_, leaf)| place(leaf).is_some_and(|start| from <= start && start < begin.start));
    let (head, reads) = behind.min_by_key(|(_, leaf)| place(leaf))?;
    let is_alone = leaves
        .iter()
        .filter_map(place)
        .filter(|start| from <= *start && *start < begin.start)
        .count()
        == 1;
    let names = names(reads)?;
    (first == "do" && last == "done" && is_alone).then_some(Loop {
        head,
        names,
        body: (begin.end, end.start),
    })
}

/// Where a command stands; its span takes in the keyword before it.
fn place(leaf: &Leaf) -> Option<usize> {
    let words = leaf.assignments.iter().chain(&leaf.words);
    words.map(|word| word.start).min()
}

/// The variables of a `read` that does nothing but read.
fn names(leaf: &Leaf) -> Option<Vec<String>> {
    let splits = leaf.assignments.iter().all(|word| {
        let separator = word.text.strip_prefix("IFS=");
        separator.is_some_and(|text| text.len() <= 2 && !text.contains(['$', '`'])) && word.plain()
    });
    let is_read = leaf.words.first().is_some_and(|word| word.text == "read");
    let plain = leaf.words.iter().all(|word| word.plain());
    let args = match leaf.args() {
        [option, rest @ ..] if option.text == "-r" => rest,
        args => args,
    };
    let names: Vec<String> = args.iter().map(|word| word.text.clone()).collect();
    let fits = is_read
        && plain
        && splits
        && leaf.origin == Origin::Top
        && leaf.redirects.is_empty()
        && !names.is_empty()
        && names.iter().all(|name| stays_in_line(name));
    fits.then_some(names)
}

impl Loop {
    fn holds(&self, leaf: &Leaf) -> bool {
        let (begin, end) = self.body;
        place(leaf).is_some_and(|start| begin <= start && start < end)
    }

    /// Each round would begin in another folder.
    fn moves(&self, leaves: &[Leaf]) -> bool {
        let mut within = leaves.iter().filter(|leaf| self.holds(leaf));
        within.any(|leaf| leaf.is(&["cd", "pushd", "popd", "chdir"]))
    }

    fn settle(&self, leaves: &mut Vec<Leaf>) {
        let (_, end) = self.body;
        for leaf in leaves.iter_mut().filter(|leaf| self.holds(leaf)) {
            self.put_into(leaf);
        }
        // `done < FILE`: what is read from.
        let bare = leaves.iter().position(|leaf| {
            leaf.words.is_empty() && leaf.assignments.is_empty() && leaf.span.start == end
        });
        let inputs = bare.filter(|at| {
            let redirects = leaves.get(*at).map(|leaf| leaf.redirects.as_slice());
            redirects.is_some_and(|all| all.iter().all(|one| one.operator == "<"))
        });
        let inputs = inputs.map(|at| leaves.remove(at).redirects);
        let head = self.head - usize::from(bare.is_some_and(|at| at < self.head));
        if let Some(head) = leaves.get_mut(head) {
            head.settled = true;
            head.assignments.clear();
            head.redirects.extend(inputs.into_iter().flatten());
        }
    }

    fn put_into(&self, leaf: &mut Leaf) {
        let is_line = |expansion: &Expansion| {
            let name = expansion.name();
            let known = name.is_some_and(|name| self.names.iter().any(|known| known == name));
            known && expansion.quoted
        };
        let takes: Vec<bool> = (0..leaf.words.len())
            .map(|at| takes_anything(leaf, at))
            .collect();
        for (word, _) in leaf.words.iter_mut().zip(takes).filter(|(_, takes)| *takes) {
            word.fill(|expansion| is_line(expansion).then(|| SOME_TEXT.to_owned()));
        }
    }
}
