//! The way out: one client for all providers of a process, built when it is
//! first needed.
//!
//! Loopback servers are reached without TLS, proxies or redirects by a bare
//! client, because loading the system's certificates alone (290 files on
//! Debian) costs more time than a whole start may. Everything else goes through
//! reqwest. It knows nothing of providers or retries, but remembers what a
//! server did not know, for as long as the process runs.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client as BareClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderValue, USER_AGENT};

use crate::wire::Concession;

/// Longest wait for a connection. A server that is up answers a handshake in
/// far less, even over a bad mobile line.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Idle connections are dropped before servers and NATs usually do it.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(55);

const AGENT: &str = concat!("familiar/", env!("CARGO_PKG_VERSION"));

/// What is said instead by [`HttpClient::unnamed`].
const UNNAMED: &str = "client";

/// A handle on the shared client; clones share connections.
#[derive(Debug, Clone)]
pub struct HttpClient {
    inner: Arc<Inner>,
    agent: &'static str,
}

impl Default for HttpClient {
    fn default() -> Self {
        Self {
            inner: Arc::default(),
            agent: AGENT,
        }
    }
}

#[derive(Debug, Default)]
struct Inner {
    bare: OnceLock<BareClient<HttpConnector, Full<Bytes>>>,
    full: tokio::sync::OnceCell<reqwest::Client>,
    conceded: Mutex<HashMap<String, Vec<Concession>>>,
}

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) url: hyper::Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The head of an answer and the bytes to come.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

/// The bytes of an answer; errors are words.
pub(crate) type Body = BoxStream<'static, Result<Bytes, String>>;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SendError {
    /// No connection came about.
    Connect(String),
    /// There was a connection, but no answer.
    Broken(String),
}

impl HttpClient {
    /// A handle; nothing is built yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same client, which does not say the program's name.
    #[must_use]
    pub fn unnamed(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            agent: UNNAMED,
        }
    }

    /// Builds what requests to this base URL will need, off the runtime's
    /// threads, so that the first request does not wait for certificates.
    pub async fn warm(&self, base_url: &str) {
        if let Ok(url) = base_url.parse::<hyper::Uri>()
            && !is_bare(&url)
            && let Err(error) = self.full().await
        {
            tracing::warn!(?error, "the HTTP client cannot be built");
        }
    }

    /// What the server at a place is known not to know.
    pub(crate) fn conceded(&self, place: &str) -> Vec<Concession> {
        let conceded = self.inner.conceded.lock();
        let conceded = conceded.unwrap_or_else(PoisonError::into_inner);
        conceded.get(place).cloned().unwrap_or_default()
    }

    /// Remembers that the server at a place does not know something.
    pub(crate) fn concede(&self, place: &str, concession: Concession) {
        let conceded = self.inner.conceded.lock();
        let mut conceded = conceded.unwrap_or_else(PoisonError::into_inner);
        conceded
            .entry(place.to_owned())
            .or_default()
            .push(concession);
    }

    pub(crate) async fn send(&self, call: Call) -> Result<Answer, SendError> {
        if is_bare(&call.url) {
            self.send_bare(call).await
        } else {
            self.send_full(call).await
        }
    }

    async fn send_bare(&self, call: Call) -> Result<Answer, SendError> {
        let mut request = hyper::Request::new(Full::new(call.body));
        *request.method_mut() = call.method;
        *request.uri_mut() = call.url;
        *request.headers_mut() = call.headers;
        request
            .headers_mut()
            .insert(USER_AGENT, HeaderValue::from_static(self.agent));
        let client = self.inner.bare.get_or_init(build_bare);
        let response = client.request(request).await.map_err(|error| {
            let words = root_words(&error);
            if error.is_connect() {
                SendError::Connect(words)
            } else {
                SendError::Broken(words)
            }
        })?;
        let (head, body) = response.into_parts();
        let body = body
            .into_data_stream()
            .map(|part| part.map_err(|error| root_words(&error)));
        Ok(Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body: body.boxed(),
        })
    }

    async fn send_full(&self, call: Call) -> Result<Answer, SendError> {
        let client = self.full().await?;
        let request = client
            .request(call.method, call.url.to_string())
            .headers(call.headers)
            .header(USER_AGENT, self.agent)
            .body(call.body);
        let response = request.send().await.map_err(|error| {
            let words = root_words(&error);
            if error.is_connect() || error.is_builder() {
                SendError::Connect(words)
            } else {
                SendError::Broken(words)
            }
        })?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response
            .bytes_stream()
            .map(|part| part.map_err(|error| root_words(&error)));
        Ok(Answer {
            status,
            headers,
            body: body.boxed(),
        })
    }

    async fn full(&self) -> Result<&reqwest::Client, SendError> {
        let build = async || match tokio::task::spawn_blocking(build_full).await {
            Ok(built) => built.map_err(|error| SendError::Connect(root_words(&error))),
            Err(error) => Err(SendError::Connect(error.to_string())),
        };
        self.inner.full.get_or_try_init(build).await
    }
}

fn build_bare() -> BareClient<HttpConnector, Full<Bytes>> {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
    BareClient::builder(TokioExecutor::new())
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .build(connector)
}

fn build_full() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .build()
}

fn is_bare(url: &hyper::Uri) -> bool {
    let host = url.host().unwrap_or_default();
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<std::net::IpAddr>();
    let is_loopback = host.eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address| address.is_loopback());
    is_loopback && url.scheme_str() == Some("http")
}

/// The innermost cause: the outer layers only say that sending failed, and
/// may carry the URL.
fn root_words(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
