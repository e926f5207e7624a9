//! From the flat list of definitions to a tree of symbols: what lies within
//! what, and what is only a detail of a function and left out.

use crate::Language;
use crate::definitions::{Definition, Definitions};
use crate::signature;
use crate::symbol::{Cut, Kind, Outline, Symbol};

/// Levels of symbols; what lies deeper is left out.
const DEPTH: usize = 12;

/// A definition that is told, and where it stands in the tree.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) definition: Definition,
    pub(crate) parent: Option<usize>,
    depth: usize,
}

/// The definitions that are told, each after the one it lies in.
pub(crate) fn place(found: Definitions, source: &str) -> (Vec<Placed>, Option<Cut>) {
    let mut placed: Vec<Placed> = Vec::with_capacity(found.list.len());
    let mut open: Vec<usize> = Vec::new();
    let mut cut = found.cut;
    for mut one in found.list {
        while let Some(&last) = open.last() {
            let outer = &placed[last].definition.span;
            // One definition can give several names, side by side.
            if outer.end > one.span.start && *outer != one.span {
                break;
            }
            open.pop();
        }
        let parent = open.last().copied();
        if parent.is_some_and(|parent| is_left_out(&one, &placed[parent].definition, source)) {
            continue;
        }
        let depth = parent.map_or(0, |parent| placed[parent].depth + 1);
        if depth >= DEPTH {
            cut = cut.or(Some(Cut::Depth));
            continue;
        }
        let is_in_type = parent.is_some_and(|parent| placed[parent].definition.kind.has_methods());
        if is_in_type && one.kind == Kind::Function {
            one.kind = Kind::Method;
        }
        open.push(placed.len());
        placed.push(Placed {
            definition: one,
            parent,
            depth,
        });
    }
    (placed, cut)
}

/// Variables of functions, and the second half of `typedef struct A {} A`.
fn is_left_out(one: &Definition, parent: &Definition, source: &str) -> bool {
    if parent.kind.is_callable() {
        return one.is_prototype || matches!(one.kind, Kind::Constant | Kind::Field);
    }
    let text = |one: &Definition| source.get(one.name.clone());
    !one.kind.is_callable() && one.first_line == parent.first_line && text(one) == text(parent)
}

/// The tree itself, with everything that is told of each symbol.
pub(crate) fn grow(found: Definitions, language: Language, source: &str) -> Outline {
    let (placed, cut) = place(found, source);
    let mut symbols: Vec<Symbol> = placed
        .iter()
        .map(|one| symbol(&one.definition, language, source))
        .collect();
    // From the end, so that a symbol has its children before it is moved.
    let mut roots = Vec::new();
    for one in placed.iter().rev() {
        let Some(mut symbol) = symbols.pop() else {
            break;
        };
        symbol.children.reverse();
        match one.parent.and_then(|parent| symbols.get_mut(parent)) {
            Some(parent) => parent.children.push(symbol),
            None => roots.push(symbol),
        }
    }
    roots.reverse();
    Outline {
        symbols: roots,
        cut,
    }
}

fn symbol(one: &Definition, language: Language, source: &str) -> Symbol {
    let is_outside = language == Language::Cpp
        && one.kind == Kind::Function
        && source
            .get(one.name.clone())
            .is_some_and(|name| name.contains("::"));
    Symbol {
        name: signature::name(one, language, source),
        kind: if is_outside { Kind::Method } else { one.kind },
        first_line: one.first_line,
        last_line: one.last_line,
        signature: signature::signature(one, source),
        doc: signature::doc(one, language, source),
        children: Vec::new(),
    }
}
