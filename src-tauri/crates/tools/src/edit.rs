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
use tool::{Extent, FileStamp, InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call::{self, Answer, Stop};
use crate::diff::{self, Change};
use crate::text::{self, BOM, Decoded, counted};
use crate::{disk, place, secret_mark};
use splice::{Lines, Reach};

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
        if input.old_text.is_empty() {
            return Err(InputError(
                "`old_text` is empty. To make a file use `write`.".to_owned(),
            ));
        }
        if input.old_text == input.new_text {
            return Err(InputError(
                "`old_text` and `new_text` are the same.".to_owned(),
            ));
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
    let path = place::absolute(&input.path, &ctx.workspace)?;
    let name = place::shown(&path, &ctx.workspace);
    let real = place::to_write(&path, ctx)?;
    let before = disk::load(&real, &name)?.ok_or_else(|| disk::missing(&real, &name))?;
    let seen = ctx.files.seen(&real);
    if seen.is_some_and(|seen| !seen.matches(&before.bytes)) {
        return Err(Stop::failed(format!(
            "`{name}` has changed since you last read it; nothing was changed. Read it again."
        )));
    }
    let Decoded::Utf8(old) = text::decode(before.bytes.clone()) else {
        return Err(Stop::failed(format!(
            "`{name}` is not UTF-8 text; `edit` cannot change it without damage."
        )));
    };
    let (new, count) = replaced(&old, input, &name)?;
    if new == old {
        return Err(Stop::failed(format!(
            "This would leave `{name}` as it is; nothing was changed."
        )));
    }
    secret_mark::check(&name, Some(&old), &new)?;
    if ctx.cancel.is_cancelled() {
        return Err(Stop::Cancelled);
    }
    disk::replace(&real, &name, new.as_bytes(), Some(&before))?;
    // What was known of the old file, and the edit, are known of the new.
    let extent = seen.map_or(Extent::Part, |seen| seen.extent);
    ctx.files.note(&real, FileStamp::of(new.as_bytes(), extent));

    let (details, tally) = diff::describe(&Change {
        path: &name,
        old: Some(&old),
        new: &new,
    });
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

/// The new content and at how many places it differs.
fn replaced(old: &str, input: &Input, name: &str) -> Result<(String, usize), Stop> {
    let (mark, body) = match old.strip_prefix(BOM) {
        Some(body) => (BOM, body),
        None => ("", old),
    };
    let lines = Lines::of(body);
    let reach = if input.replace_all == Some(true) {
        Reach::All
    } else {
        Reach::One
    };
    let places = lines.find(&input.old_text);
    match (places.len(), reach) {
        (0, _) => Err(Stop::failed(nearest::explain(body, &input.old_text, name))),
        (1, _) | (_, Reach::All) => {
            let body = lines.splice(&places, &input.new_text);
            Ok((format!("{mark}{body}"), places.len()))
        }
        (count, Reach::One) => Err(Stop::failed(ambiguous(&lines, &places, count, name))),
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
