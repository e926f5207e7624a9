//! `notebook_edit`: one cell of a Jupyter notebook becomes another, comes or
//! goes.

#[cfg(test)]
mod tests;

use std::path::Path;

use async_trait::async_trait;
use permission::{CallPlan, Grant};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use tool::{InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call::{self, Answer, Stop};
use crate::draft::Draft;
use crate::notebook::{Change, NewCell, Notebook, changed};
use crate::place;
use crate::text::counted;

/// The tool.
pub(crate) struct NotebookEdit;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The notebook; relative to the workspace, absolute, or starting with `~`.
    path: String,
    /// What to do with the cell.
    action: Action,
    /// The number of the cell, from 1. With `insert` the cell it comes after, or 0.
    cell: usize,
    /// The new source; not with `delete`.
    source: Option<String>,
    /// The kind of an inserted cell. Default `code`.
    cell_type: Option<CellType>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Action {
    Replace,
    Insert,
    Delete,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum CellType {
    Code,
    Markdown,
    Raw,
}

impl CellType {
    fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Markdown => "markdown",
            Self::Raw => "raw",
        }
    }
}

#[async_trait]
impl Tool for NotebookEdit {
    fn name(&self) -> &'static str {
        "notebook_edit"
    }

    fn prompt(&self) -> &'static str {
        include_str!("notebook_edit.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        false
    }

    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        let wrong = |why: &str| Err(InputError(why.to_owned()));
        match (input.action, input.cell, &input.source) {
            (Action::Replace | Action::Insert, _, None) => return wrong("`source` is missing."),
            (Action::Delete, _, Some(_)) => return wrong("`delete` takes no `source`."),
            (Action::Replace | Action::Delete, 0, _) => return wrong("`cell` counts from 1."),
            _ => {}
        }
        if input.cell_type.is_some() && input.action != Action::Insert {
            return wrong("`cell_type` is for `insert` only.");
        }
        place::plan_write("Edit", &input.path, workspace)
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        let work = ctx.clone();
        call::settle(call::blocking(move || edit(&input, &work)).await)
    }
}

fn edit(input: &Input, ctx: &ToolContext) -> Answer {
    let draft = Draft::open(&input.path, ctx)?;
    let notebook = Notebook::of(&draft.text)
        .map_err(|why| Stop::failed(format!("`{}` was not changed: {why}.", draft.name)))?;
    let count = notebook.cells.len();
    let new = changed(&notebook, &input.change()).ok_or_else(|| {
        Stop::failed(format!(
            "`{}` has {}; there is no cell {}. Nothing was changed.",
            draft.name,
            counted(count, "cell"),
            input.cell
        ))
    })?;
    let changed = draft.change(new)?;
    let name = changed.name().to_owned();
    let (details, _) = changed.write(ctx)?;
    let answer = match input.action {
        Action::Replace => format!("Replaced cell {} of `{name}`.", input.cell),
        Action::Insert => format!("Inserted cell {} into `{name}`.", input.cell + 1),
        Action::Delete => format!("Deleted cell {} of `{name}`.", input.cell),
    };
    Ok(ToolOutput::ok(answer).with_details(details))
}

impl Input {
    fn change(&self) -> Change<'_> {
        let source = self.source.as_deref().unwrap_or_default();
        let cell = self.cell.saturating_sub(1);
        match self.action {
            Action::Replace => Change::Replace { cell, source },
            Action::Delete => Change::Delete { cell },
            Action::Insert => Change::Insert {
                at: self.cell,
                cell: NewCell {
                    kind: self.cell_type.unwrap_or(CellType::Code).name(),
                    source,
                },
            },
        }
    }
}
