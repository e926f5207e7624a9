//! `web_fetch`: the text of a page, part by part.

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
use web::{Page, Part, Target, View, Web, WebError};

use crate::call::{self, Answer, Stop};
use crate::text::counted;

/// The tool.
pub(crate) struct WebFetch {
    web: Web,
}

impl WebFetch {
    pub(crate) fn with(web: &Web) -> Self {
        Self { web: web.clone() }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The whole address, like `https://docs.rs/serde`.
    url: String,
    /// Where to begin, in bytes, as a part before this one named it. Default 0.
    offset: Option<usize>,
    /// True for the source of the page instead of Markdown. Default false.
    raw: Option<bool>,
}

#[async_trait]
impl Tool for WebFetch {
    fn name(&self) -> &'static str {
        "web_fetch"
    }

    fn prompt(&self) -> &'static str {
        include_str!("web_fetch.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        true
    }

    fn plan(&self, input: &Value, _: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        let target = target(&input.url)?;
        Ok(CallPlan {
            title: "Fetch".to_owned(),
            question: format!("Fetch this page of `{}`?", target.host()),
            subject: target.to_string(),
            accesses: vec![connect(&target)],
        })
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        call::settle(self.fetch(&input, ctx).await)
    }
}

impl WebFetch {
    async fn fetch(&self, input: &Input, ctx: &ToolContext) -> Answer {
        let target = target(&input.url)?;
        let view = match input.raw {
            Some(true) => View::Source,
            _ => View::Readable,
        };
        let page = self.web.fetch(&target, view, &ctx.cancel).await;
        let page = page.map_err(|error| stop(&target, &error))?;
        let offset = input.offset.unwrap_or(0);
        let Some(part) = page.part(offset) else {
            return Err(Stop::failed(format!(
                "The page has {}, so nothing begins at `offset` {offset}.",
                counted(page.text.len(), "byte")
            )));
        };
        Ok(output(&page, part))
    }
}

/// What a URL means, for every tool that takes one.
pub(crate) fn target(url: &str) -> Result<Target, InputError> {
    Target::parse(url).map_err(|error| InputError(format!("`url`: {error}.")))
}

pub(crate) fn connect(target: &Target) -> Access {
    Access::Connect {
        host: target.host().to_string(),
    }
}

/// Why nothing came of a URL, for the model.
pub(crate) fn stop(target: &Target, error: &WebError) -> Stop {
    match error {
        WebError::Cancelled => Stop::Cancelled,
        error => Stop::failed(format!("Nothing came of {target} : {error}.")),
    }
}

fn output(page: &Page, part: Part<'_>) -> ToolOutput {
    let mut content = page.url.to_string();
    if let Some(title) = &page.title {
        content.push_str(&format!("\n{title}"));
    }
    content.push_str(&format!("\n\n{}\n", part.text.trim_end()));
    if page.text.trim().is_empty() {
        content.push_str("(The page has no text; it may be made by a script.)\n");
    }
    if (part.start, part.end) != (0, part.total) {
        content.push_str(&format!(
            "\n(Bytes {} to {} of {}.",
            part.start, part.end, part.total
        ));
        content.push_str(&match part.end < part.total {
            true => format!(" Call again with `offset` {} for more.)\n", part.end),
            false => " This is the end.)\n".to_owned(),
        });
    }
    if page.is_cut && part.end == part.total {
        content.push_str("(The page is too long or too tangled; its end is missing.)\n");
    }
    if page.invisible_count > 0 {
        content.push_str(&format!(
            "({} that nobody sees left out of the page.)\n",
            counted(page.invisible_count, "character")
        ));
    }
    ToolOutput::ok(content).with_details(json!({
        "url": page.url.as_str(),
        "title": page.title,
        "start": part.start,
        "end": part.end,
        "bytes": part.total,
    }))
}
