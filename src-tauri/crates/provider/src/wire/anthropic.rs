//! Anthropic Messages over HTTP and server-sent events.
//!
//! Ties together the request's JSON, one attempt's transport and the decoder
//! of its events; `retry` decides about further attempts.

mod attempt;
mod decode;
mod request;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bytes::Bytes;
use protocol::ErrorKind;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use crate::catalog::{self, Entry, Thinking};
use crate::http::HttpClient;
use crate::retry::{RetryPolicy, retrying};
use crate::{ApiKey, EventStream, Provider, ProviderError, Request};

/// Where Anthropic itself listens.
pub const BASE_URL: &str = "https://api.anthropic.com";

/// The version of the wire this module speaks.
const VERSION: &str = "2023-06-01";

/// Longest silence within an answer. The server pings every few seconds, so
/// this only strikes when the line is dead.
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

/// Anthropic, or any server that speaks its wire.
#[derive(Debug, Clone)]
pub struct Anthropic {
    endpoint: Endpoint,
    policy: RetryPolicy,
}

#[derive(Debug, Clone)]
struct Endpoint {
    http: HttpClient,
    url: hyper::Uri,
    headers: HeaderMap,
    key: ApiKey,
    patience: Patience,
}

/// Read at the first request; a broken entry only costs what it would say.
static CATALOG: LazyLock<Option<Entry>> = LazyLock::new(|| catalog::load(ID).ok());

const ID: &str = "anthropic";

/// The name in messages to the user.
const LABEL: &str = "Anthropic";

impl Anthropic {
    /// A provider at a base URL, with or without `/v1` at its end.
    ///
    /// # Errors
    /// When the URL is none, or the key cannot be sent in a header.
    pub fn new(http: HttpClient, base_url: &str, key: ApiKey) -> Result<Self, ProviderError> {
        let endpoint = Endpoint {
            http,
            url: messages_url(base_url)?,
            headers: headers(&key)?,
            key,
            patience: Patience::default(),
        };
        Ok(Self {
            endpoint,
            policy: RetryPolicy::default(),
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
        self.endpoint.patience = patience;
        self
    }
}

impl Provider for Anthropic {
    fn id(&self) -> &'static str {
        ID
    }

    fn stream(&self, request: Request) -> EventStream {
        let endpoint = Arc::new(self.endpoint.clone());
        let body = Bytes::from(request::encode(&request, thinking(&request.model)));
        let begin = move || attempt::begin(Arc::clone(&endpoint), body.clone());
        retrying(self.policy.clone(), LABEL.to_owned(), begin)
    }
}

fn thinking(model: &str) -> Option<Thinking> {
    CATALOG.as_ref()?.model(model)?.thinking
}

fn messages_url(base_url: &str) -> Result<hyper::Uri, ProviderError> {
    let base = base_url.trim().trim_end_matches('/');
    let base = base.strip_suffix("/v1").unwrap_or(base);
    let url = format!("{base}/v1/messages").parse::<hyper::Uri>().ok();
    let is_http = |url: &hyper::Uri| {
        matches!(url.scheme_str(), Some("http" | "https")) && url.host().is_some()
    };
    url.filter(is_http).ok_or_else(|| ProviderError {
        kind: ErrorKind::Config,
        message: format!("The base URL `{base_url}` is not an HTTP address."),
        hint: format!("Use an address like `{BASE_URL}`."),
    })
}

fn headers(key: &ApiKey) -> Result<HeaderMap, ProviderError> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
    headers.insert(
        HeaderName::from_static("anthropic-version"),
        HeaderValue::from_static(VERSION),
    );
    if !key.is_empty() {
        let mut value = HeaderValue::from_str(key.expose()).map_err(|_| ProviderError {
            kind: ErrorKind::Auth,
            message: "The key has characters no key can have.".to_owned(),
            hint: "Copy the key again, without line breaks.".to_owned(),
        })?;
        value.set_sensitive(true);
        headers.insert(HeaderName::from_static("x-api-key"), value);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests;
