//! One pass over a text finds every place where a literal of a shape stands;
//! only there are the shapes' expressions tried. Text without secrets costs
//! that one pass.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::{Captures, Regex, RegexBuilder};

use crate::shape::{Letters, Pattern, Reading, Shape};
use crate::{edge, shapes, value};

/// A secret that met a literal at the edge of its reach is looked at again
/// with so much more of the text.
const REACH_FACTOR: usize = 16;

/// Memory of one expression for the states it meets; they are many.
const STATES_MAX_BYTES: usize = 256 * 1024;

/// A place that may be a secret. The rank is the shape's place in the table:
/// where several shapes overlap, the first of the table gives the name.
pub(crate) struct Candidate {
    pub range: Range<usize>,
    pub id: &'static str,
    pub name: &'static str,
    pub rank: usize,
}

/// Everything in the text that fits a shape, in no order.
pub(crate) fn candidates(text: &str) -> Vec<Candidate> {
    let scanner = &*SCANNER;
    let mut candidates: Vec<Candidate> = Vec::new();
    for literal in scanner.automaton.find_overlapping_iter(text) {
        for &rank in &scanner.owners[literal.pattern().as_usize()] {
            let is_inside =
                |last: &Candidate| last.rank == rank && literal.start() < last.range.end;
            if !candidates.last().is_some_and(is_inside) {
                scanner.read(rank, text, literal.start(), &mut candidates);
            }
        }
    }
    candidates
}

static SCANNER: LazyLock<Scanner> = LazyLock::new(Scanner::new);

struct Scanner {
    shapes: Vec<&'static Shape>,
    automaton: AhoCorasick,
    /// The ranks of the shapes that a literal belongs to.
    owners: Vec<Vec<usize>>,
    /// Compiled when a literal of the shape is met for the first time.
    expressions: Vec<OnceLock<Regex>>,
}

impl Scanner {
    #[expect(
        clippy::expect_used,
        reason = "the table is a constant, compiled in a test"
    )]
    fn new() -> Self {
        let shapes: Vec<&'static Shape> = shapes::all().collect();
        let mut literals: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (rank, shape) in shapes.iter().enumerate() {
            for literal in spellings(shape) {
                literals.entry(literal).or_default().push(rank);
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(literals.keys())
            .expect("the literals fit into an automaton");
        Self {
            automaton,
            owners: literals.into_values().collect(),
            expressions: shapes.iter().map(|_| OnceLock::new()).collect(),
            shapes,
        }
    }

    fn read(&self, rank: usize, text: &str, at: usize, candidates: &mut Vec<Candidate>) {
        let shape = self.shapes[rank];
        let candidate = |range, name| Candidate {
            range,
            id: shape.id,
            name,
            rank,
        };
        match &shape.reading {
            Reading::Reader(read) => {
                let secrets = read(text, at).into_iter();
                candidates.extend(secrets.map(|secret| candidate(secret.range, secret.name)));
            }
            Reading::Pattern(pattern) => {
                let expression = self.expressions[rank].get_or_init(|| compile(pattern.source));
                let found = match_at(text, at, pattern, expression);
                candidates.extend(found.map(|range| candidate(range, shape.name)));
            }
        }
    }
}

/// The secret that begins at a literal, or `lead` bytes before it.
fn match_at(text: &str, at: usize, pattern: &Pattern, expression: &Regex) -> Option<Range<usize>> {
    let start = at.checked_sub(pattern.lead)?;
    if !text.is_char_boundary(start) || !edge::is_free_before(text, start, pattern.left) {
        return None;
    }
    let secret = follow(text, start, pattern.reach, expression)?;
    let found = &text[secret.clone()];
    let is_secret =
        edge::is_free_after(text, secret.end) && !value::is_sample(found) && (pattern.check)(found);
    is_secret.then_some(secret)
}

/// The secret of a match. A match that ends where the reach ends may go on.
fn follow(text: &str, start: usize, mut reach: usize, expression: &Regex) -> Option<Range<usize>> {
    loop {
        let end = text.floor_char_boundary(text.len().min(start + reach));
        let (whole, secret) = places(&expression.captures(&text[start..end])?, start)?;
        if whole.end < end || end == text.len() {
            return Some(secret);
        }
        reach *= REACH_FACTOR;
    }
}

fn places(captures: &Captures<'_>, start: usize) -> Option<(Range<usize>, Range<usize>)> {
    let whole = captures.get(0)?;
    let secret = captures.get(1).unwrap_or(whole);
    let place = |found: regex::Match<'_>| start + found.start()..start + found.end();
    Some((place(whole), place(secret)))
}

/// An expression that holds only at the beginning of what it is given.
#[expect(
    clippy::expect_used,
    reason = "the table is a constant, compiled in a test"
)]
fn compile(source: &str) -> Regex {
    RegexBuilder::new(&format!("^(?:{source})"))
        .dfa_size_limit(STATES_MAX_BYTES)
        .build()
        .expect("the table holds expressions")
}

fn spellings(shape: &Shape) -> Vec<String> {
    let mut spellings: Vec<String> = shape.literals.iter().map(|&one| one.to_owned()).collect();
    if shape.letters == Letters::AnyCase {
        spellings.extend(shape.literals.iter().map(|one| one.to_ascii_uppercase()));
        spellings.extend(shape.literals.iter().map(|one| capitalised(one)));
        spellings.sort();
        spellings.dedup();
    }
    spellings
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(word.len().min(1));
    first.to_ascii_uppercase() + rest
}
