//! `write`: makes a file, or replaces the whole content of one that was read.

#[cfg(test)]
mod tests;

use std::path::Path;

use async_trait::async_trait;
use permission::{CallPlan, Grant};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use tool::{Extent, InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call::{self, Answer, Stop};
use crate::disk::{self, FILE_BYTES, Loaded};
use crate::draft::Changed;
use crate::place;
use crate::text::{self, counted};

/// The tool.
pub(crate) struct Write;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The file; relative to the workspace, absolute, or starting with `~`.
    path: String,
    /// The whole content of the file.
    content: String,
}

#[async_trait]
impl Tool for Write {
    fn name(&self) -> &'static str {
        "write"
    }

    fn prompt(&self) -> &'static str {
        include_str!("write.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        false
    }

    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        if input.content.len() as u64 > FILE_BYTES {
            return Err(InputError(format!(
                "`content` has {}; the most is {}.",
                text::size(input.content.len() as u64),
                text::size(FILE_BYTES)
            )));
        }
        if input.path.ends_with('/') {
            return Err(InputError(
                "The path names a folder; give a file.".to_owned(),
            ));
        }
        place::plan_write("Write", &input.path, workspace)
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        let work = ctx.clone();
        call::settle(call::blocking(move || write(&input, &work)).await)
    }
}

fn write(input: &Input, ctx: &ToolContext) -> Answer {
    let path = place::absolute(&input.path, &ctx.workspace)?;
    let name = place::shown(&path, &ctx.workspace);
    let real = place::to_write(&path, ctx)?;
    let before = disk::load(&real, &name)?;
    if let Some(before) = &before {
        check_seen(&real, &name, before, ctx)?;
    }
    let changed = Changed::whole(name.clone(), real, before, &input.content)?;
    let created = changed.creates();
    let (details, tally) = changed.write(ctx)?;
    let answer = if created {
        format!(
            "Created `{name}` with {}.",
            counted(input.content.lines().count(), "line")
        )
    } else {
        format!(
            "Wrote `{name}`: {} added, {} removed.",
            counted(tally.added, "line"),
            tally.removed
        )
    };
    Ok(ToolOutput::ok(answer).with_details(details))
}

/// A file that exists is replaced only when the model knows all of it.
fn check_seen(real: &Path, name: &str, before: &Loaded, ctx: &ToolContext) -> Result<(), Stop> {
    let seen = ctx.files.seen(real);
    if before.bytes.is_empty() {
        return Ok(());
    }
    Err(Stop::failed(match seen {
        Some(seen) if !seen.matches(&before.bytes) => {
            format!(
                "`{name}` has changed since you last read it; nothing was written. Read it again."
            )
        }
        Some(seen) if seen.extent == Extent::Part => {
            format!(
                "You have seen only a part of `{name}`; nothing was written. Read all of it, or change parts with `edit`."
            )
        }
        Some(_) => return Ok(()),
        None => format!(
            "`{name}` exists and you have not read it; nothing was written. Read it first, or change parts with `edit`."
        ),
    }))
}
