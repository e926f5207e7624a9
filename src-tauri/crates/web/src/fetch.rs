//! From a URL to a page: the request, the redirects that may be followed, the
//! text.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Response;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::WebError;
use crate::body::{self, ACCEPTED_ENCODING};
use crate::cache::Cache;
use crate::client::Client;
use crate::error::told;
use crate::html;
use crate::media::{ContentType, Media};
use crate::page::Page;
use crate::target::Target;
use crate::tidy::{one_line, tidy};

/// How long a page may take from the first connection to the last byte.
pub(crate) const PAGE_TIME: Duration = Duration::from_secs(30);

/// The most bytes of a page, unpacked.
const PAGE_BYTES: usize = 5 * 1024 * 1024;

/// The most redirects that are followed; browsers allow 20, and pages for
/// reading need one or two.
const REDIRECTS: usize = 5;

/// Pages under way at a time; more wait. Each may hold its bytes, its text and
/// its Markdown.
const AT_ONCE: usize = 4;

/// The most characters of a title.
const TITLE_CHARS: usize = 200;

/// What is liked best comes first.
const ACCEPTED: &str =
    "text/markdown, text/html;q=0.9, text/plain;q=0.8, application/json;q=0.8, */*;q=0.1";

/// How a page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// As Markdown, without what is there for looks.
    Readable,
    /// As it came.
    Source,
}

/// Fetches pages.
#[derive(Debug)]
pub(crate) struct Fetcher {
    client: Arc<Client>,
    cache: Cache,
    places: Semaphore,
}

impl Fetcher {
    pub fn new(client: Arc<Client>) -> Self {
        Self {
            client,
            cache: Cache::default(),
            places: Semaphore::new(AT_ONCE),
        }
    }

    /// The page at `target`; a cancel ends it at once.
    pub async fn fetch(
        &self,
        target: &Target,
        view: View,
        cancel: &CancellationToken,
    ) -> Result<Arc<Page>, WebError> {
        if let Some(page) = self.cache.get(target.url(), view, Instant::now()) {
            return Ok(page);
        }
        let load = async {
            // The semaphore is never closed.
            let _place = self.places.acquire().await;
            let slow = |_| WebError::Slow {
                host: target.host().clone(),
                what: "did not send all of it within 30 seconds",
            };
            let loaded = timeout(PAGE_TIME, self.load(target, view)).await;
            loaded.map_err(slow).flatten()
        };
        let page = tokio::select! {
            // Cancel-safe: all that is dropped is a connection.
            biased;
            () = cancel.cancelled() => return Err(WebError::Cancelled),
            page = load => Arc::new(page?),
        };
        self.cache.put(target.url(), view, &page, Instant::now());
        Ok(page)
    }

    async fn load(&self, target: &Target, view: View) -> Result<Page, WebError> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(ACCEPTED));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(ACCEPTED_ENCODING));
        let (found, response) = follow(&self.client, target, &headers).await?;
        let said = response.headers().get(CONTENT_TYPE);
        let said = said.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let content_type = ContentType::parse(&said.unwrap_or_default());
        if let Media::Other(what) = &content_type.media {
            return Err(WebError::NotText { what: what.clone() });
        }
        let bytes = body::read(found.host(), response, PAGE_BYTES).await?;
        let host = found.host().clone();
        let read = tokio::task::spawn_blocking(move || read(&found, &content_type, &bytes, view));
        read.await.map_err(|error| WebError::Broken {
            host,
            why: told(&error.to_string()),
        })?
    }
}

/// Follows redirects as far as what was judged covers them.
///
/// # Errors
/// When one leads elsewhere, there are too many, or there is no answer.
pub(crate) async fn follow(
    client: &Client,
    start: &Target,
    headers: &HeaderMap,
) -> Result<(Target, Response), WebError> {
    let mut target = start.clone();
    for _ in 0..=REDIRECTS {
        let http = client.http(target.host()).await?;
        let request = http.get(target.url().clone()).headers(headers.clone());
        let response = client.send(target.host(), request).await?;
        let status = response.status();
        if status.is_success() {
            return Ok((target, response));
        }
        if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
            return Err(WebError::Status {
                status: status.as_u16(),
            });
        }
        target = next(&target, &response)?;
    }
    Err(WebError::TooManyRedirects { most: REDIRECTS })
}

/// Where a redirect leads, when that was judged.
fn next(target: &Target, response: &Response) -> Result<Target, WebError> {
    let bad = |why: String| WebError::BadRedirect { why };
    let location = response
        .headers()
        .get(LOCATION)
        .ok_or_else(|| bad("it does not say where to".to_owned()))?;
    let location = std::str::from_utf8(location.as_bytes())
        .map_err(|_| bad("its address is no text".to_owned()))?;
    let next = target
        .join(location)
        .map_err(|error| bad(error.to_string()))?;
    if target.covers(&next) {
        Ok(next)
    } else {
        Err(WebError::Redirects { to: next })
    }
}

fn read(
    found: &Target,
    content_type: &ContentType,
    bytes: &[u8],
    view: View,
) -> Result<Page, WebError> {
    let (media, text) = content_type
        .text_of(bytes)
        .map_err(|what| WebError::NotText { what })?;
    let (title, text, is_cut) = match (media, view) {
        (Media::Html, View::Readable) => {
            let markdown = html::to_markdown(&text, found.url());
            (markdown.title, markdown.text, markdown.is_cut)
        }
        _ => (None, text, false),
    };
    let tidied = tidy(&text);
    Ok(Page {
        url: found.url().clone(),
        title: title
            .map(|title| one_line(&title, TITLE_CHARS))
            .filter(|title| !title.is_empty()),
        text: tidied.text,
        invisible_count: tidied.left_out,
        is_cut,
    })
}
