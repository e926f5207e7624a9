//! Searching the web with an engine that the user chose. What comes back is
//! titles, addresses and snippets, cleaned and counted.

mod brave;
mod searxng;
mod tavily;
#[cfg(test)]
mod tests;

use std::time::Duration;

use protocol::Host;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::client::Client;
use crate::error::told;
use crate::target::{Target, TargetError};
use crate::tidy::one_line;
use crate::{WebError, body, html};

/// The most results of one search.
pub const RESULTS_MAX: usize = 20;

/// Said where no engine was chosen.
pub const NO_SEARCH: &str = "No search engine is set up. Ask the user to set `search_url` to a SearXNG server of theirs, or a key for Brave Search (BRAVE_API_KEY) or Tavily (TAVILY_API_KEY). A page whose address is known can be fetched without one";

/// How long a search may take.
const SEARCH_TIME: Duration = Duration::from_secs(30);

/// The most bytes of an answer: 20 results have some 50 KiB.
const ANSWER_BYTES: usize = 2 * 1024 * 1024;

/// The most characters of a title and of a snippet.
const TITLE_CHARS: usize = 200;
const SNIPPET_CHARS: usize = 500;

/// The longest address in bytes that is told.
const URL_BYTES: usize = 2000;

/// A key of a search engine. It prints as `SearchKey(…)`, never as itself.
#[derive(Clone, PartialEq, Eq)]
pub struct SearchKey(String);

impl SearchKey {
    /// Takes a key as pasted; white space around it is no part of it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The key as a header, marked as secret; none when it cannot be one.
    fn header(&self, before: &str) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&format!("{before}{}", self.0)).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl std::fmt::Debug for SearchKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SearchKey(…)")
    }
}

/// Which engine, and what it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchConfig {
    /// A SearXNG server that the user runs or trusts; it may be in the house.
    Searxng {
        /// Where it is.
        base_url: String,
    },
    /// Brave Search.
    Brave(SearchKey),
    /// Tavily.
    Tavily(SearchKey),
}

impl SearchConfig {
    /// Whether it can be used.
    ///
    /// # Errors
    /// What is wrong with its address.
    pub fn check(&self) -> Result<(), TargetError> {
        Engine::new(self.clone()).map(drop)
    }
}

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The words.
    pub text: String,
    /// How many results are wanted, at most [`RESULTS_MAX`].
    pub count: usize,
    /// Only pages of this host.
    pub site: Option<Host>,
}

/// One result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Its title.
    pub title: String,
    /// Its address, not judged by anybody yet.
    pub url: String,
    /// What it says about the matter.
    pub snippet: String,
}

/// How one engine is spoken to.
trait Backend: std::fmt::Debug + Send + Sync {
    fn name(&self) -> &'static str;

    /// Where it is asked.
    fn place(&self) -> &Target;

    /// Whether the user named the place, which may then be in the house.
    fn is_the_users_own(&self) -> bool {
        false
    }

    fn ask(&self, query: &Query) -> Request;

    /// The results in an answer, as they are.
    fn results(&self, answer: &Value) -> Vec<Raw>;

    /// What a refusal most likely means.
    fn refused(&self, status: StatusCode) -> &'static str;
}

struct Request {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Value>,
}

/// A result as the engine tells it.
struct Raw {
    title: String,
    url: String,
    snippet: String,
}

impl Raw {
    /// Reads one result, whose snippet is called `snippet`.
    fn of(result: &Value, snippet: &str) -> Self {
        let text = |key: &str| result[key].as_str().unwrap_or_default().to_owned();
        Self {
            title: text("title"),
            url: text("url"),
            snippet: text(snippet),
        }
    }

    fn all_of(results: &Value, snippet: &str) -> Vec<Self> {
        let all = results.as_array().map(Vec::as_slice).unwrap_or_default();
        all.iter().map(|result| Self::of(result, snippet)).collect()
    }
}

/// A search engine that can be asked.
#[derive(Debug)]
pub struct Engine {
    backend: Box<dyn Backend>,
}

impl Engine {
    /// # Errors
    /// When its address cannot be used.
    pub(crate) fn new(config: SearchConfig) -> Result<Self, TargetError> {
        let backend: Box<dyn Backend> = match config {
            SearchConfig::Searxng { base_url } => Box::new(searxng::Searxng::at(&base_url)?),
            SearchConfig::Brave(key) => Box::new(brave::Brave::with(key)?),
            SearchConfig::Tavily(key) => Box::new(tavily::Tavily::with(key)?),
        };
        Ok(Self { backend })
    }

    /// Its name, for people.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.backend.name()
    }

    /// The host that every query goes to.
    #[must_use]
    pub fn host(&self) -> &Host {
        self.backend.place().host()
    }

    pub(crate) fn is_the_users_own(&self) -> bool {
        self.backend.is_the_users_own()
    }
}

/// Asks `engine`. Redirects are errors: a key goes to one place only.
pub(crate) async fn search(
    client: &Client,
    engine: &Engine,
    query: &Query,
    cancel: &CancellationToken,
) -> Result<Vec<Hit>, WebError> {
    let slow = |_| WebError::Slow {
        host: engine.host().clone(),
        what: "did not answer within 30 seconds",
    };
    let answer = tokio::select! {
        // Cancel-safe: all that is dropped is a connection.
        biased;
        () = cancel.cancelled() => return Err(WebError::Cancelled),
        answer = timeout(SEARCH_TIME, ask(client, engine, query)) => {
            answer.map_err(slow).flatten()?
        }
    };
    let raw = engine.backend.results(&answer).into_iter();
    Ok(raw
        .filter_map(clean)
        .take(query.count.min(RESULTS_MAX))
        .collect())
}

async fn ask(client: &Client, engine: &Engine, query: &Query) -> Result<Value, WebError> {
    let host = engine.host();
    let broken = |why: String| WebError::Broken {
        host: host.clone(),
        why,
    };
    let asked = engine.backend.ask(query);
    let http = client.http(host).await?;
    let mut request = http
        .request(asked.method, asked.url)
        .header(ACCEPT, "application/json")
        .headers(asked.headers);
    if let Some(body) = &asked.body {
        request = request.json(body);
    }
    let response = client.send(host, request).await?;
    let status = response.status();
    if !status.is_success() {
        let why = match engine.backend.refused(status) {
            "" => WebError::Status {
                status: status.as_u16(),
            }
            .to_string(),
            why => why.to_owned(),
        };
        return Err(broken(why));
    }
    let bytes = body::read(host, response, ANSWER_BYTES).await?;
    serde_json::from_slice(&bytes).map_err(|error| broken(told(&format!("no JSON: {error}"))))
}

/// A result that can be shown; none when its address is no address.
fn clean(raw: Raw) -> Option<Hit> {
    let url = Url::parse(raw.url.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.as_str().len() > URL_BYTES {
        return None;
    }
    let line = |text: &str, most| one_line(&html::plain(text), most);
    let title = line(&raw.title, TITLE_CHARS);
    Some(Hit {
        title: match title.is_empty() {
            true => url.host_str().unwrap_or_default().to_owned(),
            false => title,
        },
        url: url.into(),
        snippet: line(&raw.snippet, SNIPPET_CHARS),
    })
}

/// The words with the host they are to be found at, as most engines take it.
fn with_site(query: &Query) -> String {
    match &query.site {
        Some(site) => format!("{} site:{site}", query.text),
        None => query.text.clone(),
    }
}

/// Said of a key that does not open.
fn key_refused(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 | 403 | 422 => "it does not take the key; ask the user to check it",
        429 | 432 | 433 => "the searches of this key are used up for now",
        _ => "",
    }
}
