//! `read_many`: several text files in one answer, within one budget.

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
use crate::place;
use crate::read::{Opened, PAGE_BYTES, PAGE_LINES, Part};
use crate::text::counted;

/// Files of one call.
const FILES: usize = 50;

/// Files named in a question.
const NAMED: usize = 3;

/// Room for a file's heading and its notes, in bytes.
const HEADING_BYTES: usize = 300;

/// What a line's number takes, in bytes, with its tab and newline.
const NUMBER_BYTES: usize = 8;

/// The tool.
pub(crate) struct ReadMany;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The files; relative to the workspace, absolute, or starting with `~`.
    paths: Vec<String>,
}

#[async_trait]
impl Tool for ReadMany {
    fn name(&self) -> &'static str {
        "read_many"
    }

    fn prompt(&self) -> &'static str {
        include_str!("read_many.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        true
    }

    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        if input.paths.is_empty() || input.paths.len() > FILES {
            return Err(InputError(format!(
                "`paths` holds from 1 to {FILES} files."
            )));
        }
        let mut names = Vec::new();
        let mut accesses = Vec::new();
        for path in &input.paths {
            let path = place::absolute(path, workspace)?;
            names.push(place::shown(&path, workspace));
            let path = path.display().to_string();
            let access = Access::Read { path };
            if !accesses.contains(&access) {
                accesses.push(access);
            }
        }
        Ok(CallPlan {
            title: "Read".to_owned(),
            question: format!("Read {}?", place::listed(&names, NAMED)),
            subject: names.join(", "),
            accesses,
        })
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        let work = ctx.clone();
        call::settle(call::blocking(move || read(&input, &work)).await)
    }
}

/// A file that was asked for, as far as it could be opened.
type Found = Result<Opened, String>;

fn read(input: &Input, ctx: &ToolContext) -> Answer {
    let mut found: Vec<Found> = Vec::new();
    for path in &input.paths {
        if ctx.cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        found.push(match Opened::of(path, ctx) {
            Ok(opened) => Ok(opened),
            Err(Stop::Failed(why)) => Err(why),
            Err(Stop::Cancelled) => return Err(Stop::Cancelled),
        });
    }
    let sizes: Vec<usize> = found.iter().flatten().map(full_bytes).collect();
    let share = fair_share(
        &sizes,
        PAGE_BYTES.saturating_sub(found.len() * HEADING_BYTES),
    );
    let mut content = String::new();
    let mut files = Vec::new();
    for one in &found {
        match one {
            Ok(opened) => files.push(show(opened, share, &mut content, ctx)?),
            Err(why) => content.push_str(&format!("({why})\n\n")),
        }
    }
    if files.is_empty() {
        return Err(Stop::Failed(content.trim_end().to_owned()));
    }
    let failed = found.len() - files.len();
    Ok(ToolOutput::ok(content).with_details(json!({"files": files, "failed": failed})))
}

fn show(
    opened: &Opened,
    bytes: usize,
    content: &mut String,
    ctx: &ToolContext,
) -> Result<Value, Stop> {
    let part = Part {
        from: 1,
        lines: PAGE_LINES,
        bytes,
    };
    let page = opened.page(&part, ctx)?;
    content.push_str(&format!("==> {} <==\n{}", opened.name, page.text));
    if page.total == 0 {
        content.push_str("(The file is empty.)\n");
    }
    if page.to < page.total {
        content.push_str(&format!(
            "({} of {}; go on with `read` at offset {}.)\n",
            page.to,
            counted(page.total, "line"),
            page.to + 1
        ));
    }
    content.push_str(&opened.remark().unwrap_or_default());
    content.push('\n');
    Ok(json!({"path": opened.name, "to": page.to, "total_lines": page.total}))
}

/// What a file takes when all of it is shown.
fn full_bytes(opened: &Opened) -> usize {
    opened.content.len() + (opened.content.lines().count() + 2) * NUMBER_BYTES
}

/// What each may take so that all fit: the short ones are whole, and the long
/// ones get equal parts.
fn fair_share(sizes: &[usize], room: usize) -> usize {
    let mut sorted = sizes.to_vec();
    sorted.sort_unstable();
    let mut left = room;
    for (at, size) in sorted.iter().enumerate() {
        let share = left / (sorted.len() - at);
        if *size > share {
            return share;
        }
        left -= size;
    }
    room
}
