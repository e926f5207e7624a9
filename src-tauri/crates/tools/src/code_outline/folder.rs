//! The overview of a folder: each file with its most important symbols, as
//! many as fit; of a large folder only counts.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use outline::{Kind, Language, Symbol};
use serde_json::json;
use tool::{ToolContext, ToolOutput};

use super::Input;
use super::pick::{self, Detail, Docs};
use crate::call::Answer;
use crate::source::{self, Source};
use crate::text::counted;
use crate::walk::Start;

/// Levels shown when the model does not say.
const DEPTH: usize = 1;

/// Bytes of an overview: about 6,000 tokens, as it is only the beginning of
/// a search.
const TEXT_BYTES: usize = 24 * 1024;

/// Symbols shown of each file, from the most to the least; the first number
/// with which all files fit is taken.
const PER_FILE: [usize; 7] = [40, 20, 10, 5, 3, 1, 0];

/// Symbols kept of one file: no more are shown of one.
const KEPT_PER_FILE: usize = PER_FILE[0];

/// Symbols kept in all. With more, an overview shows none of them.
const KEPT: usize = 20_000;

/// One file of the overview.
struct Entry {
    /// The most important first, each as its lines.
    lines: Vec<String>,
    /// Symbols, also those not kept.
    count: usize,
}

#[derive(Default)]
struct Overview {
    files: BTreeMap<String, Entry>,
    kept: usize,
    symbols: usize,
}

pub(super) fn show(input: &Input, start: &Start, ctx: &ToolContext) -> Answer {
    let detail = Detail {
        depth: input.depth.unwrap_or(DEPTH),
        kinds: input.kinds.as_deref(),
        docs: Docs::LeftOut,
    };
    let overview: Mutex<Overview> = Mutex::default();
    let missed = source::each(start, ctx, |source| {
        if source.language == Language::Markdown && !is_named(detail, Kind::Heading) {
            return;
        }
        let entry = entry(&source, detail, ctx);
        if entry.count == 0 && detail.kinds.is_some() {
            return;
        }
        let mut overview = overview.lock().unwrap_or_else(PoisonError::into_inner);
        overview.add(source.name, entry);
    })?;
    let overview = overview
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    let (mut content, is_cut) = overview.write();
    if overview.files.is_empty() {
        content = format!(
            "(There is nothing to outline in `{}`: no source in a language that is known. Hidden files, and files that `.gitignore` names, are not read.)\n",
            start.name
        );
    }
    if is_cut {
        content.push_str(
            "(Not everything fits; name a folder or file in `path` to see more of it.)\n",
        );
    }
    content.push_str(&missed.notes());
    Ok(ToolOutput::ok(content).with_details(json!({
        "path": start.name,
        "files": overview.files.len(),
        "symbols": overview.symbols,
        "truncated": is_cut,
    })))
}

fn is_named(detail: Detail<'_>, kind: Kind) -> bool {
    detail.kinds.is_some_and(|kinds| kinds.contains(&kind))
}

/// Tests are shown when they are asked for; an `impl` only with what is in it.
fn entry(source: &Source, detail: Detail<'_>, ctx: &ToolContext) -> Entry {
    let outline = source.outline(ctx);
    let is_shown = |symbol: &&Symbol| {
        let is_aside = match symbol.kind {
            Kind::Test => true,
            Kind::Impl => detail.depth == 1,
            Kind::Module => is_of_tests(symbol),
            _ => false,
        };
        detail.wants(symbol) && (!is_aside || detail.kinds.is_some())
    };
    let mut symbols: Vec<&Symbol> = unwrapped(&outline.symbols).filter(is_shown).collect();
    symbols.sort_by_key(|symbol| pick::importance(symbol, source.language));
    let lines = symbols.iter().take(KEPT_PER_FILE).map(|symbol| {
        let mut lines = String::new();
        pick::write(symbol, detail, 1, &mut lines);
        lines
    });
    Entry {
        lines: lines.collect(),
        count: symbols.len(),
    }
}

/// A namespace that holds a whole file says nothing about it.
fn unwrapped(symbols: &[Symbol]) -> impl Iterator<Item = &Symbol> {
    let inner = match symbols {
        [only] if only.kind == Kind::Module && !only.children.is_empty() => &only.children,
        _ => symbols,
    };
    inner.iter()
}

fn is_of_tests(module: &Symbol) -> bool {
    let mut children = module.children.iter();
    children.any(|child| child.kind == Kind::Test)
}

impl Overview {
    fn add(&mut self, name: String, mut entry: Entry) {
        self.symbols += entry.count;
        self.kept += entry.lines.len();
        if self.kept > KEPT {
            entry.lines = Vec::new();
        }
        self.files.insert(name, entry);
    }

    /// The text, and whether something is not in it.
    fn write(&self) -> (String, bool) {
        let sizes = PER_FILE
            .iter()
            .filter(|size| **size == 0 || self.kept <= KEPT);
        for size in sizes {
            let text: String = self
                .files
                .iter()
                .map(|(name, entry)| entry.write(name, *size))
                .collect();
            if text.len() <= TEXT_BYTES {
                let is_cut = self.files.values().any(|entry| entry.count > *size);
                return (text, is_cut);
            }
        }
        (self.by_folder(), true)
    }

    /// One line for each folder, as far as they fit.
    fn by_folder(&self) -> String {
        let mut folders: BTreeMap<&Path, (usize, usize)> = BTreeMap::new();
        for (name, entry) in &self.files {
            let folder = Path::new(name).parent().unwrap_or(Path::new(""));
            let counts = folders.entry(folder).or_default();
            counts.0 += 1;
            counts.1 += entry.count;
        }
        let mut text = String::new();
        for (folder, (files, symbols)) in folders {
            let line = format!(
                "{}/ ({}, {})\n",
                plain(&folder.display().to_string()),
                counted(files, "file"),
                counted(symbols, "symbol")
            );
            if text.len() + line.len() > TEXT_BYTES {
                break;
            }
            text.push_str(&line);
        }
        text
    }
}

impl Entry {
    fn write(&self, name: &str, size: usize) -> String {
        let name = plain(name);
        if size == 0 {
            return format!("{name} ({})\n", counted(self.count, "symbol"));
        }
        let mut text = format!("{name}\n");
        text.extend(self.lines.iter().take(size).map(String::as_str));
        if self.count > size {
            text.push_str(&format!("  ({} more)\n", self.count - size));
        }
        text
    }
}

/// A name may hold anything; one file stays one line.
fn plain(name: &str) -> String {
    name.replace(char::is_control, "\u{fffd}")
}
