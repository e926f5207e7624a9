//! Changes of one cell, as changes of the file's text.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use serde_json::Value;

use super::{Cell, Notebook};

/// Spaces of one level where a notebook does not show its own: what Jupyter
/// writes.
const INDENT: &str = " ";

/// What becomes of a cell. Cells are counted from 0.
pub(crate) enum Change<'c> {
    Replace { cell: usize, source: &'c str },
    Insert { at: usize, cell: NewCell<'c> },
    Delete { cell: usize },
}

/// A cell that is not there yet.
pub(crate) struct NewCell<'c> {
    pub(crate) kind: &'c str,
    pub(crate) source: &'c str,
}

/// The text of the notebook with the change. The cell must be there.
pub(crate) fn changed(notebook: &Notebook<'_>, change: &Change<'_>) -> Option<String> {
    let style = Style::of(notebook.text);
    match change {
        Change::Replace { cell, source } => {
            let cell = notebook.cells.get(*cell)?;
            Some(spliced(notebook.text, replacement(cell, source, &style)))
        }
        Change::Insert { at, cell } => {
            let text = new_cell(notebook, cell, &style);
            let splice = insertion(notebook, *at, &text, &style)?;
            Some(spliced(notebook.text, vec![splice]))
        }
        Change::Delete { cell } => {
            let place = removal(notebook, *cell)?;
            let text = if notebook.cells.len() == 1 { "[]" } else { "" };
            Some(spliced(notebook.text, vec![(place, text.to_owned())]))
        }
    }
}

type Splice = (Range<usize>, String);

fn spliced(text: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|(place, _)| place.start);
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (place, new) in splices {
        out.push_str(text.get(done..place.start).unwrap_or_default());
        out.push_str(&new);
        done = place.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// A new source; what an old one printed no longer belongs to it.
fn replacement(cell: &Cell, source: &str, style: &Style) -> Vec<Splice> {
    let mut splices = vec![(cell.source_place.clone(), style.lines(source))];
    if let Some(place) = &cell.outputs_place {
        splices.push((place.clone(), "[]".to_owned()));
    }
    if let Some(place) = &cell.count_place {
        splices.push((place.clone(), "null".to_owned()));
    }
    splices
}

fn insertion(notebook: &Notebook<'_>, at: usize, cell: &str, style: &Style) -> Option<Splice> {
    let between = style.line(2);
    if let Some(next) = notebook.cells.get(at) {
        let start = next.place.start;
        return Some((start..start, format!("{cell},{between}")));
    }
    if at != notebook.cells.len() {
        return None;
    }
    match notebook.cells.last() {
        Some(last) => Some((last.place.end..last.place.end, format!(",{between}{cell}"))),
        None => Some((
            notebook.list.clone(),
            format!("[{between}{cell}{}]", style.line(1)),
        )),
    }
}

/// The cell with the comma that parts it from its neighbour.
fn removal(notebook: &Notebook<'_>, at: usize) -> Option<Range<usize>> {
    let cells = &notebook.cells;
    let place = cells.get(at)?.place.clone();
    let before = at.checked_sub(1).and_then(|before| cells.get(before));
    Some(match (before, cells.get(at + 1)) {
        (Some(before), _) => before.place.end..place.end,
        (None, Some(after)) => place.start..after.place.start,
        (None, None) => notebook.list.clone(),
    })
}

/// Keys in the order Jupyter writes them.
fn new_cell(notebook: &Notebook<'_>, cell: &NewCell<'_>, style: &Style) -> String {
    let mut fields = vec![("cell_type", quoted(cell.kind))];
    if cell.kind == "code" {
        fields.push(("execution_count", "null".to_owned()));
    }
    if notebook.has_ids {
        fields.push(("id", quoted(&free_id(notebook, cell))));
    }
    fields.push(("metadata", "{}".to_owned()));
    if cell.kind == "code" {
        fields.push(("outputs", "[]".to_owned()));
    }
    fields.push(("source", style.lines(cell.source)));
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}\"{name}\": {value}", style.line(3)))
        .collect();
    format!("{{{}{}}}", fields.join(","), style.line(2))
}

/// A name no other cell has.
fn free_id(notebook: &Notebook<'_>, cell: &NewCell<'_>) -> String {
    let taken = |id: &str| {
        notebook
            .cells
            .iter()
            .any(|cell| cell.id.as_deref() == Some(id))
    };
    let mut hasher = DefaultHasher::new();
    (cell.source, notebook.text.len()).hash(&mut hasher);
    loop {
        let id = format!("{:08x}", hasher.finish() & 0xffff_ffff);
        if !taken(&id) {
            return id;
        }
        id.hash(&mut hasher);
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// How a notebook's JSON is laid out.
struct Style {
    /// None when it stands in one line.
    indent: Option<String>,
}

impl Style {
    fn of(text: &str) -> Self {
        let Some((_, rest)) = text.split_once('\n').filter(|(head, _)| head.trim() == "{") else {
            let indent = text.trim_end().contains('\n').then(|| INDENT.to_owned());
            return Self { indent };
        };
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        Self {
            indent: rest.get(..blanks).map(str::to_owned),
        }
    }

    /// A new line at a level, or a blank where all is one line.
    fn line(&self, level: usize) -> String {
        match &self.indent {
            Some(indent) => format!("\n{}", indent.repeat(level)),
            None => " ".to_owned(),
        }
    }

    /// A source as the list of its lines.
    fn lines(&self, source: &str) -> String {
        if source.is_empty() {
            return "[]".to_owned();
        }
        let lines: Vec<String> = source
            .split_inclusive('\n')
            .map(|line| format!("{}{}", self.line(4), quoted(line)))
            .collect();
        format!("[{}{}]", lines.join(","), self.line(3))
    }
}
