//! Where a name is used in a file, from the syntax tree: strings, comments and
//! the names of definitions do not count, and nothing is resolved. Two things
//! of one name are one to it.

use std::collections::HashSet;

use tree_sitter::Node;

use crate::definitions::Definitions;
use crate::reading::{self, SOURCE_BYTES, Watch};
use crate::symbol::{Cut, Kind, Outline};
use crate::tree::{self, Placed};
use crate::{Language, Limits, definitions, grammar, signature};

/// Uses told of one file.
const FOUND: usize = 1_000;

/// Places looked at in one file; each costs a way down the tree.
const LOOKED_AT: usize = 20_000;

/// Parts of the names of leaves that are text and no identifiers.
const TEXT_LEAVES: &[&str] = &[
    "string", "comment", "content", "fragment", "text", "char", "escape", "heredoc", "regex",
];

/// One line where the name is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// From 1.
    pub line: usize,
    /// The symbol it lies in, after those that symbol lies in: `Grep.run`.
    pub within: Option<String>,
}

/// The lines where the name is used, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct References {
    pub found: Vec<Reference>,
    /// `None` when nothing is missing.
    pub cut: Option<Cut>,
}

/// The lines where `name` is used in `source`.
#[must_use]
pub fn references(language: Language, source: &str, name: &str, limits: &Limits<'_>) -> References {
    if name.is_empty() || !source.contains(name) {
        return References::default();
    }
    outline_and_references(language, source, name, limits).1
}

/// What `source` defines and the lines where `name` is used in it, parsed
/// once for both.
#[must_use]
pub fn outline_and_references(
    language: Language,
    source: &str,
    name: &str,
    limits: &Limits<'_>,
) -> (Outline, References) {
    let Some(grammar) = grammar::of(language) else {
        let outline = crate::outline(language, source, limits);
        return (outline, References::default());
    };
    if source.len() > SOURCE_BYTES {
        return cut(Cut::Size);
    }
    let watch = Watch::start(limits);
    let Some(syntax) = reading::parse(source, grammar, &watch) else {
        return cut(Cut::Time);
    };
    let found = definitions::find(&syntax, grammar, source, &watch);
    let used = Uses {
        language,
        source,
        name,
        watch: &watch,
    };
    let references = used.find(syntax.root_node(), found.clone());
    (tree::grow(found, language, source), references)
}

fn cut(cut: Cut) -> (Outline, References) {
    let references = References {
        found: Vec::new(),
        cut: Some(cut),
    };
    (Outline::cut(cut), references)
}

/// What is looked for, and in what.
struct Uses<'a> {
    language: Language,
    source: &'a str,
    name: &'a str,
    watch: &'a Watch<'a>,
}

impl Uses<'_> {
    fn find(&self, root: Node<'_>, found: Definitions) -> References {
        let mut references = References::default();
        if self.name.is_empty() {
            return references;
        }
        // An `impl` defines nothing: it uses the name of a type.
        let named: HashSet<usize> = found
            .list
            .iter()
            .filter(|one| one.kind != Kind::Impl)
            .map(|one| one.name.end)
            .collect();
        let (placed, _) = tree::place(found, self.source);
        for (looked_at, at) in whole_words(self.source, self.name).enumerate() {
            if self.watch.is_over() {
                references.cut = Some(Cut::Time);
                break;
            }
            if looked_at >= LOOKED_AT || references.found.len() >= FOUND {
                references.cut = Some(Cut::Symbols);
                break;
            }
            let end = at + self.name.len();
            let Some(node) = identifier(root, at, end) else {
                continue;
            };
            let line = node.start_position().row + 1;
            let is_told = references
                .found
                .last()
                .is_some_and(|last| last.line == line);
            if is_told || named.contains(&end) {
                continue;
            }
            let within = path_of(&placed, at, self.language, self.source);
            references.found.push(Reference { line, within });
        }
        references
    }
}

/// Where the name stands as a word of its own.
fn whole_words<'a>(source: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    source
        .match_indices(name)
        .map(|(at, _)| at)
        .filter(move |at| {
            let before = source[..*at].chars().next_back();
            let after = source[at + name.len()..].chars().next();
            !is_word(before) && !is_word(after)
        })
}

/// The identifier that is exactly this piece of the source.
fn identifier(root: Node<'_>, start: usize, end: usize) -> Option<Node<'_>> {
    let node = root.named_descendant_for_byte_range(start, end)?;
    let is_exact = node.start_byte() == start && node.end_byte() == end;
    let is_text = TEXT_LEAVES.iter().any(|part| node.kind().contains(part));
    (is_exact && node.named_child_count() == 0 && !is_text && !is_argument(node)).then_some(node)
}

/// A word of a shell command that is not the command is only text.
fn is_argument(node: Node<'_>) -> bool {
    let parent = node.parent().map(|parent| parent.kind());
    node.kind() == "word" && parent != Some("command_name")
}

/// The names of the symbols that a place lies in, the innermost last.
fn path_of(placed: &[Placed], at: usize, language: Language, source: &str) -> Option<String> {
    let after = placed.partition_point(|one| one.definition.span.start <= at);
    let mut next = after.checked_sub(1);
    while let Some(index) = next {
        if placed[index].definition.span.end > at {
            break;
        }
        next = placed[index].parent;
    }
    let mut names = Vec::new();
    while let Some(index) = next {
        names.push(signature::name(&placed[index].definition, language, source));
        next = placed[index].parent;
    }
    names.reverse();
    (!names.is_empty()).then(|| names.join("."))
}
