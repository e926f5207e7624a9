//! The headings of a Markdown text, each with the section below it.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::reading::Watch;
use crate::signature::one_line;
use crate::symbol::{Cut, Kind, Outline, Symbol};

/// Characters of a heading.
const HEADING_CHARS: usize = 120;

struct Heading {
    level: HeadingLevel,
    text: String,
    span: Range<usize>,
}

pub(crate) fn outline(source: &str, watch: &Watch<'_>) -> Outline {
    let (headings, cut) = headings(source, watch);
    let lines = Lines::of(source);
    let mut open: Vec<(HeadingLevel, Symbol)> = Vec::new();
    let mut roots = Vec::new();
    for heading in headings {
        let line = lines.number(heading.span.start);
        while open
            .last()
            .is_some_and(|(level, _)| *level >= heading.level)
        {
            close(&mut open, &mut roots, line - 1);
        }
        let signs = "#".repeat(heading.level as usize);
        let symbol = Symbol {
            signature: format!("{signs} {}", heading.text),
            name: heading.text,
            kind: Kind::Heading,
            first_line: line,
            last_line: line,
            doc: None,
            children: Vec::new(),
        };
        open.push((heading.level, symbol));
    }
    while !open.is_empty() {
        close(&mut open, &mut roots, lines.count());
    }
    Outline {
        symbols: roots,
        cut,
    }
}

/// Ends the innermost section.
fn close(open: &mut Vec<(HeadingLevel, Symbol)>, roots: &mut Vec<Symbol>, last_line: usize) {
    let Some((_, mut symbol)) = open.pop() else {
        return;
    };
    symbol.last_line = last_line.max(symbol.first_line);
    match open.last_mut() {
        Some((_, parent)) => parent.children.push(symbol),
        None => roots.push(symbol),
    }
}

fn headings(source: &str, watch: &Watch<'_>) -> (Vec<Heading>, Option<Cut>) {
    let options = Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut list: Vec<Heading> = Vec::new();
    let mut is_inside = false;
    let mut cut = None;
    for (event, span) in Parser::new_ext(source, options).into_offset_iter() {
        if watch.is_over() {
            cut = Some(Cut::Time);
            break;
        }
        match event {
            Event::Start(Tag::Heading { .. }) if list.len() >= watch.limits.symbols => {
                cut = Some(Cut::Symbols);
                break;
            }
            Event::Start(Tag::Heading { level, .. }) => {
                is_inside = true;
                let text = String::new();
                list.push(Heading { level, text, span });
            }
            Event::End(TagEnd::Heading(_)) => is_inside = false,
            Event::Text(text) | Event::Code(text) if is_inside => {
                if let Some(last) = list.last_mut() {
                    last.text.push_str(&text);
                }
            }
            _ => {}
        }
    }
    for heading in &mut list {
        heading.text = one_line(&heading.text, HEADING_CHARS);
    }
    (list, cut)
}

/// Where lines start.
struct Lines(Vec<usize>);

impl Lines {
    fn of(source: &str) -> Self {
        let ends = source.match_indices('\n').map(|(at, _)| at + 1);
        Self(
            std::iter::once(0)
                .chain(ends.filter(|start| *start < source.len()))
                .collect(),
        )
    }

    /// From 1.
    fn number(&self, at: usize) -> usize {
        self.0.partition_point(|start| *start <= at)
    }

    fn count(&self) -> usize {
        self.0.len()
    }
}
