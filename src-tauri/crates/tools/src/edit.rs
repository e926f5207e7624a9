//! `edit`: replaces an exact piece of a file and leaves every other byte as
//! it is, line endings and byte order mark included.

mod nearest;
mod splice;
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
use crate::place;
use crate::text::counted;
pub(crate) use splice::{Lines, Place, Reach};

/// Line numbers listed when a piece stands at several places.
const LISTED_PLACES: usize = 10;

/// The tool.
pub(crate) struct Edit;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The file; relative to the workspace, absolute, or starting with `~`.
    path: String,
    /// The text to replace, exactly as in the file, without line numbers.
    old_text: String,
    /// What takes its place.
    new_text: String,
    /// Replace every occurrence. Default false: there must be exactly one.
    replace_all: Option<bool>,
}

#[async_trait]
impl Tool for Edit {
    fn name(&self) -> &'static str {
        "edit"
    }

    fn prompt(&self) -> &'static str {
        include_str!("edit.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        false
    }

    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        let piece = Piece {
            old: &input.old_text,
            new: &input.new_text,
            reach: Reach::of(input.replace_all),
        };
        piece.check()?;
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
    let piece = Piece {
        old: &input.old_text,
        new: &input.new_text,
        reach: Reach::of(input.replace_all),
    };
    let (new, count) = piece.replaced(&draft.text, &draft.name)?;
    let changed = draft.change(new)?;
    let name = changed.name().to_owned();
    let (details, tally) = changed.write(ctx)?;
    let answer = format!(
        "Edited `{name}`{}: {} added, {} removed.",
        if count > 1 {
            format!(" at {count} places")
        } else {
            String::new()
        },
        counted(tally.added, "line"),
        tally.removed
    );
    Ok(ToolOutput::ok(answer).with_details(details))
}

/// A piece of a text, and what takes its place.
pub(crate) struct Piece<'p> {
    pub(crate) old: &'p str,
    pub(crate) new: &'p str,
    pub(crate) reach: Reach,
}

impl Piece<'_> {
    /// What can be said before the file is known.
    pub(crate) fn check(&self) -> Result<(), InputError> {
        if self.old.is_empty() {
            return Err(InputError(
                "`old_text` is empty. To make a file use `write`.".to_owned(),
            ));
        }
        if self.old == self.new {
            return Err(InputError(
                "`old_text` and `new_text` are the same.".to_owned(),
            ));
        }
        Ok(())
    }

    /// The text with the piece replaced, and at how many places it was.
    pub(crate) fn replaced(&self, text: &str, name: &str) -> Result<(String, usize), Stop> {
        let lines = Lines::of(text);
        let places = lines.find(self.old);
        match (places.len(), self.reach) {
            (0, _) => Err(Stop::failed(nearest::explain(text, self.old, name))),
            (1, _) | (_, Reach::All) => Ok((lines.splice(&places, self.new), places.len())),
            (count, Reach::One) => Err(Stop::failed(ambiguous(&lines, &places, count, name))),
        }
    }
}

fn ambiguous(lines: &Lines<'_>, places: &[splice::Place], count: usize, name: &str) -> String {
    let mut numbers: Vec<String> = places
        .iter()
        .take(LISTED_PLACES)
        .map(|place| lines.number(place).to_string())
        .collect();
    if count > LISTED_PLACES {
        numbers.push("…".to_owned());
    }
    format!(
        "`old_text` stands at {count} places in `{name}` (lines {}); nothing was changed. Add surrounding lines until it is unique, or set `replace_all`.",
        numbers.join(", ")
    )
}
