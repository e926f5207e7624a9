//! The lines of an Ollama answer, turned into events.

use protocol::Usage;
use serde::Deserialize;
use serde_json::Value;

use crate::wire::calls::{Draft, Ending, deliver};
use crate::wire::prose::Prose;
use crate::wire::{Decode, Events, Fault, Ids};
use crate::{Finish, StreamEvent};

/// Decoder for one answer.
#[derive(Debug)]
pub(super) struct Decoder {
    ids: Ids,
    prose: Prose,
    calls: Vec<Draft>,
    is_finished: bool,
}

#[derive(Debug, Deserialize)]
struct Line {
    message: Option<WireMessage>,
    done: Option<bool>,
    done_reason: Option<String>,
    prompt_eval_count: Option<u64>,
    eval_count: Option<u64>,
    error: Option<String>,
}

#[derive(Debug, Deserialize)]
struct WireMessage {
    content: Option<String>,
    thinking: Option<String>,
    tool_calls: Option<Vec<WireCall>>,
}

#[derive(Debug, Deserialize)]
struct WireCall {
    id: Option<String>,
    function: Function,
}

#[derive(Debug, Deserialize)]
struct Function {
    name: Option<String>,
    arguments: Option<Value>,
}

impl Decoder {
    pub(super) fn new(ids: Ids) -> Self {
        Self {
            ids,
            prose: Prose::default(),
            calls: Vec::new(),
            is_finished: false,
        }
    }
}

impl Decode for Decoder {
    fn frame(&mut self, data: &str, out: &mut Events) -> Result<(), Fault> {
        if self.is_finished {
            return Ok(());
        }
        let line = serde_json::from_str::<Line>(data).map_err(|error| Fault::senseless(&error))?;
        if let Some(words) = line.error {
            return Err(Fault::named("", &words));
        }
        if let Some(message) = line.message {
            self.take(message, out);
        }
        if line.done.unwrap_or_default() {
            out.push_back(StreamEvent::Usage(Usage {
                input_tokens: line.prompt_eval_count.unwrap_or_default(),
                output_tokens: line.eval_count.unwrap_or_default(),
                ..Usage::default()
            }));
            self.finish(&line.done_reason.unwrap_or_default(), out)?;
        }
        Ok(())
    }

    fn end(&mut self, _out: &mut Events) -> Result<(), Fault> {
        Err(Fault::broken("it ended before the model was done"))
    }

    fn is_finished(&self) -> bool {
        self.is_finished
    }
}

impl Decoder {
    fn take(&mut self, message: WireMessage, out: &mut Events) {
        let thinking = message.thinking.unwrap_or_default();
        self.prose.thinking(&thinking, None, out);
        self.prose
            .tagged_text(&message.content.unwrap_or_default(), out);
        for call in message.tool_calls.unwrap_or_default() {
            self.calls.push(Draft {
                id: call.id.unwrap_or_default(),
                name: call.function.name.unwrap_or_default(),
                json: arguments(call.function.arguments),
                opaque: None,
            });
        }
    }

    fn finish(&mut self, reason: &str, out: &mut Events) -> Result<(), Fault> {
        self.prose.end(out);
        let is_cut = reason == "length";
        let ending = if is_cut { Ending::Cut } else { Ending::Whole };
        let call_count = deliver(std::mem::take(&mut self.calls), ending, &mut self.ids, out)?;
        let finish = match () {
            () if is_cut => Finish::MaxTokens,
            () if call_count > 0 => Finish::ToolCalls,
            () => Finish::EndTurn,
        };
        self.is_finished = true;
        out.push_back(StreamEvent::Finished(finish));
        Ok(())
    }
}

/// An object, as the server writes it, or text, as models behind proxies do.
/// A call comes whole or not at all, so no input is an empty one.
fn arguments(arguments: Option<Value>) -> String {
    match arguments {
        None | Some(Value::Null) => "{}".to_owned(),
        Some(Value::String(text)) => text,
        Some(whole) => whole.to_string(),
    }
}
