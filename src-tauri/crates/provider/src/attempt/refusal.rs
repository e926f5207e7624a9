//! What a server says instead of an answer, and what can be done about it.
//!
//! Wires word errors differently, but all have a message somewhere; what
//! names a field of ours as unknown is answered by leaving that field out.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures::StreamExt;
use serde_json::Value;
use tokio::time::timeout;

use crate::failure::{Failure, retry_after};
use crate::http::{Answer, Body};
use crate::remote::Server;
use crate::wire::{Concession, Dialect, Fault};

/// Most bytes of an error page that are read.
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// A refusal with its words.
pub(super) struct Refusal {
    status: u16,
    pause: Option<Duration>,
    code: String,
    words: String,
}

impl Refusal {
    pub(super) async fn read(server: &Server, mut answer: Answer) -> Self {
        let page = timeout(server.patience.idle, read_page(&mut answer.body))
            .await
            .unwrap_or_default();
        let page = serde_json::from_slice::<Value>(&page).unwrap_or_default();
        let pause = retry_after(&answer.headers, SystemTime::now()).or_else(|| pause_within(&page));
        Self {
            status: answer.status,
            pause,
            code: code(&page),
            words: server.key.redact(message(&page)),
        }
    }

    pub(super) fn has_words(&self) -> bool {
        !self.words.is_empty()
    }

    /// What the next request can do without, if this was about such a thing.
    pub(super) fn concession(&self, dialect: &dyn Dialect, body: &[u8]) -> Option<Concession> {
        if !matches!(self.status, 400 | 422 | 501) {
            return None;
        }
        let said = self.words.to_ascii_lowercase();
        let is_meant = |concession: &&Concession| {
            let quoted = format!("\"{}\":", concession.field);
            said.contains(concession.words)
                && body
                    .windows(quoted.len())
                    .any(|part| part == quoted.as_bytes())
        };
        dialect.concessions().iter().find(is_meant).copied()
    }

    pub(super) fn into_failure(self, label: &str) -> Failure {
        if self.status == 200 {
            return Fault::named(&self.code, &self.words).into_failure(label);
        }
        let failure = Failure::status(label, self.status, self.pause, &self.words);
        if self.code == "insufficient_quota" {
            return failure.without_quota();
        }
        failure
    }
}

/// The body without what was conceded.
pub(super) fn relieved(body: &Bytes, conceded: &[Concession]) -> Bytes {
    if conceded.is_empty() {
        return body.clone();
    }
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(body) else {
        return body.clone();
    };
    for concession in conceded {
        if let Some(value) = fields.shift_remove(concession.field)
            && let Some(name) = concession.instead
        {
            fields.insert(name.to_owned(), value);
        }
    }
    serde_json::to_vec(&fields).map_or_else(|_| body.clone(), Bytes::from)
}

async fn read_page(body: &mut Body) -> Vec<u8> {
    let mut page = Vec::new();
    while let Some(Ok(part)) = body.next().await {
        page.extend_from_slice(&part);
        if page.len() >= MAX_ERROR_BYTES {
            page.truncate(MAX_ERROR_BYTES);
            break;
        }
    }
    page
}

/// The error itself: some wires wrap it, some in a list.
fn error(page: &Value) -> &Value {
    let page = page.get(0).unwrap_or(page);
    page.get("error").unwrap_or(page)
}

/// The message of a well-formed error; other pages are rarely for readers.
fn message(page: &Value) -> &str {
    let error = error(page);
    let words = error
        .get("message")
        .or_else(|| error.get("detail"))
        .unwrap_or(error);
    words.as_str().unwrap_or_default()
}

fn code(page: &Value) -> String {
    let error = error(page);
    ["code", "type", "status"]
        .iter()
        .find_map(|name| match error.get(*name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .unwrap_or_default()
}

/// Gemini says in the body how long to wait: `"retryDelay": "13s"`.
fn pause_within(page: &Value) -> Option<Duration> {
    let details = error(page).get("details")?.as_array()?;
    let text = details
        .iter()
        .find_map(|detail| detail.get("retryDelay")?.as_str())?;
    let seconds = text.strip_suffix('s')?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}
