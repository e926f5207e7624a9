//! `delete`: moves a file or folder to the trash, never away for good.

#[cfg(test)]
mod tests;

use std::path::Path;

use async_trait::async_trait;
use permission::{CallPlan, Grant};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tool::{InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call::{self, Answer, Stop};
use crate::contents::{self, Contents};
use crate::{disk, place};

/// The tool.
pub(crate) struct Delete;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The file or folder; relative to the workspace, absolute, or starting with `~`.
    path: String,
}

#[async_trait]
impl Tool for Delete {
    fn name(&self) -> &'static str {
        "delete"
    }

    fn prompt(&self) -> &'static str {
        include_str!("delete.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        false
    }

    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        let path = place::absolute(&input.path, workspace)?;
        if workspace.starts_with(&path) {
            return Err(InputError(
                "The workspace itself, or a folder around it, is not deleted.".to_owned(),
            ));
        }
        place::plan_write("Delete", &input.path, workspace)
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        let work = ctx.clone();
        call::settle(call::blocking(move || delete(&input, &work)).await)
    }
}

fn delete(input: &Input, ctx: &ToolContext) -> Answer {
    let path = place::absolute(&input.path, &ctx.workspace)?;
    let name = place::shown(&path, &ctx.workspace);
    let real = place::itself(&path, ctx)?;
    let metadata = real.symlink_metadata();
    let metadata = metadata.map_err(|_| disk::missing(&real, &name))?;
    let held = if metadata.is_dir() {
        contents::of(&real, &name)?
    } else {
        Contents::one(metadata.len())
    };
    if ctx.cancel.is_cancelled() {
        return Err(Stop::Cancelled);
    }
    ctx.trash.put(&real).map_err(|error| {
        Stop::failed(format!(
            "The trash does not take `{name}` ({error}); nothing was deleted. To delete it for good use `bash` with `rm`."
        ))
    })?;
    let what = if metadata.is_dir() {
        format!("the folder `{name}` with {}", held.in_words())
    } else {
        format!("`{name}`")
    };
    Ok(ToolOutput::ok(format!("Moved {what} to the trash."))
        .with_details(json!({"path": name, "files": held.files, "bytes": held.bytes})))
}
