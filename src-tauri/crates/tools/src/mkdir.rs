//! `mkdir`: makes a folder, with those it lies in.

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
use crate::{disk, place};

/// The tool.
pub(crate) struct Mkdir;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The folder to make; relative to the workspace, absolute, or starting with `~`.
    path: String,
}

#[async_trait]
impl Tool for Mkdir {
    fn name(&self) -> &'static str {
        "mkdir"
    }

    fn prompt(&self) -> &'static str {
        include_str!("mkdir.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        false
    }

    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        place::plan_write("Make folder", &input.path, workspace)
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        let work = ctx.clone();
        call::settle(call::blocking(move || make(&input, &work)).await)
    }
}

fn make(input: &Input, ctx: &ToolContext) -> Answer {
    let path = place::absolute(&input.path, &ctx.workspace)?;
    let name = place::shown(&path, &ctx.workspace);
    let real = place::to_write(&path, ctx)?;
    let is_new =
        disk::make_folder(&real).map_err(|error| Stop::Failed(disk::explain(&error, &name)))?;
    let said = if is_new {
        format!("Made the folder `{name}`.")
    } else {
        format!("The folder `{name}` is there already.")
    };
    Ok(ToolOutput::ok(said).with_details(json!({"path": name, "created": is_new})))
}
