//! The chunks of a Chat Completions stream, turned into events.
//!
//! Calls are put together from pieces and delivered only once the server
//! says that the model stopped.

mod assemble;
mod details;
mod shape;

use protocol::{Block, Usage};
use serde_json::{Value, json};

use self::assemble::Assembly;
use self::details::Details;
use self::shape::{Choice, Chunk, Delta, WireUsage};
use super::{REASONING_CONTENT, REASONING_DETAILS};
use crate::wire::calls::{Ending, deliver};
use crate::wire::prose::Prose;
use crate::wire::{Decode, Events, Fault, Ids};
use crate::{Finish, StreamEvent};

/// Decoder for one answer.
#[derive(Debug)]
pub(super) struct Decoder {
    ids: Ids,
    prose: Prose,
    calls: Assembly,
    details: Details,
    is_refusal: bool,
    reason: Option<String>,
    is_finished: bool,
}

impl Decoder {
    pub(super) fn new(ids: Ids) -> Self {
        Self {
            ids,
            prose: Prose::default(),
            calls: Assembly::default(),
            details: Details::default(),
            is_refusal: false,
            reason: None,
            is_finished: false,
        }
    }
}

impl Decode for Decoder {
    fn frame(&mut self, data: &str, out: &mut Events) -> Result<(), Fault> {
        if self.is_finished {
            return Ok(());
        }
        if data.trim() == "[DONE]" {
            return self.finish(out);
        }
        let chunk =
            serde_json::from_str::<Chunk>(data).map_err(|error| Fault::senseless(&error))?;
        if let Some(error) = chunk.error {
            return Err(error.fault());
        }
        // More than one choice is never asked for.
        for choice in chunk.choices.into_iter().flatten() {
            if choice.index.unwrap_or_default() == 0 {
                self.take(choice, out)?;
            }
        }
        let groq = chunk.x_groq.and_then(|more| more.usage);
        if let Some(usage) = chunk.usage.or(groq) {
            out.push_back(StreamEvent::Usage(counted(&usage)));
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Events) -> Result<(), Fault> {
        if self.reason.is_none() {
            return Err(Fault::broken("it ended before the model was done"));
        }
        self.finish(out)
    }

    fn is_finished(&self) -> bool {
        self.is_finished
    }

    fn is_settled(&self) -> bool {
        self.reason.is_some()
    }
}

impl Decoder {
    fn take(&mut self, choice: Choice, out: &mut Events) -> Result<(), Fault> {
        if let Some(error) = choice.error {
            return Err(error.fault());
        }
        if let Some(delta) = choice.delta.or(choice.message) {
            self.take_delta(delta, out);
        }
        match choice.finish_reason.as_deref() {
            None | Some("") => Ok(()),
            Some("error") => Err(Fault::named("", "the provider behind it failed")),
            Some(reason) => {
                self.reason = Some(reason.to_owned());
                Ok(())
            }
        }
    }

    fn take_delta(&mut self, delta: Delta, out: &mut Events) {
        let details = delta.reasoning_details.as_ref();
        if let Some(text) = &delta.reasoning_content {
            self.prose.thinking(text, Some(REASONING_CONTENT), out);
        } else if let Some(text) = &delta.reasoning {
            self.prose.thinking(text, None, out);
        } else if let Some(text) = details.map(Details::words) {
            self.prose.thinking(&text, None, out);
        }
        if let Some(Value::Array(details)) = delta.reasoning_details {
            self.details.add(details);
        }
        match &delta.content {
            Some(Value::String(text)) => self.prose.tagged_text(text, out),
            Some(Value::Array(parts)) => self.take_parts(parts, out),
            _ => {}
        }
        if let Some(refusal) = delta.refusal.filter(|refusal| !refusal.is_empty()) {
            self.is_refusal = true;
            self.prose.text(&refusal, out);
        }
        for piece in delta.tool_calls.into_iter().flatten() {
            self.calls.add(piece);
        }
    }

    /// Mistral's reasoning models answer in parts.
    fn take_parts(&mut self, parts: &[Value], out: &mut Events) {
        for part in parts {
            match part["type"].as_str() {
                Some("text") => self
                    .prose
                    .text(part["text"].as_str().unwrap_or_default(), out),
                Some("thinking") => {
                    let inner = part["thinking"].as_array().into_iter().flatten();
                    let text: String = inner.filter_map(|part| part["text"].as_str()).collect();
                    self.prose.thinking(&text, None, out);
                }
                _ => {}
            }
        }
    }

    fn finish(&mut self, out: &mut Events) -> Result<(), Fault> {
        self.prose.end(out);
        if let Some(details) = self.details.take() {
            let data = json!({ REASONING_DETAILS: details }).to_string();
            let block = Block::RedactedThinking { data, source: None };
            out.push_back(StreamEvent::BlockDone(block));
        }
        let reason = self.reason.take().unwrap_or_default().to_ascii_lowercase();
        let is_cut = matches!(
            reason.as_str(),
            "length" | "max_tokens" | "model_length" | "model_context_window_exceeded"
        );
        let is_filtered = matches!(
            reason.as_str(),
            "content_filter" | "refusal" | "safety" | "sensitive"
        );
        let ending = if is_cut || is_filtered {
            Ending::Cut
        } else {
            Ending::Whole
        };
        let call_count = deliver(self.calls.take(), ending, &mut self.ids, out)?;
        let finish = match () {
            () if is_filtered => Finish::Refusal,
            () if is_cut => Finish::MaxTokens,
            () if call_count > 0 => Finish::ToolCalls,
            () if self.is_refusal => Finish::Refusal,
            () => Finish::EndTurn,
        };
        self.is_finished = true;
        out.push_back(StreamEvent::Finished(finish));
        Ok(())
    }
}

fn counted(usage: &WireUsage) -> Usage {
    let details = usage.prompt_tokens_details.as_ref();
    let cached = details
        .and_then(|details| details.cached_tokens)
        .or(usage.prompt_cache_hit_tokens)
        .unwrap_or_default();
    Usage {
        input_tokens: usage
            .prompt_tokens
            .unwrap_or_default()
            .saturating_sub(cached),
        output_tokens: usage.completion_tokens.unwrap_or_default(),
        cache_read_tokens: cached,
        cache_write_tokens: 0,
    }
}
