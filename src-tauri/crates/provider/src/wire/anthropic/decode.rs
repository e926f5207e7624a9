//! The events of an Anthropic stream, turned into ours.
//!
//! Unknown events and blocks are passed over, so that new server features do
//! not break old clients. Whatever contradicts itself breaks the stream.

mod shape;

use std::collections::BTreeMap;

use protocol::{Block, ToolCall, Usage};
use serde_json::{Map, Value};

use self::shape::{Delta, Event, MessageDelta, StartBlock, WholeMessage, WireUsage};
use crate::wire::{Decode, Events, Fault, Ids, calls};
use crate::{Finish, StreamEvent};

/// Decoder for one answer.
#[derive(Debug)]
pub(super) struct Decoder {
    ids: Ids,
    open: BTreeMap<u64, OpenBlock>,
    doubtful: Option<Doubtful>,
    call_count: usize,
    usage: Usage,
    finish: Option<Finish>,
    is_finished: bool,
}

#[derive(Debug)]
enum OpenBlock {
    Text(String),
    Thinking {
        text: String,
        signature: String,
    },
    Redacted(String),
    ToolUse {
        id: String,
        name: String,
        start: Value,
        json: String,
    },
    Unknown,
}

/// A call whose input may have been cut by the token limit. What the stream
/// says next tells: after the limit it is dropped, otherwise an empty input
/// is meant so and a malformed one breaks the stream.
#[derive(Debug)]
enum Doubtful {
    Empty(ToolCall),
    Malformed { name: String, words: String },
}

impl Decoder {
    pub(super) fn new(ids: Ids) -> Self {
        Self {
            ids,
            open: BTreeMap::new(),
            doubtful: None,
            call_count: 0,
            usage: Usage::default(),
            finish: None,
            is_finished: false,
        }
    }
}

impl Decode for Decoder {
    fn frame(&mut self, data: &str, out: &mut Events) -> Result<(), Fault> {
        if self.is_finished {
            return Ok(());
        }
        let event =
            serde_json::from_str::<Event>(data).map_err(|error| Fault::senseless(&error))?;
        match event {
            Event::MessageStart { message } => self.take_usage(message.usage, out),
            Event::ContentBlockStart {
                index,
                content_block,
            } => self.start_block(index, content_block, out)?,
            Event::ContentBlockDelta { index, delta } => self.add_delta(index, delta, out)?,
            Event::ContentBlockStop { index } => self.stop_block(index, out)?,
            Event::MessageDelta { delta, usage } => self.end_message(&delta, usage, out)?,
            Event::MessageStop => self.end(out)?,
            Event::Error { error } => return Err(Fault::named(&error.kind, &error.message)),
            Event::Ping | Event::Unknown => {}
        }
        Ok(())
    }

    fn whole(&mut self, document: &str, out: &mut Events) -> Result<(), Fault> {
        let message = serde_json::from_str::<WholeMessage>(document)
            .map_err(|error| Fault::senseless(&error))?;
        for (index, block) in (0..).zip(message.content) {
            self.start_block(index, block, out)?;
            self.stop_block(index, out)?;
        }
        self.end_message(&message.end, message.usage, out)?;
        self.end(out)
    }

    /// Some gateways leave out `message_stop`.
    fn end(&mut self, out: &mut Events) -> Result<(), Fault> {
        let Some(finish) = self.finish else {
            return Err(Fault::broken("it ended before the model was done"));
        };
        self.is_finished = true;
        out.push_back(StreamEvent::Finished(finish));
        Ok(())
    }

    fn is_finished(&self) -> bool {
        self.is_finished
    }

    fn is_settled(&self) -> bool {
        self.finish.is_some()
    }
}

impl Decoder {
    fn start_block(
        &mut self,
        index: u64,
        block: StartBlock,
        out: &mut Events,
    ) -> Result<(), Fault> {
        self.settle(out)?;
        let open = match block {
            StartBlock::Text { text } => {
                emit(&text, StreamEvent::Text, out);
                OpenBlock::Text(text)
            }
            StartBlock::Thinking {
                thinking,
                signature,
            } => {
                emit(&thinking, StreamEvent::Thinking, out);
                OpenBlock::Thinking {
                    text: thinking,
                    signature,
                }
            }
            StartBlock::RedactedThinking { data } => OpenBlock::Redacted(data),
            StartBlock::ToolUse { id, name, input } => OpenBlock::ToolUse {
                id,
                name,
                start: input,
                json: String::new(),
            },
            StartBlock::Unknown => OpenBlock::Unknown,
        };
        if self.open.insert(index, open).is_some() {
            return Err(Fault::broken("a block started twice"));
        }
        Ok(())
    }

    fn add_delta(&mut self, index: u64, delta: Delta, out: &mut Events) -> Result<(), Fault> {
        let Some(open) = self.open.get_mut(&index) else {
            return Err(Fault::broken("a piece belongs to no block"));
        };
        match (open, delta) {
            (OpenBlock::Text(text), Delta::Text { text: more }) => {
                text.push_str(&more);
                emit(&more, StreamEvent::Text, out);
            }
            (OpenBlock::Thinking { text, .. }, Delta::Thinking { thinking }) => {
                text.push_str(&thinking);
                emit(&thinking, StreamEvent::Thinking, out);
            }
            (OpenBlock::Thinking { signature, .. }, Delta::Signature { signature: more }) => {
                signature.push_str(&more)
            }
            (OpenBlock::ToolUse { json, .. }, Delta::InputJson { partial_json }) => {
                json.push_str(&partial_json)
            }
            (OpenBlock::Unknown, _) | (_, Delta::Unknown) => {}
            _ => return Err(Fault::broken("a piece does not fit its block")),
        }
        Ok(())
    }

    fn stop_block(&mut self, index: u64, out: &mut Events) -> Result<(), Fault> {
        let block = match self.open.remove(&index) {
            None => return Err(Fault::broken("a block ended that never started")),
            Some(OpenBlock::Unknown) => return Ok(()),
            Some(OpenBlock::ToolUse {
                id,
                name,
                start,
                json,
            }) => return self.stop_call((id, name), start, &json, out),
            Some(OpenBlock::Text(text)) if text.is_empty() => return Ok(()),
            Some(OpenBlock::Thinking { text, signature })
                if text.is_empty() && signature.is_empty() =>
            {
                return Ok(());
            }
            Some(OpenBlock::Text(text)) => Block::Text { text },
            Some(OpenBlock::Thinking { text, signature }) => Block::Thinking {
                text,
                signature: Some(signature).filter(|signature| !signature.is_empty()),
                source: None,
            },
            Some(OpenBlock::Redacted(data)) => Block::RedactedThinking { data, source: None },
        };
        out.push_back(StreamEvent::BlockDone(block));
        Ok(())
    }

    fn stop_call(
        &mut self,
        (id, name): (String, String),
        start: Value,
        json: &str,
        out: &mut Events,
    ) -> Result<(), Fault> {
        self.settle(out)?;
        let input = match json.trim() {
            "" if start.is_object() => Ok(start),
            "" => Ok(Value::Object(Map::new())),
            text => serde_json::from_str::<Map<String, Value>>(text).map(Value::Object),
        };
        match input {
            Ok(input) => {
                let is_empty = input.as_object().is_some_and(Map::is_empty);
                let call = ToolCall {
                    id: self.ids.take(&id),
                    name,
                    input,
                };
                if is_empty {
                    self.doubtful = Some(Doubtful::Empty(call));
                } else {
                    self.push_call(call, out);
                }
            }
            Err(error) => {
                self.doubtful = Some(Doubtful::Malformed {
                    name,
                    words: error.to_string(),
                })
            }
        }
        Ok(())
    }

    fn push_call(&mut self, call: ToolCall, out: &mut Events) {
        self.call_count += 1;
        out.push_back(StreamEvent::BlockDone(Block::ToolCall(call)));
    }

    fn settle(&mut self, out: &mut Events) -> Result<(), Fault> {
        match self.doubtful.take() {
            None => Ok(()),
            Some(Doubtful::Empty(call)) => {
                self.push_call(call, out);
                Ok(())
            }
            Some(Doubtful::Malformed { name, words }) => Err(calls::malformed(&name, &words)),
        }
    }

    fn end_message(
        &mut self,
        delta: &MessageDelta,
        usage: Option<WireUsage>,
        out: &mut Events,
    ) -> Result<(), Fault> {
        self.take_usage(usage, out);
        let Some(reason) = delta.stop_reason.as_deref() else {
            return Ok(());
        };
        let is_cut = matches!(
            reason,
            "max_tokens" | "model_context_window_exceeded" | "refusal"
        );
        if is_cut {
            self.doubtful = None;
        } else {
            self.settle(out)?;
            if !self.open.is_empty() {
                return Err(Fault::broken("the model stopped within a block"));
            }
        }
        self.finish = Some(match reason {
            "max_tokens" => Finish::MaxTokens,
            "model_context_window_exceeded" => Finish::ContextFull,
            "refusal" => Finish::Refusal,
            "pause_turn" => Finish::Pause,
            _ if self.call_count > 0 => Finish::ToolCalls,
            _ => Finish::EndTurn,
        });
        Ok(())
    }

    /// Counts are cumulative, and later events may leave some out.
    fn take_usage(&mut self, usage: Option<WireUsage>, out: &mut Events) {
        let Some(usage) = usage else { return };
        let ours = &mut self.usage;
        ours.input_tokens = usage.input_tokens.unwrap_or(ours.input_tokens);
        ours.output_tokens = usage.output_tokens.unwrap_or(ours.output_tokens);
        ours.cache_read_tokens = usage
            .cache_read_input_tokens
            .unwrap_or(ours.cache_read_tokens);
        ours.cache_write_tokens = usage
            .cache_creation_input_tokens
            .unwrap_or(ours.cache_write_tokens);
        out.push_back(StreamEvent::Usage(*ours));
    }
}

fn emit(text: &str, wrap: fn(String) -> StreamEvent, out: &mut Events) {
    if !text.is_empty() {
        out.push_back(wrap(text.to_owned()));
    }
}
