//! `code_outline`: what a file defines, or each file of a folder, read from
//! syntax trees.

mod file;
mod folder;
mod pick;
#[cfg(test)]
mod tests;

use std::path::Path;

use async_trait::async_trait;
use outline::Kind;
use permission::{CallPlan, Grant};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use tool::{InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call::{self, Answer};
use crate::place;
use crate::walk::Start;

/// Levels of symbols shown at most.
const DEPTH_MAX: usize = 8;

/// The tool.
pub(crate) struct CodeOutline;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The file or folder. Default: the workspace.
    path: Option<String>,
    /// Levels of symbols to show. Default 3 for a file, 1 for a folder; at most 8.
    #[schemars(range(min = 1, max = 8))]
    depth: Option<usize>,
    /// Only symbols of these kinds, with what they lie in.
    kinds: Option<Vec<Kind>>,
}

#[async_trait]
impl Tool for CodeOutline {
    fn name(&self) -> &'static str {
        "code_outline"
    }

    fn prompt(&self) -> &'static str {
        include_str!("code_outline.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        true
    }

    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        if input
            .depth
            .is_some_and(|depth| depth == 0 || depth > DEPTH_MAX)
        {
            return Err(InputError(format!(
                "`depth` must be from 1 to {DEPTH_MAX}."
            )));
        }
        if input.kinds.as_ref().is_some_and(Vec::is_empty) {
            return Err(InputError(
                "`kinds` is empty; leave it out to see all.".to_owned(),
            ));
        }
        place::plan_read("Outline", input.path.as_deref().unwrap_or("."), workspace)
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        let work = ctx.clone();
        call::settle(call::blocking(move || show(&input, &work)).await)
    }
}

fn show(input: &Input, ctx: &ToolContext) -> Answer {
    let start = Start::of(input.path.as_deref(), ctx)?;
    if start.real.is_dir() {
        folder::show(input, &start, ctx)
    } else {
        file::show(input, &start, ctx)
    }
}
