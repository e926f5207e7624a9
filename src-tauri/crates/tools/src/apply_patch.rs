//! `apply_patch`: changes to several text files, all or none.

mod hunk;
mod parse;
#[cfg(test)]
mod tests;
mod unified;

use std::path::Path;

use async_trait::async_trait;
use permission::{CallPlan, Grant};
use protocol::Access;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tool::{InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call::{self, Answer, Stop};
use crate::diff::Tally;
use crate::draft::{self, Changed, Draft};
use crate::place;
use crate::text::{self, counted};
use hunk::Hunk;

/// The longest patch, in bytes.
const PATCH_BYTES: usize = 4 * 1024 * 1024;

/// Files of one patch.
const FILES: usize = 200;

/// Files named in a question.
const NAMED: usize = 3;

/// The tool.
pub(crate) struct ApplyPatch;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The whole patch, from `*** Begin Patch` to `*** End Patch`, or a unified diff.
    patch: String,
}

/// What a patch does to one file.
#[derive(Debug, PartialEq, Eq)]
struct FilePatch {
    path: String,
    action: Action,
}

#[derive(Debug, PartialEq, Eq)]
enum Action {
    /// A new file with this content.
    Add(String),
    Delete,
    Update {
        move_to: Option<String>,
        hunks: Vec<Hunk>,
    },
}

#[async_trait]
impl Tool for ApplyPatch {
    fn name(&self) -> &'static str {
        "apply_patch"
    }

    fn prompt(&self) -> &'static str {
        include_str!("apply_patch.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        false
    }

    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        let mut names: Vec<String> = Vec::new();
        let mut accesses = Vec::new();
        for path in paths(&read(&input)?) {
            let path = place::absolute(path, workspace)?;
            let access = Access::Write {
                path: path.display().to_string(),
            };
            if accesses.contains(&access) {
                let name = place::shown(&path, workspace);
                return Err(InputError(format!(
                    "`{name}` stands in the patch twice; put all its changes in one part."
                )));
            }
            names.push(place::shown(&path, workspace));
            accesses.push(access);
        }
        Ok(CallPlan {
            title: "Patch".to_owned(),
            question: format!("Change {}?", place::listed(&names, NAMED)),
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
        call::settle(call::blocking(move || apply(&input, &work)).await)
    }
}

fn read(input: &Input) -> Result<Vec<FilePatch>, InputError> {
    if input.patch.len() > PATCH_BYTES {
        return Err(InputError(format!(
            "The patch has {}; the most is {}.",
            text::size(input.patch.len() as u64),
            text::size(PATCH_BYTES as u64)
        )));
    }
    let files = parse::patch(&input.patch)?;
    if files.is_empty() || files.len() > FILES {
        return Err(InputError(format!(
            "A patch changes from 1 to {FILES} files; this one has {}.",
            files.len()
        )));
    }
    Ok(files)
}

/// Every path the patch touches.
fn paths(files: &[FilePatch]) -> impl Iterator<Item = &str> {
    files.iter().flat_map(|file| {
        let target = match &file.action {
            Action::Update { move_to, .. } => move_to.as_deref(),
            _ => None,
        };
        std::iter::once(file.path.as_str()).chain(target)
    })
}

fn apply(input: &Input, ctx: &ToolContext) -> Answer {
    let mut changes = Vec::new();
    let mut told = Vec::new();
    for file in read(input)? {
        let (verb, made) = changed(file, ctx)?;
        told.push((verb, made.len()));
        changes.extend(made);
    }
    let names: Vec<String> = changes
        .iter()
        .map(|change| change.name().to_owned())
        .collect();
    let written = draft::write_all(changes, ctx)?;
    let mut lines = String::new();
    let mut at = 0;
    for (verb, count) in told {
        if let (Some(name), Some((_, tally))) = (names.get(at), written.get(at)) {
            lines.push_str(&line(verb, name, tally));
        }
        at += count;
    }
    let files: Vec<Value> = written.into_iter().map(|(details, _)| details).collect();
    Ok(ToolOutput::ok(lines).with_details(json!({ "files": files })))
}

fn line(verb: &str, name: &str, tally: &Tally) -> String {
    format!(
        "{verb} `{name}`: {} added, {} removed.\n",
        counted(tally.added, "line"),
        tally.removed
    )
}

/// What becomes of one file, and the word for it.
fn changed(file: FilePatch, ctx: &ToolContext) -> Result<(&'static str, Vec<Changed>), Stop> {
    match file.action {
        Action::Add(content) => {
            let created = Changed::created(&file.path, &content, ctx)?;
            Ok(("Created", vec![created]))
        }
        Action::Delete => Ok(("Deleted", vec![Draft::open(&file.path, ctx)?.removal()])),
        Action::Update { move_to, hunks } => {
            let draft = Draft::open(&file.path, ctx)?;
            let new = hunk::apply(&draft.text, &hunks, &draft.name)?;
            match move_to {
                Some(target) => Ok(("Moved to", draft.moved(&target, new, ctx)?.into())),
                None => Ok(("Changed", vec![draft.change(new)?])),
            }
        }
    }
}
