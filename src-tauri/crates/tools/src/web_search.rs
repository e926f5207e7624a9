//! `web_search`: asks the user's search engine.

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use permission::{CallPlan, Grant};
use protocol::{Access, Host};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tool::{InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};
use web::{Engine, Hit, NO_SEARCH, Query, RESULTS_MAX, Web, WebError};

use crate::call::{self, Answer, Stop};

/// Results when the model does not say.
const RESULTS: usize = 8;

/// The longest query in characters, as Brave Search takes it.
const QUERY_CHARS: usize = 400;

/// The tool.
pub(crate) struct WebSearch {
    web: Web,
}

impl WebSearch {
    pub(crate) fn with(web: &Web) -> Self {
        Self { web: web.clone() }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// What to search for.
    query: String,
    /// How many results. Default 8, at most 20.
    #[schemars(range(min = 1, max = 20))]
    count: Option<usize>,
    /// Only pages of this host, like `docs.rs`.
    site: Option<String>,
}

impl Input {
    fn query(&self) -> Result<Query, InputError> {
        let wrong = |why: String| Err(InputError(why));
        let text = self.query.trim();
        if text.is_empty() {
            return wrong("`query` is empty.".to_owned());
        }
        if text.chars().count() > QUERY_CHARS {
            return wrong(format!("`query` is longer than {QUERY_CHARS} characters."));
        }
        if text.contains(char::is_control) {
            return wrong("`query` is more than one line.".to_owned());
        }
        let count = self.count.unwrap_or(RESULTS);
        if count == 0 || count > RESULTS_MAX {
            return wrong(format!("`count` must be from 1 to {RESULTS_MAX}."));
        }
        let site = self.site.as_deref().map(Host::parse).transpose();
        Ok(Query {
            text: text.to_owned(),
            count,
            site: site.map_err(|error| InputError(format!("`site`: {error}.")))?,
        })
    }
}

#[async_trait]
impl Tool for WebSearch {
    fn name(&self) -> &'static str {
        "web_search"
    }

    fn prompt(&self) -> &'static str {
        include_str!("web_search.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        true
    }

    fn plan(&self, input: &Value, _: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        let query = input.query()?;
        let engine = self.engine()?;
        Ok(CallPlan {
            title: "Search".to_owned(),
            question: format!(
                "Search the web with {} (`{}`)?",
                engine.name(),
                engine.host()
            ),
            subject: match query.site {
                Some(site) => format!("{} (on {site})", query.text),
                None => query.text,
            },
            accesses: vec![connect(&engine)],
        })
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        call::settle(self.search(&input, &grant, ctx).await)
    }
}

impl WebSearch {
    fn engine(&self) -> Result<Arc<Engine>, InputError> {
        let engine = self.web.engine();
        engine.ok_or_else(|| InputError(format!("{NO_SEARCH}.")))
    }

    async fn search(&self, input: &Input, grant: &Grant, ctx: &ToolContext) -> Answer {
        let query = input.query()?;
        let engine = self.engine()?;
        // The user may have chosen another in between.
        if !grant.covers(&connect(&engine)) {
            return Err(Stop::failed(
                "Another search engine was chosen just now; nothing was searched. Search again.",
            ));
        }
        let hits = self.web.search(&engine, &query, &ctx.cancel).await;
        let hits = hits.map_err(|error| match error {
            WebError::Cancelled => Stop::Cancelled,
            error => Stop::failed(format!("{} found nothing: {error}.", engine.name())),
        })?;
        Ok(output(&hits, &engine))
    }
}

fn connect(engine: &Engine) -> Access {
    Access::Connect {
        host: engine.host().to_string(),
    }
}

fn output(hits: &[Hit], engine: &Engine) -> ToolOutput {
    let mut content = String::new();
    for (index, hit) in hits.iter().enumerate() {
        content.push_str(&format!("{}. {}\n   {}\n", index + 1, hit.title, hit.url));
        if !hit.snippet.is_empty() {
            content.push_str(&format!("   {}\n", hit.snippet));
        }
    }
    if hits.is_empty() {
        content.push_str("(Nothing was found. Try fewer or other words.)\n");
    }
    let results: Vec<Value> = hits
        .iter()
        .map(|hit| json!({"title": hit.title, "url": hit.url}))
        .collect();
    ToolOutput::ok(content).with_details(json!({
        "engine": engine.name(),
        "results": results,
    }))
}
