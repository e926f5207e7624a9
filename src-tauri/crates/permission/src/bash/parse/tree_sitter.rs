//! tree-sitter-bash must see the same leaf commands as our own reader, word
//! for word, in a tree of nothing but known nodes.
//!
//! Its grammar misreads some things without an error node; the marks of
//! the first reader and of the raw bytes catch those before it is asked.

use std::cell::RefCell;
use std::ops::ControlFlow;

use tree_sitter::{Node, ParseOptions, Parser};

use super::{DIFFERENT, own_leaves};
use crate::bash::script::{Leaf, LeafKind, Script, Shape};
use crate::bash::word::Word;

/// Nodes a plain command may consist of.
const KINDS: &[&str] = &[
    "program",
    "list",
    "pipeline",
    "command",
    "command_name",
    "word",
    "string",
    "string_content",
    "raw_string",
    "concatenation",
    "number",
    "redirected_statement",
    "file_redirect",
    "file_descriptor",
    "comment",
    "test_command",
    "test_operator",
    "unary_expression",
    "binary_expression",
    "extglob_pattern",
    "regex",
    "variable_assignment",
    "variable_assignments",
    "variable_name",
    "simple_expansion",
    "expansion",
    "herestring_redirect",
    "heredoc_redirect",
    "heredoc_start",
    "heredoc_body",
    "heredoc_end",
    "subshell",
    "compound_statement",
    "negated_command",
    "if_statement",
    "elif_clause",
    "else_clause",
    "for_statement",
    "while_statement",
    "do_group",
    "special_variable_name",
    "arithmetic_expansion",
    "brace_expression",
    "command_substitution",
];

/// Parts of a command that are no words of it.
const NO_WORDS: &[&str] = &[
    "file_redirect",
    "herestring_redirect",
    "heredoc_redirect",
    "comment",
    "variable_assignment",
];
/// What a word behind a here-document's name may be; it hangs under that.
const WORDS: &[&str] = &["word", "string", "raw_string", "concatenation", "number"];

/// How often the parser may look up before it is stopped.
const STEP_LIMIT: u32 = 20_000;

thread_local! {
    /// Made at first use and kept: making one costs more than parsing.
    static PARSER: RefCell<Option<Parser>> = const { RefCell::new(None) };
}

/// Confirms that tree-sitter reads `text` as `script` says.
pub(super) fn confirm(text: &str, script: &Script) -> Result<(), String> {
    PARSER.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = new_parser();
        }
        let parser = slot
            .as_mut()
            .ok_or("the shell grammar could not be loaded")?;
        let mut steps = 0;
        let mut watch = |_: &tree_sitter::ParseState| {
            steps += 1;
            if steps > STEP_LIMIT {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let options = ParseOptions::new().progress_callback(&mut watch);
        let bytes = text.as_bytes();
        let tree = parser.parse_with_options(
            &mut |at, _| bytes.get(at..).unwrap_or_default(),
            None,
            Some(options),
        );
        let Some(tree) = tree else {
            parser.reset();
            return Err("reading it took too long".to_owned());
        };
        compare(tree.root_node(), text, script)
    })
}

fn new_parser() -> Option<Parser> {
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_bash::LANGUAGE.into())
        .ok()?;
    Some(parser)
}

/// What is compared: byte ranges, in order.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    words: Vec<(usize, usize)>,
    assignments: Vec<(usize, usize)>,
    /// Variables anywhere in them.
    expansions: Vec<(usize, usize)>,
}

fn compare(root: Node<'_>, text: &str, script: &Script) -> Result<(), String> {
    if root.has_error() {
        return Err("the shell grammar cannot read it".to_owned());
    }
    let mut theirs = Seen::default();
    collect(root, &mut theirs)?;
    // Between double quotes its variables take in the blanks before them.
    for (start, end) in &mut theirs.expansions {
        let part = text.get(*start..*end).unwrap_or_default();
        *start += part.len() - part.trim_start().len();
    }
    theirs.sort();
    let mut ours = Seen::default();
    for leaf in own_leaves(script) {
        ours.add(leaf);
    }
    // The grammar takes it for the name of a program.
    let timed = script.shapes.iter().filter_map(|(shape, span)| {
        matches!(shape, Shape::Keyword(word) if word == "time").then_some((span.start, span.end))
    });
    ours.words.extend(timed);
    ours.sort();
    let is_text = |(start, end): &(usize, usize)| text.get(*start..*end).is_some();
    if ours == theirs && ours.words.iter().all(is_text) {
        Ok(())
    } else {
        Err(DIFFERENT.to_owned())
    }
}

impl Seen {
    fn add(&mut self, leaf: &Leaf) {
        if leaf.is(&["[", "[["]) {
            let (first, last) = (leaf.words.first(), leaf.words.last());
            let whole = first.zip(last).map(|(first, last)| (first.start, last.end));
            self.words.extend(whole);
        } else {
            // Of the head of a loop: its variable and its values.
            let is_loop = leaf.kind == LeafKind::Loop;
            let words = leaf.words.iter().enumerate();
            let words = words.filter(|(at, _)| !is_loop || !matches!(at, 0 | 2));
            self.words.extend(words.map(|(_, word)| range(word)));
        }
        self.assignments.extend(leaf.assignments.iter().map(range));
        let targets = leaf
            .redirects
            .iter()
            .filter_map(|redirect| redirect.target.as_ref());
        let all = leaf.words.iter().chain(&leaf.assignments).chain(targets);
        let expansions = all.flat_map(|word| &word.expansions);
        self.expansions
            .extend(expansions.map(|expansion| (expansion.span.start, expansion.span.end)));
    }

    fn sort(&mut self) {
        self.words.sort_unstable();
        self.assignments.sort_unstable();
        self.expansions.sort_unstable();
    }
}

fn range(word: &Word) -> (usize, usize) {
    (word.start, word.end)
}

/// Gathers the byte ranges of all words of all commands.
fn collect(node: Node<'_>, seen: &mut Seen) -> Result<(), String> {
    if node.is_error() || node.is_missing() {
        return Err("the shell grammar cannot read it".to_owned());
    }
    if node.is_named() && !KINDS.contains(&node.kind()) {
        return Err(format!("it holds a `{}`", node.kind().replace('_', " ")));
    }
    let place = (node.start_byte(), node.end_byte());
    match node.kind() {
        "test_command" => seen.words.push(place),
        "variable_assignment" => seen.assignments.push(place),
        "simple_expansion" | "expansion" | "arithmetic_expansion" => seen.expansions.push(place),
        // What stands in it is confirmed as a line of its own.
        "command_substitution" => {
            seen.expansions.push(place);
            return Ok(());
        }
        _ => {}
    }
    let mut cursor = node.walk();
    for child in node.children(&mut cursor) {
        let word = match node.kind() {
            "command" => child.is_named() && !NO_WORDS.contains(&child.kind()),
            "heredoc_redirect" => WORDS.contains(&child.kind()),
            "for_statement" => child.is_named() && child.kind() != "do_group",
            _ => false,
        };
        if word {
            seen.words.push((child.start_byte(), child.end_byte()));
        }
        collect(child, seen)?;
    }
    Ok(())
}
