//! One attempt at an answer: send, check the head, read, decode. A request
//! with a field the server does not know is sent again without it.
//!
//! Dropping the stream at any point drops the body and with it the
//! connection.

mod refusal;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use protocol::{Block, ErrorKind};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use tokio::time::timeout;

use self::refusal::{Page, Refusal};
use crate::failure::{Again, Failure};
use crate::http::{self, Answer, Body, SendError};
use crate::remote::Server;
use crate::retry::Attempt;
use crate::sse::{EventTooLarge, MAX_EVENT_BYTES};
use crate::wire::history::sign;
use crate::wire::{Concession, Decode, Fault, Framing, IMAGES, Ids};
use crate::{Finish, StreamEvent, lines, sse};

/// Longest wait for the end of the body after the answer's last event. An
/// ended body gives its connection back to the pool, which saves the next
/// request a handshake; a server that dawdles is not worth more.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(20);

/// Longest wait for counts once the model is done: some servers neither say
/// goodbye nor hang up.
const SETTLED_TIMEOUT: Duration = Duration::from_secs(2);

/// Most bytes of one answer. The longest honest one has some hundred
/// thousand tokens, each in an event of its own.
const MAX_ANSWER_BYTES: usize = 256 * 1024 * 1024;

/// Most bytes of a refusal that are read.
const MAX_REFUSAL_BYTES: usize = 64 * 1024;

/// Most fields one request is relieved of.
const MAX_CONCESSIONS: usize = 4;

/// One request, ready to be sent as often as it takes.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) url: hyper::Uri,
    pub(crate) body: Bytes,
    /// The same without its images, where the model may take none.
    pub(crate) bare: Option<Bytes>,
    /// The name put to opaque blocks of the answer.
    pub(crate) source: String,
    /// Saying nothing at all is a failure. After tool results it is not: the
    /// model may have nothing to add.
    pub(crate) expects_words: bool,
    /// Where calls without an id of their own get one.
    pub(crate) ids: Ids,
}

impl Call {
    /// The body without what was conceded.
    fn relieved(&self, conceded: &[Concession]) -> Bytes {
        match &self.bare {
            Some(bare) if conceded.contains(&IMAGES) => refusal::relieved(bare, conceded),
            _ => refusal::relieved(&self.body, conceded),
        }
    }
}

/// Starts one attempt.
pub(crate) fn begin(server: Arc<Server>, call: Call) -> Attempt {
    stream::once(open(server, call)).try_flatten().boxed()
}

async fn open(server: Arc<Server>, call: Call) -> Result<Attempt, Failure> {
    let place = format!("{} {}", call.url, call.source);
    let mut conceded = server.http.conceded(&place);
    let mut body = call.relieved(&conceded);
    for _ in 0..=MAX_CONCESSIONS {
        let answer = send(&server, &call.url, body.clone()).await?;
        if answer.status == 200 {
            return accept(server, call, answer).await;
        }
        let page = Page::read(&server, answer, MAX_REFUSAL_BYTES).await;
        let refusal = Refusal::of(&server, &page);
        match refusal.concession(server.dialect, &body, call.bare.is_some()) {
            Some(concession) if !conceded.contains(&concession) => {
                tracing::debug!(field = concession.field, %place, "the server does not know this field");
                server.http.concede(&place, concession);
                conceded.push(concession);
                body = call.relieved(&conceded);
            }
            _ => return Err(refusal.into_failure(&server.entry.label)),
        }
    }
    Err(Failure::status(
        &server.entry.label,
        400,
        None,
        "it knows too few of the request's fields",
    ))
}

async fn send(server: &Server, url: &hyper::Uri, body: Bytes) -> Result<Answer, Failure> {
    let call = http::Call {
        method: Method::POST,
        url: url.clone(),
        headers: server.headers.clone(),
        body,
    };
    let label = &server.entry.label;
    let wait = server.patience.response;
    match timeout(wait, server.http.send(call)).await {
        Err(_) => Err(Failure::stalled(label, wait)),
        Ok(Err(SendError::Connect(words))) => {
            Err(Failure::unreachable(label, &server.key.redact(&words)))
        }
        Ok(Err(SendError::Broken(words))) => {
            Err(Failure::broken(label, &server.key.redact(&words)))
        }
        Ok(Ok(answer)) => Ok(answer),
    }
}

/// Usually a stream. A document may be the whole answer, a refusal of a
/// gateway that words it so, or the sign-in page of a hotel network.
async fn accept(server: Arc<Server>, call: Call, answer: Answer) -> Result<Attempt, Failure> {
    let content_type = answer
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let is_page = content_type.starts_with("text/html");
    if !is_page && !content_type.starts_with("application/json") {
        return Ok(events(answer.body, server, call));
    }
    let page = Page::read(&server, answer, MAX_EVENT_BYTES).await;
    let mut reading = Reading::new(Box::pin(stream::empty()), Arc::clone(&server), call);
    if reading
        .decoder
        .whole(&page.text, &mut reading.ready)
        .is_ok()
    {
        return Ok(reading.into_attempt());
    }
    let label = &server.entry.label;
    let refusal = Refusal::of(&server, &page);
    if refusal.has_words() {
        return Err(refusal.into_failure(label));
    }
    let message = format!(
        "{label} answered with `{content_type}` instead of a stream; something else may listen there."
    );
    Err(Failure::new(
        ErrorKind::BadRequest,
        message,
        "Check the base URL.",
        Again::Never,
    ))
}

fn events(body: Body, server: Arc<Server>, call: Call) -> Attempt {
    Reading::new(body, server, call).into_attempt()
}

enum Framer {
    Events(sse::Decoder),
    Lines(lines::Decoder),
}

impl Framer {
    fn push(&mut self, bytes: &[u8], data: &mut Vec<String>) -> Result<(), EventTooLarge> {
        match self {
            Self::Events(decoder) => {
                let mut frames = Vec::new();
                let pushed = decoder.push(bytes, &mut frames);
                data.extend(frames.into_iter().map(|frame| frame.data));
                pushed
            }
            Self::Lines(decoder) => decoder.push(bytes, data),
        }
    }

    fn end(&mut self, data: &mut Vec<String>) {
        if let Self::Lines(decoder) = self {
            decoder.end(data);
        }
    }
}

struct Reading {
    body: Body,
    server: Arc<Server>,
    call: Call,
    framer: Framer,
    decoder: Box<dyn Decode>,
    byte_count: usize,
    has_words: bool,
    ready: VecDeque<StreamEvent>,
}

impl Reading {
    fn new(body: Body, server: Arc<Server>, call: Call) -> Self {
        let framer = match server.dialect.framing() {
            Framing::Events => Framer::Events(sse::Decoder::new()),
            Framing::Lines => Framer::Lines(lines::Decoder::default()),
        };
        Self {
            decoder: server.dialect.decoder(call.ids.clone()),
            body,
            server,
            call,
            framer,
            byte_count: 0,
            has_words: false,
            ready: VecDeque::new(),
        }
    }

    fn into_attempt(self) -> Attempt {
        stream::try_unfold(self, |mut reading| async move {
            let event = reading.next().await?;
            Ok(event.map(|event| (event, reading)))
        })
        .boxed()
    }

    async fn next(&mut self) -> Result<Option<StreamEvent>, Failure> {
        loop {
            if let Some(mut event) = self.ready.pop_front() {
                self.look_at(&mut event)
                    .map_err(|failure| self.redacted(failure))?;
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

    /// Signs what is opaque, and finds out whether the answer says anything.
    fn look_at(&mut self, event: &mut StreamEvent) -> Result<(), Failure> {
        match event {
            StreamEvent::Text(text) if !text.trim().is_empty() => self.has_words = true,
            StreamEvent::BlockDone(block) => {
                self.has_words |= matches!(block, Block::ToolCall(_));
                sign(block, &self.call.source);
            }
            StreamEvent::Finished(Finish::EndTurn | Finish::ToolCalls)
                if self.call.expects_words && !self.has_words =>
            {
                return Err(Failure::empty(&self.server.entry.label));
            }
            _ => {}
        }
        Ok(())
    }

    async fn read(&mut self) -> Result<(), Failure> {
        let is_settled = self.decoder.is_settled();
        let patience = match self.server.patience.idle {
            idle if is_settled => idle.min(SETTLED_TIMEOUT),
            idle => idle,
        };
        match timeout(patience, self.body.next()).await {
            Ok(Some(Ok(bytes))) => self.decode(&bytes).await,
            Ok(None) => self.end(),
            Err(_) if is_settled => self.end(),
            Err(_) => Err(Failure::stalled(&self.server.entry.label, patience)),
            Ok(Some(Err(words))) => self
                .end()
                .map_err(|_| Failure::broken(&self.server.entry.label, &words)),
        }
    }

    fn end(&mut self) -> Result<(), Failure> {
        let mut data = Vec::new();
        self.framer.end(&mut data);
        self.take(&data)
            .and_then(|()| match self.decoder.is_finished() {
                true => Ok(()),
                false => self.decoder.end(&mut self.ready),
            })
            .map_err(|fault| fault.into_failure(&self.server.entry.label))
    }

    async fn decode(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let mut data = Vec::new();
        let pushed = self.framer.push(bytes, &mut data);
        self.take(&data)
            .map_err(|fault| fault.into_failure(&self.server.entry.label))?;
        self.byte_count += bytes.len();
        if pushed.is_err() || self.byte_count > MAX_ANSWER_BYTES {
            return Err(Failure::oversized(&self.server.entry.label));
        }
        if self.decoder.is_finished() {
            self.drain().await;
        }
        Ok(())
    }

    fn take(&mut self, data: &[String]) -> Result<(), Fault> {
        data.iter()
            .try_for_each(|data| self.decoder.frame(data, &mut self.ready))
    }

    async fn drain(&mut self) {
        let rest = async { while let Some(Ok(_)) = self.body.next().await {} };
        if timeout(DRAIN_TIMEOUT, rest).await.is_err() {
            tracing::trace!("the server keeps the stream open after its last event");
        }
    }

    fn redacted(&self, mut failure: Failure) -> Failure {
        failure.error.message = self.server.key.redact(&failure.error.message);
        failure
    }
}
