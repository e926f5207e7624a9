//! One attempt at an answer: send, check the head, read, decode.
//!
//! Dropping the stream at any point drops the body and with it the
//! connection.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use protocol::ErrorKind;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::Value;
use tokio::time::timeout;

use super::{Endpoint, LABEL, decode};
use crate::failure::{Again, Failure, retry_after};
use crate::http::{Answer, Body, Call, SendError};
use crate::retry::Attempt;
use crate::{StreamEvent, sse};

/// Most bytes of an error page that are read.
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// Longest wait for the end of the body after the answer's last event. An
/// ended body gives its connection back to the pool, which saves the next
/// request a handshake; a server that dawdles is not worth more.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(20);

/// Starts one attempt.
pub(super) fn begin(endpoint: Arc<Endpoint>, body: Bytes) -> Attempt {
    stream::once(open(endpoint, body)).try_flatten().boxed()
}

async fn open(endpoint: Arc<Endpoint>, body: Bytes) -> Result<Attempt, Failure> {
    let call = Call {
        method: Method::POST,
        url: endpoint.url.clone(),
        headers: endpoint.headers.clone(),
        body,
    };
    let patience = endpoint.patience;
    let answer = match timeout(patience.response, endpoint.http.send(call)).await {
        Err(_) => return Err(Failure::stalled(LABEL, patience.response)),
        Ok(Err(SendError::Connect(words))) => {
            return Err(Failure::unreachable(LABEL, &endpoint.key.redact(&words)));
        }
        Ok(Err(SendError::Broken(words))) => {
            return Err(Failure::broken(LABEL, &endpoint.key.redact(&words)));
        }
        Ok(Ok(answer)) => answer,
    };
    if answer.status != 200 {
        return Err(refused(&endpoint, answer).await);
    }
    check_is_stream(&answer)?;
    Ok(events(answer.body, endpoint))
}

/// A sign-in page of a hotel network also answers 200.
fn check_is_stream(answer: &Answer) -> Result<(), Failure> {
    let content_type = answer
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if content_type.starts_with("text/html") || content_type.starts_with("application/json") {
        let message = format!(
            "{LABEL} answered with `{content_type}` instead of a stream; something else may listen there."
        );
        return Err(Failure::new(
            ErrorKind::BadRequest,
            message,
            "Check the base URL.",
            Again::Never,
        ));
    }
    Ok(())
}

async fn refused(endpoint: &Endpoint, mut answer: Answer) -> Failure {
    let pause = retry_after(&answer.headers, SystemTime::now());
    let page = timeout(endpoint.patience.idle, read_page(&mut answer.body))
        .await
        .unwrap_or_default();
    let words = endpoint.key.redact(&page_words(&page));
    Failure::status(LABEL, answer.status, pause, &words)
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

/// The message of a well-formed error; other pages are rarely for readers.
fn page_words(page: &[u8]) -> String {
    let error = serde_json::from_slice::<Value>(page).unwrap_or_default();
    let message = error
        .pointer("/error/message")
        .or_else(|| error.pointer("/message"))
        .or_else(|| error.get("error"));
    message
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn events(body: Body, endpoint: Arc<Endpoint>) -> Attempt {
    let reading = Reading {
        body,
        endpoint,
        frames: sse::Decoder::new(),
        decoder: decode::Decoder::new(),
        ready: VecDeque::new(),
    };
    stream::try_unfold(reading, |mut reading| async move {
        let event = reading.next().await?;
        Ok(event.map(|event| (event, reading)))
    })
    .boxed()
}

struct Reading {
    body: Body,
    endpoint: Arc<Endpoint>,
    frames: sse::Decoder,
    decoder: decode::Decoder,
    ready: VecDeque<StreamEvent>,
}

impl Reading {
    async fn next(&mut self) -> Result<Option<StreamEvent>, Failure> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(Some(event));
            }
            if self.decoder.is_finished() {
                return Ok(None);
            }
            self.read()
                .await
                .map_err(|failure| self.redacted(failure))?;
        }
    }

    async fn read(&mut self) -> Result<(), Failure> {
        let idle = self.endpoint.patience.idle;
        match timeout(idle, self.body.next()).await {
            Err(_) => Err(Failure::stalled(LABEL, idle)),
            Ok(Some(Err(words))) => self
                .decoder
                .end(&mut self.ready)
                .map_err(|_| Failure::broken(LABEL, &words)),
            Ok(None) => self.decoder.end(&mut self.ready),
            Ok(Some(Ok(bytes))) => self.decode(&bytes).await,
        }
    }

    async fn decode(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let mut frames = Vec::new();
        let pushed = self.frames.push(bytes, &mut frames);
        for frame in &frames {
            self.decoder.frame(&frame.data, &mut self.ready)?;
        }
        pushed.map_err(|error| Failure::broken(LABEL, &error.to_string()))?;
        if self.decoder.is_finished() {
            self.drain().await;
        }
        Ok(())
    }

    async fn drain(&mut self) {
        let rest = async { while let Some(Ok(_)) = self.body.next().await {} };
        if timeout(DRAIN_TIMEOUT, rest).await.is_err() {
            tracing::trace!("the server keeps the stream open after its last event");
        }
    }

    fn redacted(&self, mut failure: Failure) -> Failure {
        failure.error.message = self.endpoint.key.redact(&failure.error.message);
        failure
    }
}
