//! `glob`: finds files by the pattern of their path, newest first.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use async_trait::async_trait;
use globset::{GlobBuilder, GlobMatcher};
use ignore::DirEntry;
use permission::{CallPlan, Grant};
use protocol::Access;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tool::{InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call::{self, Answer};
use crate::place;
use crate::text::counted;
use crate::walk::{self, Hidden, Seen, Start};

/// Files shown at most.
const FILES_SHOWN: usize = 1000;

/// Files remembered for sorting at most.
const FILES_KEPT: usize = 200_000;

/// The longest pattern.
const PATTERN_BYTES: usize = 1000;

/// The tool.
pub(crate) struct Glob;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Like `*.rs`, `src/**/*.ts` or `**/{package,tsconfig}.json`. Without a `/` it matches file names at any depth.
    pattern: String,
    /// The folder to search. Default: the workspace.
    path: Option<String>,
}

#[async_trait]
impl Tool for Glob {
    fn name(&self) -> &'static str {
        "glob"
    }

    fn prompt(&self) -> &'static str {
        include_str!("glob.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        true
    }

    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        Pattern::new(&input.pattern)?;
        let path = place::absolute(input.path.as_deref().unwrap_or("."), workspace)?;
        Ok(CallPlan {
            title: "Find".to_owned(),
            subject: input.pattern.clone(),
            question: format!(
                "Find files like `{}` in `{}`?",
                input.pattern,
                place::shown(&path, workspace)
            ),
            accesses: vec![Access::Read {
                path: path.display().to_string(),
            }],
        })
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        let work = ctx.clone();
        call::settle(call::blocking(move || find(&input, &work)).await)
    }
}

fn find(input: &Input, ctx: &ToolContext) -> Answer {
    let pattern = Pattern::new(&input.pattern)?;
    let start = Start::of(input.path.as_deref(), ctx)?;
    let found: Mutex<Vec<(Reverse<SystemTime>, String)>> = Mutex::default();
    let visit = |entry: &DirEntry| {
        if !pattern.matches(&start.below(entry.path())) {
            return;
        }
        let modified = entry
            .metadata()
            .ok()
            .and_then(|metadata| metadata.modified().ok());
        let line = (
            Reverse(modified.unwrap_or(SystemTime::UNIX_EPOCH)),
            start.named(entry.path()),
        );
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        if found.len() < FILES_KEPT {
            found.push(line);
        }
    };
    let seen = walk::files(&start.real, pattern.hidden(), ctx, || visit)?;
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort();
    let total = found.len();
    let files: Vec<String> = found
        .into_iter()
        .take(FILES_SHOWN)
        .map(|(_, name)| name)
        .collect();
    let mut content: String = files
        .iter()
        .map(|name| format!("{}\n", name.replace(char::is_control, "\u{fffd}")))
        .collect();
    if files.is_empty() {
        content = format!(
            "(No file matches `{}` below `{}`. Files that `.gitignore` names are not searched.)\n",
            input.pattern, start.name
        );
    }
    if total > files.len() {
        content.push_str(&format!(
            "({} more; narrow the pattern.)\n",
            counted(total - files.len(), "file")
        ));
    }
    if seen == Seen::Part || total == FILES_KEPT {
        content.push_str(
            "(The folder is too large to search completely; name a folder in it, there is more.)\n",
        );
    }
    Ok(ToolOutput::ok(content).with_details(json!({"files": files, "total": total})))
}

/// A compiled pattern.
pub(crate) struct Pattern {
    matcher: GlobMatcher,
    on_name: bool,
    hidden: Hidden,
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Result<Self, InputError> {
        if text.trim().is_empty() {
            return Err(InputError(
                "The pattern is empty; try `*` or `**/*.rs`.".to_owned(),
            ));
        }
        if text.len() > PATTERN_BYTES {
            return Err(InputError(format!(
                "The pattern is longer than {PATTERN_BYTES} bytes."
            )));
        }
        if text.starts_with(['/', '~']) || text.split('/').any(|part| part == "..") {
            return Err(InputError(
                "A pattern is relative; name the folder in `path`.".to_owned(),
            ));
        }
        let relative = text.strip_prefix("./").unwrap_or(text);
        let matcher = GlobBuilder::new(relative)
            .literal_separator(true)
            .build()
            .map_err(|error| InputError(format!("The pattern cannot be used: {}.", error.kind())))?
            .compile_matcher();
        // Dots are wanted only when a part of the pattern begins with one.
        let dotted = relative
            .split(['/', '{', ','])
            .any(|part| part.starts_with('.'));
        Ok(Self {
            matcher,
            on_name: !relative.contains('/'),
            hidden: if dotted {
                Hidden::Visited
            } else {
                Hidden::Skipped
            },
        })
    }

    pub(crate) fn hidden(&self) -> Hidden {
        self.hidden
    }

    /// Whether `below`, a path relative to the folder searched, fits.
    pub(crate) fn matches(&self, below: &Path) -> bool {
        if !self.on_name {
            return self.matcher.is_match(below);
        }
        below
            .file_name()
            .is_some_and(|name| self.matcher.is_match(name))
    }
}
