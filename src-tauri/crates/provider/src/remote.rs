//! A model server: a catalogue entry, an address and a key.
//!
//! Ties together the wire's encoder and decoder, one attempt's transport and
//! the rules for further attempts.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt, stream};
use protocol::{Block, ErrorKind, Message};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use crate::attempt::{self, Call};
use crate::catalog::Entry;
use crate::http::HttpClient;
use crate::retry::{RetryPolicy, retrying};
use crate::wire::history;
use crate::wire::{Dialect, Framing, Ids, KeyHeader, Terms, Written, dialect};
use crate::{ApiKey, EventStream, Provider, ProviderError, Request};

/// Longest silence within an answer. Most servers ping every few seconds, so
/// this only strikes when the line is dead. The clock behind it stands still
/// while the machine sleeps.
const IDLE_TIMEOUT: Duration = Duration::from_secs(120);

/// Longest wait for the head of an answer. Local models read a long prompt
/// before they say anything.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(300);

/// How long silence is borne.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Longest wait from sending the request to the head of the answer.
    pub response: Duration,
    /// Longest pause between two bytes of the answer; any byte counts.
    pub idle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            response: RESPONSE_TIMEOUT,
            idle: IDLE_TIMEOUT,
        }
    }
}

/// A provider reached over HTTP, on whatever wire its catalogue entry says.
#[derive(Clone)]
pub struct Remote {
    server: Arc<Server>,
    policy: RetryPolicy,
    /// The conversation as it was last sent. Another one in between costs its
    /// writing, nothing else.
    written: Arc<Mutex<Written>>,
}

/// What all attempts share.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) entry: Entry,
    pub(crate) dialect: &'static dyn Dialect,
    pub(crate) http: HttpClient,
    pub(crate) headers: HeaderMap,
    pub(crate) key: ApiKey,
    pub(crate) patience: Patience,
    base_url: String,
}

impl Remote {
    /// The provider of a catalogue entry at a base URL, which may be another
    /// than the entry's: a gateway, a local server.
    ///
    /// # Errors
    /// When the URL is none, or the key cannot be sent in a header.
    pub fn connect(
        http: HttpClient,
        entry: Entry,
        base_url: &str,
        key: ApiKey,
    ) -> Result<Self, ProviderError> {
        let dialect = dialect(entry.wire);
        let server = Server {
            dialect,
            http,
            headers: headers(dialect, entry.key_header.as_deref(), &key)?,
            key,
            patience: Patience::default(),
            base_url: base_url.trim().trim_end_matches('/').to_owned(),
            entry,
        };
        server.url("model")?;
        Ok(Self {
            server: Arc::new(server),
            policy: RetryPolicy::default(),
            written: Arc::new(Mutex::new(Written::kept())),
        })
    }

    /// The same provider with another retry policy.
    #[must_use]
    pub fn with_retry(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// The same provider with other time limits.
    #[must_use]
    pub fn with_patience(mut self, patience: Patience) -> Self {
        Arc::make_mut(&mut self.server).patience = patience;
        self
    }
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote")
            .field("id", &self.server.entry.id)
            .field("base_url", &self.server.base_url)
            .field("key", &self.server.key)
            .finish_non_exhaustive()
    }
}

impl Provider for Remote {
    fn id(&self) -> &str {
        &self.server.entry.id
    }

    fn stream(&self, mut request: Request) -> EventStream {
        let server = Arc::clone(&self.server);
        let url = match server.url(&request.model) {
            Ok(url) => url,
            Err(error) => return stream::once(async { Err(error) }).boxed(),
        };
        let id = &server.entry.id;
        history::keep_own(&mut request.messages, id, &request.model);
        history::keep_taken(&mut request.messages, |attachment| {
            server.entry.takes(&request.model, attachment.media_type)
        });
        let terms = Terms {
            model: server.entry.model(&request.model),
            chat: &server.entry.chat,
            degree: server.entry.degree(&request.model, request.effort),
        };
        // Nobody waits for another request's encoding.
        let body = match self.written.try_lock() {
            Ok(mut written) => server.dialect.encode(&request, &terms, &mut written),
            Err(_) => server
                .dialect
                .encode(&request, &terms, &mut Written::once()),
        };
        let ids = Ids::new(|| fastrand::u64(..), &request.messages);
        let source = history::source(id, &request.model);
        let expects_words = !request.messages.last().is_some_and(has_results);
        let is_known = terms.model.is_some();
        let blind = !is_known && history::keep_taken(&mut request.messages, |_| false);
        let call = Call {
            url,
            body: Bytes::from(body),
            bare: blind.then(|| {
                let body = server
                    .dialect
                    .encode(&request, &terms, &mut Written::once());
                Bytes::from(body)
            }),
            source,
            expects_words,
            ids,
        };
        let label = server.entry.label.clone();
        let begin = move || attempt::begin(Arc::clone(&server), call.clone());
        retrying(self.policy.clone(), label, begin)
    }
}

fn has_results(message: &Message) -> bool {
    message
        .blocks
        .iter()
        .any(|block| matches!(block, Block::ToolResult(_)))
}

impl Server {
    /// Where requests for a model go.
    fn url(&self, model: &str) -> Result<hyper::Uri, ProviderError> {
        let url = self.dialect.url(&self.base_url, model);
        let is_http = |url: &hyper::Uri| {
            matches!(url.scheme_str(), Some("http" | "https")) && url.host().is_some()
        };
        url.parse()
            .ok()
            .filter(is_http)
            .ok_or_else(|| ProviderError {
                kind: ErrorKind::Config,
                message: format!("The base URL `{}` is not an HTTP address.", self.base_url),
                hint: format!("Use an address like `{}`.", self.entry.base_url),
            })
    }
}

fn headers(
    dialect: &dyn Dialect,
    key_header: Option<&str>,
    key: &ApiKey,
) -> Result<HeaderMap, ProviderError> {
    let accept = match dialect.framing() {
        Framing::Events => "text/event-stream",
        Framing::Lines => "application/x-ndjson",
    };
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT, HeaderValue::from_static(accept));
    for &(name, value) in dialect.headers() {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    if key.is_empty() {
        return Ok(headers);
    }
    let own = key_header.and_then(|name| HeaderName::try_from(name).ok());
    let (name, text) = match (own, dialect.key_header()) {
        (Some(name), _) => (name, key.expose().to_owned()),
        (None, KeyHeader::Bearer) => (AUTHORIZATION, format!("Bearer {}", key.expose())),
        (None, KeyHeader::Named(name)) => (HeaderName::from_static(name), key.expose().to_owned()),
    };
    let mut value = HeaderValue::from_str(&text).map_err(|_| ProviderError {
        kind: ErrorKind::Auth,
        message: "The key has characters no key can have.".to_owned(),
        hint: "Copy the key again, without line breaks.".to_owned(),
    })?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(headers)
}

#[cfg(test)]
mod tests;
