//! What a server says instead of an answer, and what can be done about it.
//!
//! Wires word errors differently, but all have a message somewhere; what
//! names a field of ours as unknown is answered by leaving that field out.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures::StreamExt;
use serde_json::Value;
use tokio::time::timeout;

use crate::failure::{Failure, is_too_long, retry_after};
use crate::http::Answer;
use crate::remote::Server;
use crate::wire::{Concession, Dialect, Fault, IMAGES};

/// What a refusal that is about images speaks of: llama-server and Ollama of
/// the missing part of the model, gateways of what it takes.
const NO_IMAGES: [&str; 5] = ["image", "vision", "multimodal", "modalit", "mmproj"];

/// A document that came instead of a stream.
pub(super) struct Page {
    status: u16,
    pause: Option<Duration>,
    pub(super) text: String,
}

impl Page {
    /// Reads at most so many bytes, for as long as some come.
    pub(super) async fn read(server: &Server, mut answer: Answer, most_bytes: usize) -> Self {
        let mut bytes = Vec::new();
        let idle = server.patience.idle;
        while let Ok(Some(Ok(part))) = timeout(idle, answer.body.next()).await {
            bytes.extend_from_slice(&part);
            if bytes.len() >= most_bytes {
                bytes.truncate(most_bytes);
                break;
            }
        }
        Self {
            status: answer.status,
            pause: retry_after(&answer.headers, SystemTime::now()),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// As JSON, also when a gateway wraps its refusal in an event.
    fn document(&self) -> Value {
        let text = self.text.trim_start();
        let text = match text.strip_prefix("data:") {
            Some(event) => event.lines().next().unwrap_or_default(),
            None => text,
        };
        serde_json::from_str(text).unwrap_or_default()
    }
}

/// A refusal with its words.
pub(super) struct Refusal {
    status: u16,
    pause: Option<Duration>,
    code: String,
    /// The field of the request it is about, where it says so.
    param: String,
    words: String,
}

impl Refusal {
    pub(super) fn of(server: &Server, page: &Page) -> Self {
        let document = page.document();
        Self {
            status: page.status,
            pause: page.pause.or_else(|| pause_within(&document)),
            code: code(&document),
            param: param(&document),
            words: server.key.redact(&message(&document)),
        }
    }

    pub(super) fn has_words(&self) -> bool {
        !self.words.is_empty()
    }

    /// What the next request can do without, if this was about such a thing.
    pub(super) fn concession(
        &self,
        dialect: &dyn Dialect,
        body: &[u8],
        has_images: bool,
    ) -> Option<Concession> {
        if has_images && self.is_about_images() {
            return Some(IMAGES);
        }
        if !matches!(self.status, 400 | 422 | 501) {
            return None;
        }
        let said = format!("{} '{}'", self.words, self.param).to_ascii_lowercase();
        let is_meant = |concession: &&Concession| {
            let name = concession.field.rsplit('.').next().unwrap_or_default();
            let quoted = format!("\"{name}\":");
            said.contains(concession.words)
                && body
                    .windows(quoted.len())
                    .any(|part| part == quoted.as_bytes())
        };
        dialect.concessions().iter().find(is_meant).copied()
    }

    /// Servers that take no images say so with all kinds of statuses.
    fn is_about_images(&self) -> bool {
        let said = self.words.to_ascii_lowercase();
        matches!(self.status, 400 | 404 | 415 | 422 | 500 | 501)
            && NO_IMAGES.iter().any(|word| said.contains(word))
    }

    pub(super) fn into_failure(self, label: &str) -> Failure {
        if self.status == 200 {
            return Fault::named(&self.code, &self.words).into_failure(label);
        }
        if is_too_long(&self.code) {
            return Failure::too_long(label, &self.words);
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
        if let Some((outer, inner)) = concession.field.split_once('.') {
            if let Some(Value::Object(within)) = fields.get_mut(outer) {
                within.shift_remove(inner);
            }
        } else if let Some(value) = fields.shift_remove(concession.field)
            && let Some(name) = concession.instead
        {
            fields.insert(name.to_owned(), value);
        }
    }
    serde_json::to_vec(&fields).map_or_else(|_| body.clone(), Bytes::from)
}

/// The error itself: some wires wrap it, some in a list.
fn error(page: &Value) -> &Value {
    let page = page.get(0).unwrap_or(page);
    page.get("error").unwrap_or(page)
}

/// The message of a well-formed error; other pages are rarely for readers.
/// Where it is a list of complaints, they name the fields they are about.
fn message(page: &Value) -> String {
    let error = error(page);
    let words = error
        .get("message")
        .or_else(|| error.get("detail"))
        .unwrap_or(error);
    match words {
        Value::String(words) => words.clone(),
        Value::Null => String::new(),
        _ if std::ptr::eq(words, error) => String::new(),
        complaints => complaints.to_string(),
    }
}

fn param(page: &Value) -> String {
    let param = error(page).get("param").and_then(Value::as_str);
    param.unwrap_or_default().to_owned()
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
