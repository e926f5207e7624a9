//! `move`: gives a file or folder another place, where nothing may be yet.

#[cfg(test)]
mod tests;

use std::path::Path;

use async_trait::async_trait;
use permission::{CallPlan, Grant};
use protocol::Access;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tool::{InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call::{self, Answer, Stop};
use crate::{contents, disk, place};

/// The tool.
pub(crate) struct Move;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The file or folder to move; relative to the workspace, absolute, or starting with `~`.
    from: String,
    /// Where it goes, its own name included. Nothing may be there.
    to: String,
}

#[async_trait]
impl Tool for Move {
    fn name(&self) -> &'static str {
        "move"
    }

    fn prompt(&self) -> &'static str {
        include_str!("move.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        false
    }

    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        let (from, to) = place::pair(&input.from, &input.to, workspace)?;
        if workspace.starts_with(&from) {
            return Err(InputError(
                "The workspace itself, or a folder around it, is not moved.".to_owned(),
            ));
        }
        let (shown_from, shown_to) = (place::shown(&from, workspace), place::shown(&to, workspace));
        let written = |path: &Path| Access::Write {
            path: path.display().to_string(),
        };
        Ok(CallPlan {
            title: "Move".to_owned(),
            question: format!("Move `{shown_from}` to `{shown_to}`?"),
            subject: format!("{shown_from} \u{2192} {shown_to}"),
            accesses: vec![written(&from), written(&to)],
        })
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        let work = ctx.clone();
        call::settle(call::blocking(move || relocate(&input, &work)).await)
    }
}

fn relocate(input: &Input, ctx: &ToolContext) -> Answer {
    let (from, to) = place::pair(&input.from, &input.to, &ctx.workspace)?;
    let (from_name, to_name) = (
        place::shown(&from, &ctx.workspace),
        place::shown(&to, &ctx.workspace),
    );
    let source = place::itself(&from, ctx)?;
    let metadata = source.symlink_metadata();
    let metadata = metadata.map_err(|_| disk::missing(&source, &from_name))?;
    let target = place::free(&to, ctx)?;
    if metadata.is_dir() {
        contents::of(&source, &from_name)?;
    }
    if ctx.cancel.is_cancelled() {
        return Err(Stop::Cancelled);
    }
    disk::rename(&source, &target).map_err(|error| match error.kind() {
        std::io::ErrorKind::CrossesDevices => Stop::failed(format!(
            "`{from_name}` and `{to_name}` are on different disks; nothing was moved. Use `copy`, then `delete`."
        )),
        std::io::ErrorKind::AlreadyExists => {
            Stop::failed(format!("`{to_name}` exists already; nothing was moved."))
        }
        _ => Stop::Failed(disk::explain(&error, &to_name)),
    })?;
    // Its content is as known at the new place as it was at the old one.
    if let Some(stamp) = ctx.files.seen(&source) {
        ctx.files.note(&target, stamp);
    }
    Ok(
        ToolOutput::ok(format!("Moved `{from_name}` to `{to_name}`."))
            .with_details(json!({"path": to_name, "from": from_name})),
    )
}
