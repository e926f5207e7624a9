//! What a script says: answers, refusals and faults, without a word about
//! any wire.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::Value;

use super::RecordedRequest;

/// Replies in order, then whatever a function says, then "Done.".
#[derive(Default)]
pub struct Script {
    replies: VecDeque<Reply>,
    then: Option<Then>,
}

type Then = Box<dyn FnMut(&RecordedRequest) -> Reply + Send>;

impl Script {
    /// A script that looks at each request.
    #[must_use]
    pub fn from_fn(then: impl FnMut(&RecordedRequest) -> Reply + Send + 'static) -> Self {
        Self {
            replies: VecDeque::new(),
            then: Some(Box::new(then)),
        }
    }

    /// The same script, asking a function once its replies are used up.
    #[must_use]
    pub fn then(mut self, then: impl FnMut(&RecordedRequest) -> Reply + Send + 'static) -> Self {
        self.then = Some(Box::new(then));
        self
    }

    pub(super) fn next(&mut self, request: &RecordedRequest) -> Reply {
        if let Some(reply) = self.replies.pop_front() {
            return reply;
        }
        match &mut self.then {
            Some(then) => then(request),
            None => Reply::text("Done."),
        }
    }
}

impl From<Vec<Reply>> for Script {
    fn from(replies: Vec<Reply>) -> Self {
        Self {
            replies: replies.into(),
            then: None,
        }
    }
}

impl<const N: usize> From<[Reply; N]> for Script {
    fn from(replies: [Reply; N]) -> Self {
        Vec::from(replies).into()
    }
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Script")
            .field("replies", &self.replies)
            .field("then", &self.then.is_some())
            .finish()
    }
}

/// One reply of the server.
#[derive(Debug, Clone)]
pub struct Reply {
    pub(super) content: Content,
    pub(super) headers: Vec<(String, String)>,
    pub(super) delivery: Delivery,
}

#[derive(Debug, Clone)]
pub(super) enum Content {
    Answer(Answer),
    /// A refusal; the wire words it.
    Status(u16),
    /// A refusal with a document of its own.
    Refusal(u16, Value),
    /// A plain JSON document with status 200.
    Json(Value),
    /// An event stream, verbatim, and its status.
    Events(String, u16),
    /// The connection is closed without a byte.
    Hangup,
}

/// A model's answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    pub(super) thinking: Option<String>,
    pub(super) text: Option<String>,
    pub(super) tools: Vec<(String, Value)>,
    pub(super) stop_reason: Option<String>,
    pub(super) error: Option<String>,
    pub(super) is_malformed: bool,
}

/// How the bytes of a body reach the client.
#[derive(Debug, Clone, Default)]
pub(super) struct Delivery {
    pub(super) delay: Option<Duration>,
    pub(super) pace: Option<Duration>,
    pub(super) is_bytewise: bool,
    pub(super) end: End,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum End {
    #[default]
    Complete,
    /// The connection is closed after so many bytes of the body.
    Cut(usize),
    /// Nothing comes after so many bytes, and the connection stays open.
    Stall(usize),
}

impl Reply {
    fn new(content: Content) -> Self {
        Self {
            content,
            headers: Vec::new(),
            delivery: Delivery::default(),
        }
    }

    fn answer(answer: Answer) -> Self {
        Self::new(Content::Answer(answer))
    }

    /// The model says something and ends its turn.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::answer(Answer {
            text: Some(text.into()),
            ..Answer::default()
        })
    }

    /// The model calls one tool.
    #[must_use]
    pub fn tool(name: impl Into<String>, input: Value) -> Self {
        Self::tools(vec![(name.into(), input)])
    }

    /// The model calls several tools at once.
    #[must_use]
    pub fn tools(tools: Vec<(String, Value)>) -> Self {
        Self::answer(Answer {
            tools,
            ..Answer::default()
        })
    }

    /// The server refuses with a status.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::new(Content::Status(status))
    }

    /// The server refuses with a status and a document of its own.
    #[must_use]
    pub fn refusal(status: u16, document: Value) -> Self {
        Self::new(Content::Refusal(status, document))
    }

    /// The server answers with a JSON document, not with a stream.
    #[must_use]
    pub fn json(document: Value) -> Self {
        Self::new(Content::Json(document))
    }

    /// The server sends these events as they are.
    #[must_use]
    pub fn events(events: impl Into<String>) -> Self {
        Self::new(Content::Events(events.into(), 200))
    }

    /// The server closes the connection without an answer.
    #[must_use]
    pub fn hangup() -> Self {
        Self::new(Content::Hangup)
    }

    /// The server takes the request and never says a byte.
    #[must_use]
    pub fn silence() -> Self {
        Self::text("").delayed_ms(u64::from(u32::MAX))
    }

    /// Text before the tool calls.
    #[must_use]
    pub fn with_text(self, text: impl Into<String>) -> Self {
        self.change(|answer| answer.text = Some(text.into()))
    }

    /// Reasoning before everything else, with a signature.
    #[must_use]
    pub fn with_thinking(self, thinking: impl Into<String>) -> Self {
        self.change(|answer| answer.thinking = Some(thinking.into()))
    }

    /// Another reason for stopping than the content suggests.
    #[must_use]
    pub fn with_stop_reason(self, reason: impl Into<String>) -> Self {
        self.change(|answer| answer.stop_reason = Some(reason.into()))
    }

    /// After the content an error event of this type instead of the end.
    #[must_use]
    pub fn with_error(self, kind: impl Into<String>) -> Self {
        self.change(|answer| answer.error = Some(kind.into()))
    }

    /// The last tool's input, or the whole next event, is broken JSON.
    #[must_use]
    pub fn malformed(self) -> Self {
        self.change(|answer| answer.is_malformed = true)
    }

    /// Another status than 200 for events that are sent as they are.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        if let Content::Events(_, of_events) = &mut self.content {
            *of_events = status;
        }
        self
    }

    /// A header more.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Asks the client to wait before the next request.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.with_header("retry-after", seconds.to_string())
    }

    /// A pause before the head of the answer.
    #[must_use]
    pub fn delayed_ms(mut self, delay_ms: u64) -> Self {
        self.delivery.delay = Some(Duration::from_millis(delay_ms));
        self
    }

    /// A pause between events.
    #[must_use]
    pub fn paced_ms(mut self, pause_ms: u64) -> Self {
        self.delivery.pace = Some(Duration::from_millis(pause_ms));
        self
    }

    /// Every byte in a packet of its own.
    #[must_use]
    pub fn byte_by_byte(mut self) -> Self {
        self.delivery.is_bytewise = true;
        self
    }

    /// The connection breaks after so many bytes of the body.
    #[must_use]
    pub fn cut_after(mut self, bytes: usize) -> Self {
        self.delivery.end = End::Cut(bytes);
        self
    }

    /// Nothing comes after so many bytes of the body.
    #[must_use]
    pub fn stalled_after(mut self, bytes: usize) -> Self {
        self.delivery.end = End::Stall(bytes);
        self
    }

    fn change(mut self, change: impl FnOnce(&mut Answer)) -> Self {
        if let Content::Answer(answer) = &mut self.content {
            change(answer);
        }
        self
    }
}
