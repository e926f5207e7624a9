//! A Jupyter notebook (nbformat 4) as the text of its file: each cell with its
//! place in it, so that a change of one cell touches no other byte.

mod change;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use tests::NOTEBOOK;

use std::ops::Range;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

pub(crate) use change::{Change, NewCell, changed};

/// Lines shown of one output.
const OUTPUT_LINES: usize = 40;

/// Bytes shown of one line of an output.
const LINE_BYTES: usize = 400;

/// A notebook, read.
pub(crate) struct Notebook<'t> {
    pub(crate) text: &'t str,
    pub(crate) cells: Vec<Cell>,
    /// The list of cells, brackets included.
    list: Range<usize>,
    /// Cells have names.
    has_ids: bool,
}

/// One cell.
pub(crate) struct Cell {
    /// `code`, `markdown` or `raw`.
    pub(crate) kind: String,
    pub(crate) id: Option<String>,
    pub(crate) source: String,
    place: Range<usize>,
    source_place: Range<usize>,
    outputs: Vec<Value>,
    outputs_place: Option<Range<usize>>,
    count_place: Option<Range<usize>>,
    count: Option<u64>,
}

#[derive(Deserialize)]
struct RawNotebook<'t> {
    #[serde(borrow)]
    cells: &'t RawValue,
    #[serde(default)]
    nbformat: u64,
    #[serde(default)]
    nbformat_minor: u64,
}

#[derive(Deserialize)]
struct RawCell<'t> {
    cell_type: String,
    id: Option<String>,
    #[serde(borrow)]
    source: &'t RawValue,
    #[serde(borrow)]
    outputs: Option<&'t RawValue>,
    #[serde(borrow)]
    execution_count: Option<&'t RawValue>,
}

/// A source or a text in an output: one string, or a list of lines.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Whole(String),
    Lines(Vec<String>),
}

impl Text {
    fn joined(self) -> String {
        match self {
            Self::Whole(text) => text,
            Self::Lines(lines) => lines.concat(),
        }
    }
}

impl<'t> Notebook<'t> {
    /// Reads it; why it is none otherwise.
    pub(crate) fn of(text: &'t str) -> Result<Self, String> {
        let raw: RawNotebook<'t> =
            serde_json::from_str(text).map_err(|error| format!("it is no notebook: {error}"))?;
        if raw.nbformat != 4 {
            return Err(format!(
                "it is a notebook of format {}, and only format 4 is known",
                raw.nbformat
            ));
        }
        let list: Vec<&'t RawValue> = serde_json::from_str(raw.cells.get())
            .map_err(|error| format!("its cells cannot be read: {error}"))?;
        let cells = list
            .into_iter()
            .enumerate()
            .map(|(at, cell)| {
                Cell::of(text, cell)
                    .map_err(|error| format!("cell {} cannot be read: {error}", at + 1))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            text,
            cells,
            list: place(text, raw.cells),
            has_ids: raw.nbformat_minor >= 5,
        })
    }

    /// As a person reads it: each cell with its number, source and outputs.
    pub(crate) fn shown(&self) -> String {
        let mut shown = String::new();
        for (at, cell) in self.cells.iter().enumerate() {
            let run = cell
                .count
                .map_or(String::new(), |count| format!(", run {count}"));
            shown.push_str(&format!("[cell {}: {}{run}]\n", at + 1, cell.kind));
            shown.push_str(&cell.source);
            if !cell.source.ends_with('\n') {
                shown.push('\n');
            }
            for output in &cell.outputs {
                shown.push_str(&described(output));
            }
        }
        shown
    }
}

impl Cell {
    fn of(text: &str, raw: &RawValue) -> Result<Self, serde_json::Error> {
        let cell: RawCell<'_> = serde_json::from_str(raw.get())?;
        let source: Text = serde_json::from_str(cell.source.get())?;
        let outputs = match cell.outputs {
            Some(outputs) => serde_json::from_str(outputs.get())?,
            None => Vec::new(),
        };
        let count = cell.execution_count;
        Ok(Self {
            kind: cell.cell_type,
            id: cell.id,
            source: source.joined(),
            place: place(text, raw),
            source_place: place(text, cell.source),
            outputs,
            outputs_place: cell.outputs.map(|outputs| place(text, outputs)),
            count_place: count.map(|count| place(text, count)),
            count: count.and_then(|count| serde_json::from_str(count.get()).ok()),
        })
    }
}

/// Where a value, borrowed from `text`, stands in it.
fn place(text: &str, value: &RawValue) -> Range<usize> {
    let start = value.get().as_ptr() as usize - text.as_ptr() as usize;
    start..start + value.get().len()
}

/// An output in words: its text, or what kind of thing it is.
fn described(output: &Value) -> String {
    let text = |value: &Value| serde_json::from_value::<Text>(value.clone()).ok();
    let data = &output["data"];
    let words = text(&output["text"])
        .or_else(|| text(&data["text/plain"]))
        .map(Text::joined)
        .or_else(|| {
            let name = output["ename"].as_str()?;
            Some(format!(
                "{name}: {}",
                output["evalue"].as_str().unwrap_or_default()
            ))
        });
    let mut shown = String::from("[output]\n");
    let words = words.unwrap_or_default();
    for line in words.lines().take(OUTPUT_LINES) {
        shown.push_str(crate::text::clip_line(line, LINE_BYTES).0);
        shown.push('\n');
    }
    let more = words.lines().count().saturating_sub(OUTPUT_LINES);
    if more > 0 {
        shown.push_str(&format!("({more} more lines)\n"));
    }
    let kinds = data.as_object().into_iter().flat_map(|data| data.keys());
    for kind in kinds.filter(|kind| kind.as_str() != "text/plain") {
        shown.push_str(&format!("({kind}, not shown)\n"));
    }
    shown
}
