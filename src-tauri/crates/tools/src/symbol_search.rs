//! `symbol_search`: where a name is defined, and where it is used, read from
//! the syntax trees of the files that hold it. There is no index: files
//! without the name are not parsed.

mod found;
#[cfg(test)]
mod tests;
mod wanted;

use std::path::Path;

use async_trait::async_trait;
use grep_matcher::Matcher;
use outline::{Kind, Language, Limits, Outline, Reference, Symbol};
use permission::{CallPlan, Grant};
use protocol::Access;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use tool::{InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call::{self, Answer};
use crate::place;
use crate::source::{self, Source};
use crate::walk::Start;
use found::{Found, Use};
use wanted::{Rank, Wanted};

/// The longest name.
const NAME_BYTES: usize = 200;

/// The tool.
pub(crate) struct SymbolSearch;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The name, its beginning or a part of it; `Type.method` for a member.
    name: String,
    /// Only symbols of this kind.
    kind: Option<Kind>,
    /// The file or folder to search. Default: the workspace.
    path: Option<String>,
    /// Also list where the name is used. Default false.
    references: Option<bool>,
    /// Default false.
    case_sensitive: Option<bool>,
}

#[async_trait]
impl Tool for SymbolSearch {
    fn name(&self) -> &'static str {
        "symbol_search"
    }

    fn prompt(&self) -> &'static str {
        include_str!("symbol_search.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        true
    }

    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        if input.name.trim().is_empty() {
            return Err(InputError("`name` is empty.".to_owned()));
        }
        if input.name.len() > NAME_BYTES {
            return Err(InputError(format!(
                "`name` is longer than {NAME_BYTES} bytes."
            )));
        }
        let path = place::absolute(input.path.as_deref().unwrap_or("."), workspace)?;
        Ok(CallPlan {
            title: "Find symbol".to_owned(),
            question: format!(
                "Look in `{}` for the symbol `{}`?",
                place::shown(&path, workspace),
                input.name
            ),
            subject: input.name,
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
    let wanted = Wanted::new(input)?;
    let start = Start::of(input.path.as_deref(), ctx)?;
    let found = Found::default();
    let holds = wanted.matcher()?;
    let missed = source::each(&start, ctx, |source| {
        let is_held = holds.is_match(source.text.as_bytes()).unwrap_or(true);
        if !is_held || !is_searched(&source, &wanted) {
            return;
        }
        let (outline, used) = read(&source, &wanted, ctx);
        visit(&outline.symbols, None, &mut |symbol, parent| {
            let rank = wanted.rank(symbol, parent);
            if let Some(rank) = rank.filter(|rank| wanted.takes(rank)) {
                found.define(&source, symbol, parent, rank);
            }
        });
        found.add_uses(uses(&source, used));
    })?;
    if !found.is_empty() {
        return Ok(found.finish(&wanted, &start, missed));
    }
    let nearest = Found::default();
    let holds = wanted.near_matcher()?;
    let missed = source::each(&start, ctx, |source| {
        let is_held = holds.is_match(source.text.as_bytes()).unwrap_or(true);
        if !is_held || !is_searched(&source, &wanted) {
            return;
        }
        let outline = source.outline(ctx);
        visit(&outline.symbols, None, &mut |symbol, parent| {
            if let Some(cost) = wanted.distance(symbol) {
                nearest.define(&source, symbol, parent, Rank::Near(cost));
            }
        });
    })?;
    Ok(nearest.finish(&wanted, &start, missed))
}

/// Headings are searched only when they are asked for.
fn is_searched(source: &Source, wanted: &Wanted) -> bool {
    (source.language == Language::Markdown) == (wanted.kind == Some(Kind::Heading))
}

fn visit<'a>(
    symbols: &'a [Symbol],
    parent: Option<&'a Symbol>,
    take: &mut impl FnMut(&'a Symbol, Option<&'a Symbol>),
) {
    for symbol in symbols {
        take(symbol, parent);
        visit(&symbol.children, Some(symbol), take);
    }
}

fn read(source: &Source, wanted: &Wanted, ctx: &ToolContext) -> (Outline, Vec<Reference>) {
    if !wanted.with_uses {
        return (source.outline(ctx), Vec::new());
    }
    let is_stopped = || ctx.cancel.is_cancelled();
    let limits = Limits {
        is_stopped: &is_stopped,
        ..Limits::default()
    };
    let (outline, used) =
        outline::outline_and_references(source.language, &source.text, &wanted.name, &limits);
    (outline, used.found)
}

fn uses(source: &Source, used: Vec<Reference>) -> Vec<Use> {
    let mut lines = source.text.lines().enumerate();
    let mut uses = Vec::with_capacity(used.len());
    for reference in used {
        // Both go up, so the lines are gone through once.
        let line = lines.find(|(index, _)| index + 1 == reference.line);
        uses.push(Use {
            path: source.name.clone(),
            line: reference.line,
            within: reference.within,
            text: found::excerpt(line.map_or("", |(_, text)| text)),
        });
    }
    uses
}
