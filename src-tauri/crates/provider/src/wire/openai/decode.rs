//! The events of a Responses stream, turned into ours.
//!
//! Deltas are for the reader's eyes; what counts are the finished items.
//! Unknown events and items are passed over, repeated ones too.

mod shape;

use std::collections::{BTreeMap, BTreeSet};

use protocol::{Block, Usage};
use serde_json::{Value, json};

use self::shape::{Event, Item, ItemEvent, Response, Whole, WireUsage};
use super::request::PHASE;
use crate::wire::calls::{self, Draft, Ending};
use crate::wire::{Decode, Events, Fault, Ids};
use crate::{Finish, StreamEvent};

/// Decoder for one answer.
#[derive(Debug)]
pub(super) struct Decoder {
    ids: Ids,
    last_sequence: Option<u64>,
    /// What streamed of each item.
    open: BTreeMap<u64, Open>,
    done: BTreeSet<u64>,
    /// A call whose input cannot be read: fine if the answer was cut.
    malformed: Option<Fault>,
    call_count: usize,
    is_refusal: bool,
    is_finished: bool,
}

#[derive(Debug, Default)]
struct Open {
    text: String,
    arguments: String,
    is_reasoning: bool,
    has_summary: bool,
}

impl Decoder {
    pub(super) fn new(ids: Ids) -> Self {
        Self {
            ids,
            last_sequence: None,
            open: BTreeMap::new(),
            done: BTreeSet::new(),
            malformed: None,
            call_count: 0,
            is_refusal: false,
            is_finished: false,
        }
    }
}

impl Decode for Decoder {
    fn frame(&mut self, data: &str, out: &mut Events) -> Result<(), Fault> {
        if self.is_finished || data == "[DONE]" {
            return Ok(());
        }
        let event =
            serde_json::from_str::<Event>(data).map_err(|error| Fault::senseless(&error))?;
        if self.is_repeated(event.sequence_number) {
            return Ok(());
        }
        let (index, delta) = (event.output_index, event.delta);
        // What comes late for an item that is done cannot change it.
        if event.item_id.is_some() && self.done.contains(&index) {
            return Ok(());
        }
        match event.kind.as_str() {
            "response.output_text.delta" => self.text(index, &delta, out),
            "response.refusal.delta" => {
                self.is_refusal = true;
                self.text(index, &delta, out);
            }
            "response.reasoning_summary_text.delta" | "response.reasoning_text.delta" => {
                self.thinking(index, &delta, out);
            }
            "response.reasoning_summary_part.added" => self.next_summary(index, out),
            "response.function_call_arguments.delta" => {
                self.open
                    .entry(index)
                    .or_default()
                    .arguments
                    .push_str(&delta);
            }
            "response.function_call_arguments.done" => {
                if let Some(arguments) = event.arguments {
                    self.open.entry(index).or_default().arguments = arguments;
                }
            }
            "response.output_item.done" => {
                let item: ItemEvent =
                    serde_json::from_str(data).map_err(|error| Fault::senseless(&error))?;
                self.finish_item(index, &item.item, out)?;
            }
            "response.completed" | "response.incomplete" | "response.failed" => {
                let response = event.response.unwrap_or_default();
                self.finish(&event.kind, response, out)?;
            }
            "error" => return Err(event.error.unwrap_or(event.flat).fault()),
            _ => {}
        }
        Ok(())
    }

    fn whole(&mut self, document: &str, out: &mut Events) -> Result<(), Fault> {
        let whole: Whole =
            serde_json::from_str(document).map_err(|error| Fault::senseless(&error))?;
        self.finish(&format!("response.{}", whole.status), whole.response, out)
    }

    fn end(&mut self, _out: &mut Events) -> Result<(), Fault> {
        Err(Fault::broken("it ended before the model was done"))
    }

    fn is_finished(&self) -> bool {
        self.is_finished
    }
}

impl Decoder {
    /// Events are numbered; what comes again is not taken again.
    fn is_repeated(&mut self, sequence: Option<u64>) -> bool {
        let Some(sequence) = sequence else {
            return false;
        };
        if self.last_sequence.is_some_and(|last| sequence <= last) {
            return true;
        }
        self.last_sequence = Some(sequence);
        false
    }

    fn text(&mut self, index: u64, delta: &str, out: &mut Events) {
        if !delta.is_empty() {
            self.open.entry(index).or_default().text.push_str(delta);
            out.push_back(StreamEvent::Text(delta.to_owned()));
        }
    }

    fn thinking(&mut self, index: u64, delta: &str, out: &mut Events) {
        if !delta.is_empty() {
            let open = self.open.entry(index).or_default();
            open.is_reasoning = true;
            open.text.push_str(delta);
            out.push_back(StreamEvent::Thinking(delta.to_owned()));
        }
    }

    fn next_summary(&mut self, index: u64, out: &mut Events) {
        let open = self.open.entry(index).or_default();
        if std::mem::replace(&mut open.has_summary, true) {
            self.thinking(index, "\n\n", out);
        }
    }

    fn finish_item(&mut self, index: u64, item: &Value, out: &mut Events) -> Result<(), Fault> {
        if !self.done.insert(index) {
            return Ok(());
        }
        let open = self.open.remove(&index).unwrap_or_default();
        let shape: Item =
            serde_json::from_value(item.clone()).map_err(|error| Fault::senseless(&error))?;
        match shape.kind.as_str() {
            "message" => self.finish_message(&shape, open, out),
            "reasoning" => finish_reasoning(&shape, item, open, out),
            "function_call" => return self.finish_call(shape, open, out),
            _ => {}
        }
        Ok(())
    }

    fn finish_message(&mut self, item: &Item, open: Open, out: &mut Events) {
        self.is_refusal |= item.content().any(|part| part.kind == "refusal");
        let whole: String = item.content().map(|part| part.words()).collect();
        // A gateway that streams no deltas still delivers the item.
        if open.text.is_empty() && !whole.is_empty() {
            out.push_back(StreamEvent::Text(whole.clone()));
        }
        let text = if whole.is_empty() { open.text } else { whole };
        if text.is_empty() {
            return;
        }
        if let Some(phase) = &item.phase {
            let data = json!({ PHASE: phase }).to_string();
            let block = Block::RedactedThinking { data, source: None };
            out.push_back(StreamEvent::BlockDone(block));
        }
        out.push_back(StreamEvent::BlockDone(Block::Text { text }));
    }

    fn finish_call(&mut self, item: Item, open: Open, out: &mut Events) -> Result<(), Fault> {
        if item.status.as_deref() == Some("incomplete") {
            return Ok(());
        }
        let given = item.arguments.unwrap_or_default();
        let draft = Draft {
            id: item.call_id.or(item.id).unwrap_or_default(),
            name: item.name.unwrap_or_default(),
            json: if given.is_empty() {
                open.arguments
            } else {
                given
            },
            opaque: None,
        };
        match calls::deliver([draft], Ending::Whole, &mut self.ids, out) {
            Ok(count) => self.call_count += count,
            Err(fault) => self.malformed = Some(fault),
        }
        Ok(())
    }

    fn finish(&mut self, kind: &str, response: Response, out: &mut Events) -> Result<(), Fault> {
        if kind == "response.failed" {
            return Err(response.error.unwrap_or_default().fault());
        }
        // What was lost on the way is in the summary at the end.
        for (index, item) in (0..).zip(&response.output) {
            self.finish_item(index, item, out)?;
        }
        let reason = response
            .incomplete_details
            .map(|details| details.reason)
            .unwrap_or_default();
        let is_cut = kind == "response.incomplete";
        if !is_cut {
            self.check_whole()?;
        }
        self.finish_text(out);
        if let Some(usage) = response.usage {
            out.push_back(StreamEvent::Usage(counted(usage)));
        }
        let finish = match reason.as_str() {
            "content_filter" => Finish::Refusal,
            _ if is_cut => Finish::MaxTokens,
            _ if self.call_count > 0 => Finish::ToolCalls,
            _ if self.is_refusal => Finish::Refusal,
            _ => Finish::EndTurn,
        };
        self.is_finished = true;
        out.push_back(StreamEvent::Finished(finish));
        Ok(())
    }

    fn check_whole(&mut self) -> Result<(), Fault> {
        if let Some(fault) = self.malformed.take() {
            return Err(fault);
        }
        let is_open = self.open.values().any(|open| !open.arguments.is_empty());
        if is_open {
            return Err(Fault::broken("the model stopped within a tool call"));
        }
        Ok(())
    }

    /// Text whose item never ended: the answer was cut within it.
    fn finish_text(&mut self, out: &mut Events) {
        for open in std::mem::take(&mut self.open).into_values() {
            if !open.text.is_empty() && !open.is_reasoning {
                out.push_back(StreamEvent::BlockDone(Block::Text { text: open.text }));
            }
        }
    }
}

/// The item goes back as it is, if it can be read without the server's store.
fn finish_reasoning(item: &Item, whole: &Value, open: Open, out: &mut Events) {
    let is_sealed = item
        .encrypted_content
        .as_ref()
        .is_some_and(|sealed| !sealed.is_empty());
    let signature = is_sealed.then(|| whole.to_string());
    let summary: Vec<_> = item.summary.iter().map(|part| part.words()).collect();
    let text = if summary.is_empty() {
        open.text
    } else {
        summary.join("\n\n")
    };
    if text.is_empty() && signature.is_none() {
        return;
    }
    out.push_back(StreamEvent::BlockDone(Block::Thinking {
        text,
        signature,
        source: None,
    }));
}

fn counted(usage: WireUsage) -> Usage {
    let details = usage.input_tokens_details.unwrap_or_default();
    let cached = details.cached_tokens.unwrap_or_default();
    let written = details.cache_write_tokens.unwrap_or_default();
    Usage {
        input_tokens: usage
            .input_tokens
            .unwrap_or_default()
            .saturating_sub(cached + written),
        output_tokens: usage.output_tokens.unwrap_or_default(),
        cache_read_tokens: cached,
        cache_write_tokens: written,
    }
}
