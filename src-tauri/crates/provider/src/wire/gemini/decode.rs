//! The chunks of a Gemini stream, turned into events.

mod shape;

use protocol::{Block, Usage};

use self::shape::{Candidate, Chunk, FunctionCall, Part, WireUsage};
use super::{CALL_SIGNATURE, TEXT_SIGNATURE};
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
    finish: Option<Stop>,
    is_finished: bool,
}

/// Why it stopped, before it is known whether there were calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    Done,
    Cut,
    Refused,
}

impl Decoder {
    pub(super) fn new(ids: Ids) -> Self {
        Self {
            ids,
            prose: Prose::default(),
            calls: Vec::new(),
            finish: None,
            is_finished: false,
        }
    }
}

impl Decode for Decoder {
    fn frame(&mut self, data: &str, out: &mut Events) -> Result<(), Fault> {
        if self.is_finished || data.trim() == "[DONE]" {
            return Ok(());
        }
        let chunk =
            serde_json::from_str::<Chunk>(data).map_err(|error| Fault::senseless(&error))?;
        if let Some(error) = chunk.error {
            return Err(error.fault());
        }
        if let Some(usage) = chunk.usage_metadata {
            out.push_back(StreamEvent::Usage(counted(&usage)));
        }
        let is_blocked = chunk
            .prompt_feedback
            .is_some_and(|feedback| feedback.block_reason.is_some());
        if is_blocked {
            self.finish = Some(Stop::Refused);
        }
        // More than one candidate is never asked for.
        if let Some(candidate) = chunk.candidates.unwrap_or_default().into_iter().next() {
            self.take(candidate, out)?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Events) -> Result<(), Fault> {
        let Some(stop) = self.finish else {
            return Err(Fault::broken("it ended before the model was done"));
        };
        self.prose.close(out);
        let ending = match stop {
            Stop::Done => Ending::Whole,
            Stop::Cut | Stop::Refused => Ending::Cut,
        };
        let call_count = deliver(std::mem::take(&mut self.calls), ending, &mut self.ids, out)?;
        let finish = match stop {
            Stop::Refused => Finish::Refusal,
            Stop::Cut => Finish::MaxTokens,
            Stop::Done if call_count > 0 => Finish::ToolCalls,
            Stop::Done => Finish::EndTurn,
        };
        self.is_finished = true;
        out.push_back(StreamEvent::Finished(finish));
        Ok(())
    }

    fn is_finished(&self) -> bool {
        self.is_finished
    }

    /// The stream has no last event of its own: it ends with its body.
    fn is_settled(&self) -> bool {
        self.finish.is_some()
    }
}

impl Decoder {
    fn take(&mut self, candidate: Candidate, out: &mut Events) -> Result<(), Fault> {
        let content = candidate.content.unwrap_or_default();
        for part in content.parts.unwrap_or_default() {
            self.take_part(part, out)?;
        }
        if let Some(reason) = candidate.finish_reason.as_deref() {
            let words = candidate.finish_message.unwrap_or_default();
            self.finish = Some(stop(reason, words)?);
        }
        Ok(())
    }

    fn take_part(&mut self, part: Part, out: &mut Events) -> Result<(), Fault> {
        if let Some(call) = part.function_call {
            self.prose.close(out);
            self.calls.push(draft(call, part.thought_signature)?);
            return Ok(());
        }
        let text = part.text.unwrap_or_default();
        if part.thought.unwrap_or_default() {
            self.prose.thinking(&text, None, out);
            return Ok(());
        }
        self.prose.text(&text, out);
        if let Some(signature) = part.thought_signature {
            self.prose.close(out);
            out.push_back(StreamEvent::BlockDone(Block::RedactedThinking {
                data: format!("{TEXT_SIGNATURE}{signature}"),
                source: None,
            }));
        }
        Ok(())
    }
}

fn draft(call: FunctionCall, signature: Option<String>) -> Result<Draft, Fault> {
    let name = call.name.unwrap_or_default();
    if name.is_empty() {
        return Err(Fault::broken("a tool call has no name"));
    }
    Ok(Draft {
        id: call.id.unwrap_or_default(),
        name,
        // A call comes whole or not at all, so no input is an empty one.
        json: call
            .args
            .map_or_else(|| "{}".to_owned(), |args| args.to_string()),
        opaque: signature.map(|signature| format!("{CALL_SIGNATURE}{signature}")),
    })
}

fn stop(reason: &str, words: String) -> Result<Stop, Fault> {
    Ok(match reason {
        "MAX_TOKENS" | "CONTINUATION" => Stop::Cut,
        "SAFETY"
        | "RECITATION"
        | "LANGUAGE"
        | "BLOCKLIST"
        | "PROHIBITED_CONTENT"
        | "SPII"
        | "IMAGE_SAFETY"
        | "IMAGE_PROHIBITED_CONTENT"
        | "IMAGE_RECITATION"
        | "ESCALATION"
        | "MODEL_ARMOR" => Stop::Refused,
        "MALFORMED_FUNCTION_CALL" | "UNEXPECTED_TOOL_CALL" | "MALFORMED_RESPONSE" => {
            let words = if words.is_empty() {
                "the model's tool call is malformed".to_owned()
            } else {
                words
            };
            return Err(Fault::Broken(words));
        }
        "MISSING_THOUGHT_SIGNATURE" | "PUP_LIMITED_DISABLED" => {
            return Err(Fault::Status {
                status: 400,
                words: if words.is_empty() {
                    reason.to_owned()
                } else {
                    words
                },
            });
        }
        "OTHER" | "TOO_MANY_TOOL_CALLS" => return Err(Fault::named(reason, &words)),
        _ => Stop::Done,
    })
}

/// Thoughts and what tools of the server read are counted apart.
fn counted(usage: &WireUsage) -> Usage {
    let cached = usage.cached_content_token_count.unwrap_or_default();
    let prompt = usage.prompt_token_count.unwrap_or_default()
        + usage.tool_use_prompt_token_count.unwrap_or_default();
    Usage {
        input_tokens: prompt.saturating_sub(cached),
        output_tokens: usage.candidates_token_count.unwrap_or_default()
            + usage.thoughts_token_count.unwrap_or_default(),
        cache_read_tokens: cached,
        cache_write_tokens: 0,
    }
}
