//! One request: from the provider's stream to a message, with deltas on the
//! way. Whatever ends it, what was received so far is not lost.

use futures::StreamExt;
use protocol::{Block, ErrorInfo, ErrorKind, EventKind, MessageId, Usage};
use provider::{EventStream, Finish, StreamEvent};
use tokio_util::sync::CancellationToken;

use crate::TurnPorts;

/// How a stream ended.
#[derive(Debug)]
pub(crate) enum AnswerEnd {
    Finished(Finish),
    Cancelled,
    Failed(ErrorInfo),
}

/// What one request brought.
#[derive(Debug)]
pub(crate) struct Answer {
    pub message_id: MessageId,
    pub blocks: Vec<Block>,
    pub usage: Usage,
    pub end: AnswerEnd,
}

impl Answer {
    /// What was said when the model's window was too small for it; none when
    /// it was not.
    pub fn overflow(&self) -> Option<&str> {
        match &self.end {
            AnswerEnd::Finished(Finish::ContextFull) => Some(""),
            AnswerEnd::Failed(error) if error.kind == ErrorKind::ContextOverflow => {
                Some(&error.message)
            }
            _ => None,
        }
    }
}

/// Reads `stream` to its end or until `cancel` fires.
pub(crate) async fn collect(
    mut stream: EventStream,
    ports: &dyn TurnPorts,
    cancel: &CancellationToken,
) -> Answer {
    let mut draft = Draft::begin(ports);
    let end = loop {
        let item = tokio::select! {
            biased;
            () = cancel.cancelled() => break AnswerEnd::Cancelled,
            // Cancel-safe: `next` takes nothing out of the stream until it is ready.
            item = stream.next() => item,
        };
        match item {
            Some(Ok(StreamEvent::Finished(finish))) => break AnswerEnd::Finished(finish),
            Some(Ok(event)) => draft.take(event, ports),
            Some(Err(error)) => break AnswerEnd::Failed(error.into()),
            None => {
                break AnswerEnd::Failed(ErrorInfo::new(
                    ErrorKind::BrokenStream,
                    "The answer ended in the middle.",
                    "Send your message again.",
                ));
            }
        }
    };
    draft.finish(end, ports)
}

/// The message while it streams.
struct Draft {
    message_id: MessageId,
    blocks: Vec<Block>,
    /// Text streamed since the last complete block.
    open_text: String,
    usage: Usage,
    /// Nothing of it was shown yet, so nothing needs to be taken back.
    shown: bool,
}

impl Draft {
    fn begin(ports: &dyn TurnPorts) -> Self {
        let message_id = MessageId::new();
        ports.emit(EventKind::MessageStarted {
            message_id: message_id.clone(),
        });
        Self {
            message_id,
            blocks: Vec::new(),
            open_text: String::new(),
            usage: Usage::default(),
            shown: false,
        }
    }

    fn take(&mut self, event: StreamEvent, ports: &dyn TurnPorts) {
        match event {
            StreamEvent::Text(text) => {
                self.open_text.push_str(&text);
                self.shown = true;
                ports.emit(EventKind::TextDelta {
                    message_id: self.message_id.clone(),
                    text,
                });
            }
            StreamEvent::Thinking(text) => {
                self.shown = true;
                ports.emit(EventKind::ThinkingDelta {
                    message_id: self.message_id.clone(),
                    text,
                });
            }
            StreamEvent::BlockDone(block) => {
                if matches!(block, Block::Text { .. }) {
                    self.open_text.clear();
                }
                self.blocks.push(block);
            }
            StreamEvent::Usage(usage) => self.usage = usage,
            StreamEvent::Retry {
                attempt,
                delay_ms,
                reason,
            } => {
                ports.emit(EventKind::RetryScheduled {
                    attempt,
                    delay_ms,
                    reason,
                });
            }
            StreamEvent::Discarded => self.discard(ports),
            StreamEvent::Finished(_) => {}
        }
    }

    fn discard(&mut self, ports: &dyn TurnPorts) {
        let shown = std::mem::take(&mut self.shown);
        self.blocks.clear();
        self.open_text.clear();
        if shown {
            ports.emit(EventKind::MessageDiscarded {
                message_id: self.message_id.clone(),
            });
            self.message_id = MessageId::new();
            ports.emit(EventKind::MessageStarted {
                message_id: self.message_id.clone(),
            });
        }
    }

    fn finish(mut self, end: AnswerEnd, ports: &dyn TurnPorts) -> Answer {
        if !self.open_text.is_empty() {
            self.blocks.push(Block::Text {
                text: std::mem::take(&mut self.open_text),
            });
        }
        self.blocks
            .retain(|block| !matches!(block, Block::Text { text } if text.trim().is_empty()));
        if self.usage != Usage::default() {
            ports.emit(EventKind::UsageReported { usage: self.usage });
        }
        Answer {
            message_id: self.message_id,
            blocks: self.blocks,
            usage: self.usage,
            end,
        }
    }
}
