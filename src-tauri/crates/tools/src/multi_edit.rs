//! `multi_edit`: several exact replacements in one file, all or none.

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
use crate::edit::{Piece, Reach};
use crate::place;
use crate::text::counted;

/// Edits of one call; more are a new content.
const EDITS: usize = 200;

/// The tool.
pub(crate) struct MultiEdit;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The file; relative to the workspace, absolute, or starting with `~`.
    path: String,
    /// The replacements, one after the other.
    edits: Vec<Replacement>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Replacement {
    /// The text to replace, exactly as in the file, without line numbers.
    old_text: String,
    /// What takes its place.
    new_text: String,
    /// Replace every occurrence. Default false: there must be exactly one.
    replace_all: Option<bool>,
}

impl Replacement {
    fn piece(&self) -> Piece<'_> {
        Piece {
            old: &self.old_text,
            new: &self.new_text,
            reach: Reach::of(self.replace_all),
        }
    }
}

#[async_trait]
impl Tool for MultiEdit {
    fn name(&self) -> &'static str {
        "multi_edit"
    }

    fn prompt(&self) -> &'static str {
        include_str!("multi_edit.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        false
    }

    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        if input.edits.is_empty() || input.edits.len() > EDITS {
            return Err(InputError(format!(
                "`edits` holds from 1 to {EDITS} edits."
            )));
        }
        for (at, edit) in input.edits.iter().enumerate() {
            edit.piece()
                .check()
                .map_err(|InputError(why)| InputError(format!("Edit {}: {why}", at + 1)))?;
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
    let mut text = draft.text.clone();
    for (at, edit) in input.edits.iter().enumerate() {
        let (next, _) = edit
            .piece()
            .replaced(&text, &draft.name)
            .map_err(|stop| numbered(stop, at + 1, input.edits.len()))?;
        text = next;
    }
    let changed = draft.change(text)?;
    let name = changed.name().to_owned();
    let (details, tally) = changed.write(ctx)?;
    let answer = format!(
        "Made {} in `{name}`: {} added, {} removed.",
        counted(input.edits.len(), "edit"),
        counted(tally.added, "line"),
        tally.removed
    );
    Ok(ToolOutput::ok(answer).with_details(details))
}

fn numbered(stop: Stop, number: usize, of: usize) -> Stop {
    match stop {
        Stop::Failed(why) => Stop::Failed(format!("Edit {number} of {of}: {why}")),
        Stop::Cancelled => Stop::Cancelled,
    }
}
