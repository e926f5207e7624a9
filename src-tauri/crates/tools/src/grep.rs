//! `grep`: searches file contents with ripgrep's libraries, in process.
//!
//! The answer is the same whatever the order threads finish in: files sorted
//! by path, and of a too long answer the first part of that order.

mod hits;
#[cfg(test)]
mod tests;

use std::path::Path;

use async_trait::async_trait;
use grep_matcher::LineTerminator;
use grep_regex::{RegexMatcher, RegexMatcherBuilder};
use grep_searcher::{BinaryDetection, Searcher, SearcherBuilder};
use ignore::DirEntry;
use permission::{CallPlan, Grant};
use protocol::Access;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tool::{InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call::{self, Answer};
use crate::glob::Pattern;
use crate::place;
use crate::text::counted;
use crate::walk::{self, Hidden, Seen, Start};
use hits::{FileHits, Hits};

/// Lines, or files, shown when the model does not say.
const SHOWN: usize = 200;

/// Lines, or files, shown at most.
const SHOWN_MAX: usize = 2000;

/// Lines of context at most.
const CONTEXT_MAX: usize = 20;

/// The longest pattern.
const PATTERN_BYTES: usize = 4000;

/// Memory a compiled pattern may take.
const PATTERN_SIZE: usize = 10 * 1024 * 1024;

/// The longest line that is searched; files with longer ones are left out.
const LINE_MEMORY: usize = 16 * 1024 * 1024;

/// The tool.
pub(crate) struct Grep;

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// A regular expression (Rust syntax), matched line by line.
    pattern: String,
    /// The file or folder to search. Default: the workspace.
    path: Option<String>,
    /// Only files that match this pattern, like `*.rs` or `src/**/*.ts`.
    glob: Option<String>,
    /// Matching lines, only the names of files, or the number of matching lines in each file. Default `content`.
    output: Option<Show>,
    /// Lines to show around each match. Default 0, at most 20.
    #[schemars(range(max = 20))]
    context: Option<usize>,
    /// Default false.
    case_insensitive: Option<bool>,
    /// Take the pattern as plain text, not as a regular expression. Default false.
    literal: Option<bool>,
    /// How many lines (or files) to show. Default 200, at most 2000.
    #[schemars(range(min = 1, max = 2000))]
    limit: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Show {
    #[default]
    Content,
    Files,
    Count,
}

impl Input {
    fn limit(&self) -> usize {
        self.limit.unwrap_or(SHOWN)
    }

    fn show(&self) -> Show {
        self.output.unwrap_or_default()
    }

    fn matcher(&self) -> Result<RegexMatcher, InputError> {
        let literal = self.literal == Some(true);
        let mut builder = RegexMatcherBuilder::new();
        builder
            .case_insensitive(self.case_insensitive == Some(true))
            .fixed_strings(literal)
            .multi_line(true)
            .crlf(true)
            .size_limit(PATTERN_SIZE)
            .dfa_size_limit(PATTERN_SIZE);
        builder.build(&self.pattern).map_err(|error| {
            let hint = if literal {
                "A pattern cannot span lines"
            } else {
                "To search for plain text set `literal` to true"
            };
            InputError(format!("The pattern cannot be used: {error}\n{hint}."))
        })
    }
}

#[async_trait]
impl Tool for Grep {
    fn name(&self) -> &'static str {
        "grep"
    }

    fn prompt(&self) -> &'static str {
        include_str!("grep.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        true
    }

    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        let wrong = |why: String| Err(InputError(why));
        if input.pattern.is_empty() {
            return wrong("`pattern` is empty.".to_owned());
        }
        if input.pattern.len() > PATTERN_BYTES {
            return wrong(format!("`pattern` is longer than {PATTERN_BYTES} bytes."));
        }
        if input.context.is_some_and(|lines| lines > CONTEXT_MAX) {
            return wrong(format!("`context` is at most {CONTEXT_MAX}."));
        }
        if input
            .limit
            .is_some_and(|limit| limit == 0 || limit > SHOWN_MAX)
        {
            return wrong(format!("`limit` must be from 1 to {SHOWN_MAX}."));
        }
        if let Some(glob) = &input.glob {
            Pattern::new(glob)?;
        }
        let path = place::absolute(input.path.as_deref().unwrap_or("."), workspace)?;
        Ok(CallPlan {
            title: "Search".to_owned(),
            question: format!(
                "Search `{}` for `{}`?",
                place::shown(&path, workspace),
                input.pattern
            ),
            subject: input.pattern,
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
        call::settle(call::blocking(move || search(&input, &work)).await)
    }
}

fn search(input: &Input, ctx: &ToolContext) -> Answer {
    let matcher = input.matcher()?;
    let start = Start::of(input.path.as_deref(), ctx)?;
    let glob = input.glob.as_deref().map(Pattern::new).transpose()?;
    let hits = Hits::new(input.limit(), input.show() == Show::Content);
    // Hidden files are left out even when the glob names them: secrets live
    // there, and only a `path` that names them was judged.
    let seen = walk::files(&start.real, Hidden::Skipped, ctx, || {
        let mut searcher = searcher(input.context.unwrap_or(0));
        let (matcher, hits, start, glob) = (&matcher, &hits, &start, &glob);
        move |entry: &DirEntry| {
            let below = start.below(entry.path());
            if glob.as_ref().is_some_and(|glob| !glob.matches(&below)) {
                return;
            }
            // A folder was judged, not what lies in it.
            if entry.depth() > 0 && permission::secret(&below).is_some() {
                return hits.leave_out();
            }
            let name = start.named(entry.path());
            if !hits.wants(&name) {
                return;
            }
            let mut file = FileHits::new(matcher, hits.lines_per_file(), ctx);
            match searcher.search_path(matcher, entry.path(), &mut file) {
                Ok(()) => hits.add(name, file.into_found()),
                Err(error) => hits.unreadable(&name, &error),
            }
        }
    })?;
    Ok(answer(input, &start, hits, seen))
}

fn searcher(context: usize) -> Searcher {
    SearcherBuilder::new()
        .line_terminator(LineTerminator::crlf())
        .line_number(true)
        .before_context(context)
        .after_context(context)
        .binary_detection(BinaryDetection::quit(0))
        .heap_limit(Some(LINE_MEMORY))
        .build()
}

fn answer(input: &Input, start: &Start, hits: Hits, seen: Seen) -> ToolOutput {
    let (mut content, summary) = hits.finish(input.show());
    if summary.files == 0 {
        content = format!(
            "(Nothing in `{}` matches. Hidden files, and files that `.gitignore` names, are not searched.)\n",
            start.name
        );
    }
    if summary.cut {
        let noun = if input.show() == Show::Content {
            "lines"
        } else {
            "files"
        };
        content.push_str(&format!("(Only the first {} {noun} are shown; there are more. Narrow the search or raise `limit`.)\n", input.limit()));
    }
    if summary.left_out > 0 {
        content.push_str(&format!(
            "({} that may hold secrets left out; to search one name it in `path`.)\n",
            counted(summary.left_out, "file")
        ));
    }
    if summary.unreadable > 0 {
        content.push_str(&format!(
            "({} could not be read.)\n",
            counted(summary.unreadable, "file")
        ));
    }
    if seen == Seen::Part {
        content.push_str(
            "(The folder is too large to search completely; name a folder in it, there is more.)\n",
        );
    }
    ToolOutput::ok(content).with_details(json!({
        "files": summary.files,
        "matches": summary.matches,
        "truncated": summary.cut,
    }))
}
