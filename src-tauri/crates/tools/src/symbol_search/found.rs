//! Collects definitions and uses from several threads, bounded, and writes
//! them in an order that does not depend on the threads.

use std::sync::{Mutex, MutexGuard, PoisonError};

use outline::{Kind, Symbol};
use serde_json::{Value, json};
use tool::ToolOutput;

use super::wanted::{Rank, Wanted};
use crate::source::{Missed, Source};
use crate::text::counted;
use crate::walk::Start;

/// Definitions shown.
const DEFINITIONS_SHOWN: usize = 100;

/// Definitions shown when none holds the name.
const NEAR_SHOWN: usize = 20;

/// Uses shown.
const USES_SHOWN: usize = 200;

/// Definitions, or uses, kept before the worst are dropped.
const KEPT: usize = 20_000;

/// Characters shown of a line.
const EXCERPT_CHARS: usize = 160;

/// Bytes of the lists; a result takes no more.
const TEXT_BYTES: usize = 44 * 1024;

/// One definition; the order of the fields is the order they are shown in.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Definition {
    rank: Rank,
    weight: u8,
    path: String,
    line: usize,
    name: String,
    kind: &'static str,
    text: String,
}

/// One line that uses the name.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Use {
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) within: Option<String>,
    pub(super) text: String,
}

#[derive(Default)]
struct State {
    definitions: Vec<Definition>,
    uses: Vec<Use>,
    defined: usize,
    used: usize,
}

/// What the threads have found.
#[derive(Default)]
pub(super) struct Found {
    state: Mutex<State>,
}

impl Found {
    pub(super) fn is_empty(&self) -> bool {
        let state = self.lock();
        state.defined == 0 && state.used == 0
    }

    pub(super) fn define(
        &self,
        source: &Source,
        symbol: &Symbol,
        parent: Option<&Symbol>,
        rank: Rank,
    ) {
        let within = parent.map(|parent| format!("  (in {})", parent.name));
        let definition = Definition {
            rank,
            weight: weight(symbol.kind),
            path: source.name.clone(),
            line: symbol.first_line,
            name: symbol.name.clone(),
            kind: symbol.kind.name(),
            text: format!("{}{}", symbol.signature, within.unwrap_or_default()),
        };
        let mut state = self.lock();
        state.defined += 1;
        keep_best(&mut state.definitions, [definition]);
    }

    pub(super) fn add_uses(&self, uses: Vec<Use>) {
        let mut state = self.lock();
        state.used += uses.len();
        keep_best(&mut state.uses, uses);
    }

    pub(super) fn finish(self, wanted: &Wanted, start: &Start, missed: Missed) -> ToolOutput {
        let mut state = self
            .state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        state.definitions.sort();
        state.uses.sort();
        let is_near = matches!(state.definitions.first(), Some(first) if first.rank > Rank::Part);
        let shown = if is_near {
            NEAR_SHOWN
        } else {
            DEFINITIONS_SHOWN
        };
        state.definitions.truncate(shown);
        state.uses.truncate(USES_SHOWN);
        let mut content = head(&state, wanted, start, is_near);
        let mut room = TEXT_BYTES;
        let defined = push(
            &mut content,
            &mut room,
            state.definitions.iter().map(Definition::write),
        );
        state.definitions.truncate(defined);
        if wanted.with_uses && state.used > 0 {
            content.push_str(&format!("Used in {}:\n", counted(state.used, "line")));
        }
        let used = push(&mut content, &mut room, state.uses.iter().map(Use::write));
        state.uses.truncate(used);
        let left = state.defined - defined + state.used - used;
        if left > 0 {
            content.push_str(&format!(
                "({left} more; narrow with `path`, `kind` or a longer name.)\n"
            ));
        }
        content.push_str(&missed.notes());
        ToolOutput::ok(content).with_details(state.details(left > 0))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn details(&self, is_cut: bool) -> Value {
        let symbols: Vec<Value> = self.definitions.iter().map(|one| {
            json!({"path": one.path, "line": one.line, "kind": one.kind, "name": one.name})
        }).collect();
        let uses: Vec<Value> = self
            .uses
            .iter()
            .map(|one| json!({"path": one.path, "line": one.line, "within": one.within}))
            .collect();
        json!({
            "symbols": symbols,
            "uses": uses,
            "symbols_total": self.defined,
            "uses_total": self.used,
            "truncated": is_cut,
        })
    }
}

/// Types come before functions, and what is only a part after all others.
fn weight(kind: Kind) -> u8 {
    match kind {
        Kind::Class | Kind::Struct | Kind::Enum | Kind::Trait | Kind::Interface => 0,
        Kind::Function | Kind::Method | Kind::Macro => 1,
        Kind::Type | Kind::Module | Kind::Constant => 2,
        Kind::Field | Kind::Variant => 3,
        Kind::Impl => 4,
        Kind::Test | Kind::Heading => 5,
    }
}

/// Adds to a list that holds no more than it must: when it is full, the half
/// that would be shown last is dropped.
fn keep_best<T: Ord>(list: &mut Vec<T>, more: impl IntoIterator<Item = T>) {
    list.extend(more);
    if list.len() > KEPT {
        list.sort();
        list.truncate(KEPT / 2);
    }
}

fn head(state: &State, wanted: &Wanted, start: &Start, is_near: bool) -> String {
    let name = &wanted.name;
    if is_near {
        return format!("(Nothing is called `{name}`. The nearest names:)\n");
    }
    match (state.defined, state.used) {
        (0, 0) => format!(
            "(No symbol in `{}` is called `{name}`, or like it. Hidden files, and files that `.gitignore` names, are not read; `grep` finds any text.)\n",
            start.name
        ),
        (0, _) => format!("(`{name}` is not defined in `{}`.)\n", start.name),
        _ => String::new(),
    }
}

/// As many lines as there is room for; how many that were.
fn push(content: &mut String, room: &mut usize, lines: impl Iterator<Item = String>) -> usize {
    let mut count = 0;
    for line in lines {
        let Some(rest) = room.checked_sub(line.len()) else {
            break;
        };
        *room = rest;
        content.push_str(&line);
        count += 1;
    }
    count
}

impl Definition {
    fn write(&self) -> String {
        let path = plain(&self.path);
        format!("{path}:{}  {} {}\n", self.line, self.kind, self.text)
    }
}

impl Use {
    fn write(&self) -> String {
        let path = plain(&self.path);
        match &self.within {
            Some(within) => format!("{path}:{}  in {within}: {}\n", self.line, self.text),
            None => format!("{path}:{}  {}\n", self.line, self.text),
        }
    }
}

/// A line as it is shown.
pub(super) fn excerpt(line: &str) -> String {
    let line = line.trim();
    let mut text: String = line.chars().take(EXCERPT_CHARS).collect();
    if text.len() < line.len() {
        text.push('…');
    }
    plain(&text)
}

/// Whatever it holds, it stays one line.
fn plain(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}
