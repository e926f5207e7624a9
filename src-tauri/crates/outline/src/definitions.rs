//! Runs a language's query over a tree: a flat list of definitions, outer
//! ones before what is in them.

use std::cmp::Reverse;
use std::ops::Range;

use tree_sitter::{
    Node, QueryCursor, QueryCursorOptions, QueryCursorState, QueryMatch, StreamingIterator, Tree,
};

use crate::grammar::{Grammar, Role};
use crate::reading::Watch;
use crate::symbol::{Cut, Kind};

/// Matches that may be open at once; each costs time at every node.
const OPEN_MATCHES: u32 = 256;

/// Definitions found for each symbol that may be told: several patterns can
/// find the same one.
const FOUND_PER_SYMBOL: usize = 4;

/// One definition, as places in the source.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    pub(crate) kind: Kind,
    pub(crate) is_prototype: bool,
    pub(crate) name: Range<usize>,
    pub(crate) span: Range<usize>,
    /// Where the signature ends, when the tree knows.
    pub(crate) body: Option<usize>,
    /// Bytes between the start of the line and the start of the definition.
    pub(crate) column: usize,
    /// From 1.
    pub(crate) first_line: usize,
    /// From 1, inclusive.
    pub(crate) last_line: usize,
    pattern: usize,
}

/// The definitions in order, and what is missing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Definitions {
    pub(crate) list: Vec<Definition>,
    pub(crate) cut: Option<Cut>,
}

pub(crate) fn find(
    syntax: &Tree,
    grammar: &Grammar,
    source: &str,
    watch: &Watch<'_>,
) -> Definitions {
    let mut found = Definitions::default();
    let limit = watch.limits.symbols.saturating_mul(FOUND_PER_SYMBOL);
    let mut cursor = QueryCursor::new();
    cursor.set_match_limit(OPEN_MATCHES);
    let mut look = |_: &QueryCursorState| watch.flow();
    let options = QueryCursorOptions::new().progress_callback(&mut look);
    let mut matches = cursor.matches_with_options(
        &grammar.query,
        syntax.root_node(),
        source.as_bytes(),
        options,
    );
    while let Some(matched) = matches.next() {
        if found.list.len() >= limit {
            found.cut = Some(Cut::Symbols);
            break;
        }
        found.list.extend(definition(matched, grammar));
    }
    if watch.is_over() {
        found.cut = Some(Cut::Time);
    }
    // Of one definition the first pattern counts; it may give several names.
    found
        .list
        .sort_by_key(|one| (place(one), one.pattern, one.name.start, one.body.is_none()));
    found.list.dedup_by(|later, kept| {
        place(later) == place(kept) && (later.pattern != kept.pattern || later.name == kept.name)
    });
    if found.list.len() > watch.limits.symbols {
        found.list.truncate(watch.limits.symbols);
        found.cut = found.cut.or(Some(Cut::Symbols));
    }
    found
}

fn place(one: &Definition) -> (usize, Reverse<usize>) {
    (one.span.start, Reverse(one.span.end))
}

fn definition(matched: &QueryMatch<'_, '_>, grammar: &Grammar) -> Option<Definition> {
    let mut name = None;
    let mut body = None;
    let mut defined = None;
    for capture in matched.captures() {
        match *grammar.roles.get(capture.index as usize)? {
            Role::Name => name = Some(capture.node),
            Role::Body => body = Some(capture.node),
            Role::Definition(kind) => defined = Some((capture.node, kind, false)),
            Role::Prototype => defined = Some((capture.node, Kind::Function, true)),
            Role::Condition => {}
        }
    }
    let (name, (node, kind, is_prototype)) = (name?, defined?);
    let (start, end) = (node.start_position(), node.end_position());
    // Some nodes take their line end in.
    let ends_before = end.column == 0 && end.row > start.row;
    Some(Definition {
        kind,
        is_prototype,
        name: name.byte_range(),
        span: node.byte_range(),
        body: body.or_else(|| body_of(node)).map(|body| body.start_byte()),
        column: start.column,
        first_line: start.row + 1,
        last_line: end.row + usize::from(!ends_before),
        pattern: matched.pattern_index,
    })
}

/// What grammars call a body, by field or by the name of the last part.
fn body_of(node: Node<'_>) -> Option<Node<'_>> {
    node.child_by_field_name("body").or_else(|| {
        let last = node.named_child_count().checked_sub(1)?;
        let last = node.named_child(u32::try_from(last).ok()?)?;
        let is_body = last.kind().ends_with("_body") || last.kind() == "do_block";
        is_body.then_some(last)
    })
}
