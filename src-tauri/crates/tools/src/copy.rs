//! `copy`: makes a second file or folder like one that is there.

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

use crate::call::{self, Answer};
use crate::contents::{self, Contents};
use crate::{disk, place};

/// The tool.
pub(crate) struct Copy;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The file or folder to copy; relative to the workspace, absolute, or starting with `~`.
    from: String,
    /// Where the copy goes, its own name included. Nothing may be there.
    to: String,
}

#[async_trait]
impl Tool for Copy {
    fn name(&self) -> &'static str {
        "copy"
    }

    fn prompt(&self) -> &'static str {
        include_str!("copy.md")
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
        let (shown_from, shown_to) = (place::shown(&from, workspace), place::shown(&to, workspace));
        Ok(CallPlan {
            title: "Copy".to_owned(),
            question: format!("Copy `{shown_from}` to `{shown_to}`?"),
            subject: format!("{shown_from} \u{2192} {shown_to}"),
            accesses: vec![
                Access::Read {
                    path: from.display().to_string(),
                },
                Access::Write {
                    path: to.display().to_string(),
                },
            ],
        })
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        let work = ctx.clone();
        call::settle(call::blocking(move || copy(&input, &work)).await)
    }
}

fn copy(input: &Input, ctx: &ToolContext) -> Answer {
    let (from, to) = place::pair(&input.from, &input.to, &ctx.workspace)?;
    let (from_name, to_name) = (
        place::shown(&from, &ctx.workspace),
        place::shown(&to, &ctx.workspace),
    );
    let source = place::to_read(&from, ctx)?;
    let metadata = source.symlink_metadata();
    let metadata = metadata.map_err(|_| disk::missing(&source, &from_name))?;
    let target = place::free(&to, ctx)?;
    let (copied, links) = if metadata.is_dir() {
        contents::of(&source, &from_name)?;
        let done = disk::copy_folder(&source, &target, &to_name, &ctx.cancel)?;
        (done.contents, done.links)
    } else {
        let bytes = disk::copy_file(&source, &target, &from_name, &ctx.cancel)?;
        (Contents::one(bytes), 0)
    };
    let mut said = format!(
        "Copied `{from_name}` to `{to_name}`: {}.",
        copied.in_words()
    );
    if links > 0 {
        said.push_str(&format!(
            " {} left out, since links are not copied.",
            crate::text::counted(links, "link")
        ));
    }
    Ok(ToolOutput::ok(said).with_details(json!({
        "path": to_name,
        "from": from_name,
        "files": copied.files,
        "bytes": copied.bytes,
    })))
}
