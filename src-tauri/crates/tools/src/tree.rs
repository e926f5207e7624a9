//! `tree`: folders and files below a folder, as an indented list.

#[cfg(test)]
mod tests;

use std::path::Path;

use async_trait::async_trait;
use ignore::{DirEntry, WalkBuilder};
use permission::{CallPlan, Grant};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tool::{InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call::{self, Answer, Stop};
use crate::place;
use crate::text::{counted, size};
use crate::walk::Start;

/// Levels shown when the model does not say.
const DEPTH: usize = 3;

/// Levels that can be asked for.
const DEPTH_MAX: usize = 20;

/// Entries shown of one folder.
const FOLDER_SHOWN: usize = 60;

/// Lines of an answer.
const LINES: usize = 800;

/// Entries visited at most.
const VISITED: usize = 200_000;

/// The tool.
pub(crate) struct Tree;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The folder. Default: the workspace.
    path: Option<String>,
    /// How many levels to show, from 1 to 20. Default 3.
    #[schemars(range(min = 1, max = 20))]
    depth: Option<usize>,
    /// Show hidden files and folders, too. Default false.
    hidden: Option<bool>,
}

#[async_trait]
impl Tool for Tree {
    fn name(&self) -> &'static str {
        "tree"
    }

    fn prompt(&self) -> &'static str {
        include_str!("tree.md")
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
        place::plan_read("List", input.path.as_deref().unwrap_or("."), workspace)
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        let work = ctx.clone();
        call::settle(call::blocking(move || tree(&input, &work)).await)
    }
}

fn tree(input: &Input, ctx: &ToolContext) -> Answer {
    let start = Start::of(input.path.as_deref(), ctx)?;
    if start.real.is_file() {
        return Err(Stop::failed(format!(
            "`{}` is a file. Use `read` to see what is in it.",
            start.name
        )));
    }
    let mut drawing = Drawing::default();
    let mut visited = 0;
    // Depth first and sorted: a folder's entries follow it.
    let walk = WalkBuilder::new(&start.real)
        .hidden(input.hidden != Some(true))
        .require_git(false)
        .follow_links(false)
        .max_depth(Some(input.depth.unwrap_or(DEPTH)))
        .sort_by_file_name(std::cmp::Ord::cmp)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    for entry in walk.skip(1).take(VISITED) {
        if ctx.cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        visited += 1;
        if let Ok(entry) = entry {
            drawing.add(&entry);
        }
    }
    let mut content = format!(
        "{}/\n{}",
        start.name.trim_end_matches('/'),
        drawing.finish()
    );
    if visited == 0 {
        content.push_str(
            "(Nothing but hidden files or files that `.gitignore` names, or nothing at all.)\n",
        );
    }
    if drawing.lines >= LINES || visited == VISITED {
        content.push_str("(There is more; name a folder in it, or set a smaller `depth`.)\n");
    }
    Ok(ToolOutput::ok(content).with_details(json!({
        "path": start.name,
        "entries": drawing.shown,
    })))
}

/// The list as it grows.
#[derive(Default)]
struct Drawing {
    text: String,
    lines: usize,
    shown: usize,
    /// Entries of the folder at each level, those not shown included.
    counts: Vec<usize>,
}

impl Drawing {
    fn add(&mut self, entry: &DirEntry) {
        let depth = entry.depth();
        self.close(depth);
        if self.counts.len() < depth {
            self.counts.resize(depth, 0);
        }
        // Below a folder that is not shown nothing is.
        let above = self.counts.len().saturating_sub(1);
        if self
            .counts
            .iter()
            .take(above)
            .any(|count| *count > FOLDER_SHOWN)
        {
            return;
        }
        let Some(count) = self.counts.last_mut() else {
            return;
        };
        *count += 1;
        if *count > FOLDER_SHOWN || self.lines >= LINES {
            return;
        }
        self.shown += 1;
        self.line(depth, &described(entry));
    }

    /// Ends the folders deeper than `depth`.
    fn close(&mut self, depth: usize) {
        while self.counts.len() > depth {
            let Some(count) = self.counts.pop() else {
                return;
            };
            if count > FOLDER_SHOWN {
                let more = counted(count - FOLDER_SHOWN, "more entry");
                self.line(self.counts.len() + 1, &format!("… {more}"));
            }
        }
    }

    fn line(&mut self, depth: usize, text: &str) {
        if self.lines < LINES {
            self.lines += 1;
            self.text.push_str(&"  ".repeat(depth));
            self.text.push_str(text);
            self.text.push('\n');
        }
    }

    fn finish(&mut self) -> String {
        self.close(0);
        std::mem::take(&mut self.text)
    }
}

fn described(entry: &DirEntry) -> String {
    // A name may hold anything; one entry stays one line.
    let name = entry.file_name().to_string_lossy();
    let name = name.replace(char::is_control, "\u{fffd}");
    let Some(kind) = entry.file_type() else {
        return name;
    };
    if kind.is_dir() {
        return format!("{name}/");
    }
    if kind.is_symlink() {
        let target = std::fs::read_link(entry.path()).unwrap_or_default();
        let target = target.display().to_string();
        return format!("{name} -> {}", target.replace(char::is_control, "\u{fffd}"));
    }
    match entry.metadata() {
        Ok(metadata) if kind.is_file() => format!("{name}  {}", size(metadata.len())),
        _ => name,
    }
}
