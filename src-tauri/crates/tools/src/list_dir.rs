//! `list_dir`: what is in a folder, folders first.

#[cfg(test)]
mod tests;

use std::fs::DirEntry;
use std::path::Path;

use async_trait::async_trait;
use permission::{CallPlan, Grant};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tool::{InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call::{self, Answer, Stop};
use crate::{disk, place, text};

/// Entries shown at most.
const ENTRIES_SHOWN: usize = 1000;

/// Entries looked at, so that the answer is sorted, at most.
const ENTRIES_READ: usize = 100_000;

/// The tool.
pub(crate) struct ListDir;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The folder. Default: the workspace.
    path: Option<String>,
}

#[async_trait]
impl Tool for ListDir {
    fn name(&self) -> &'static str {
        "list_dir"
    }

    fn prompt(&self) -> &'static str {
        include_str!("list_dir.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        true
    }

    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        place::plan_read("List", input.path.as_deref().unwrap_or("."), workspace)
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        let work = ctx.clone();
        call::settle(call::blocking(move || list(&input, &work)).await)
    }
}

fn list(input: &Input, ctx: &ToolContext) -> Answer {
    let path = place::absolute(input.path.as_deref().unwrap_or("."), &ctx.workspace)?;
    let name = place::shown(&path, &ctx.workspace);
    let real = place::to_read(&path, ctx)?;
    if !real.exists() {
        return Err(disk::missing(&real, &name));
    }
    if real.is_file() {
        return Err(Stop::failed(format!(
            "`{name}` is a file. Use `read` to see what is in it."
        )));
    }
    let entries = real
        .read_dir()
        .map_err(|error| Stop::Failed(disk::explain(&error, &name)))?;
    let mut found: Vec<(bool, String, DirEntry)> = Vec::new();
    for entry in entries.take(ENTRIES_READ) {
        if ctx.cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        let entry = entry.map_err(|error| Stop::Failed(disk::explain(&error, &name)))?;
        let is_file = entry.file_type().is_ok_and(|kind| !kind.is_dir());
        found.push((
            is_file,
            entry.file_name().to_string_lossy().into_owned(),
            entry,
        ));
    }
    found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let mut content: String = found
        .iter()
        .take(ENTRIES_SHOWN)
        .map(|(_, name, entry)| line(name, entry))
        .collect();
    if found.is_empty() {
        content.push_str("(The folder is empty.)\n");
    }
    if found.len() > ENTRIES_SHOWN {
        let more = if found.len() < ENTRIES_READ {
            ""
        } else {
            "at least "
        };
        content.push_str(&format!(
            "({more}{} more entries are not shown; use `glob` with a pattern.)\n",
            found.len() - ENTRIES_SHOWN
        ));
    }
    Ok(ToolOutput::ok(content).with_details(json!({"path": name, "entries": found.len()})))
}

fn line(name: &str, entry: &DirEntry) -> String {
    // A name may hold anything; one entry stays one line.
    let name = name.replace(char::is_control, "\u{fffd}");
    let Ok(metadata) = entry.metadata() else {
        return format!("{name}\n");
    };
    if metadata.is_dir() {
        return format!("{name}/\n");
    }
    if metadata.is_symlink() {
        let target = std::fs::read_link(entry.path()).unwrap_or_default();
        return format!("{name}  -> {}\n", target.display());
    }
    if metadata.is_file() {
        return format!("{name}  {}\n", text::size(metadata.len()));
    }
    format!("{name}  (not a regular file)\n")
}
