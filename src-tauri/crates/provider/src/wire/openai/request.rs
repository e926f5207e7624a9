//! A request as OpenAI Responses wants it.

use std::borrow::Cow;

use protocol::{Attachment, Block, Message, Role, ToolSpec};
use serde::Serialize;
use serde_json::Value;

use crate::Request;
use crate::catalog::{Degree, Thinking};
use crate::wire::Terms;
use crate::wire::history::{NO_OUTPUT, is_blank, object, result_words, wire_id};
use crate::wire::written::{Frame, Written, items as array};

/// Longest id of a call the wire takes.
const MAX_ID_LENGTH: usize = 64;

/// Key in the opaque data that says what kind of text follows.
pub(super) const PHASE: &str = "phase";

/// The body of a request.
pub(super) fn encode(request: &Request, terms: &Terms<'_>, written: &mut Written) -> Vec<u8> {
    let frame = Frame {
        head: head(request, terms),
        field: "input",
        lead: Vec::new(),
    };
    written.body(request, &frame, |part| {
        let input: Vec<_> = part.messages.iter().flat_map(items).collect();
        array(&input)
    })
}

/// All but the input.
fn head(request: &Request, terms: &Terms<'_>) -> Vec<u8> {
    // An unknown model may reason; one that does not says so, and the field
    // is left out from then on.
    let reasons = terms
        .model
        .is_none_or(|model| model.thinking == Some(Thinking::Summary));
    let body = Body {
        model: &request.model,
        instructions: Some(request.system.as_str()).filter(|system| !is_blank(system)),
        tools: request.tools.iter().map(tool).collect(),
        stream: true,
        store: false,
        include: if reasons {
            &["reasoning.encrypted_content"]
        } else {
            &[]
        },
        reasoning: reasons.then_some(Reasoning {
            summary: "auto",
            effort: match &terms.degree {
                Some(Degree::Word(effort)) => Some(effort),
                _ => None,
            },
        }),
        max_output_tokens: Some(request.max_output_tokens).filter(|&limit| limit > 0),
        prompt_cache_key: request.messages.first().map(|message| message.id.as_str()),
    };
    serde_json::to_vec(&body).unwrap_or_default()
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instructions: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
    stream: bool,
    store: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    include: &'a [&'a str],
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning: Option<Reasoning<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    /// The session's first message stands for the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_cache_key: Option<&'a str>,
}

#[derive(Serialize)]
struct Reasoning<'a> {
    summary: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    effort: Option<&'a str>,
}

#[derive(Serialize)]
struct Tool<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'a str,
    description: &'a str,
    parameters: &'a Value,
    /// Strict schemas forbid optional fields, which our tools have.
    strict: bool,
}

fn tool(tool: &ToolSpec) -> Tool<'_> {
    Tool {
        kind: "function",
        name: &tool.name,
        description: &tool.description,
        parameters: &tool.input_schema,
        strict: false,
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Item<'a> {
    /// Reasoning as it came.
    Verbatim(Value),
    Typed(Typed<'a>),
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Typed<'a> {
    Message {
        role: Role,
        content: Said<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        phase: Option<String>,
    },
    FunctionCall {
        call_id: Cow<'a, str>,
        name: &'a str,
        arguments: String,
    },
    FunctionCallOutput {
        call_id: Cow<'a, str>,
        output: &'a str,
    },
}

#[derive(Serialize)]
#[serde(untagged)]
enum Said<'a> {
    Plain(&'a str),
    Parts([Part<'a>; 1]),
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part<'a> {
    InputImage {
        image_url: String,
        detail: &'static str,
    },
    InputFile {
        filename: &'a str,
        file_data: String,
    },
}

fn file(attachment: &Attachment) -> Item<'_> {
    let part = if attachment.media_type.is_image() {
        Part::InputImage {
            image_url: attachment.data_url(),
            detail: "auto",
        }
    } else {
        Part::InputFile {
            filename: &attachment.name,
            file_data: attachment.data_url(),
        }
    };
    Item::Typed(Typed::Message {
        role: Role::User,
        content: Said::Parts([part]),
        phase: None,
    })
}

/// Results first, as every wire wants them: right after their calls.
fn items(message: &Message) -> Vec<Item<'_>> {
    let mut phase = None;
    let mut results = Vec::new();
    let mut items = Vec::new();
    for block in &message.blocks {
        match block {
            Block::Text { text } if is_blank(text) => {}
            Block::Text { text } => items.push(Item::Typed(Typed::Message {
                role: message.role,
                content: Said::Plain(text),
                phase: phase.take(),
            })),
            Block::Attachment(attachment) => items.push(file(attachment)),
            Block::Thinking { signature, .. } => {
                items.extend(signature.as_deref().and_then(verbatim));
            }
            Block::RedactedThinking { data, .. } => phase = phase_of(data),
            Block::ToolCall(call) => items.push(Item::Typed(Typed::FunctionCall {
                call_id: wire_id(call.id.as_str(), MAX_ID_LENGTH),
                name: &call.name,
                arguments: object(&call.input).to_string(),
            })),
            Block::ToolResult(result) => results.push(Item::Typed(Typed::FunctionCallOutput {
                call_id: wire_id(result.call_id.as_str(), MAX_ID_LENGTH),
                output: result_words(result, NO_OUTPUT),
            })),
        }
    }
    results.append(&mut items);
    results
}

fn verbatim(item: &str) -> Option<Item<'_>> {
    serde_json::from_str(item).ok().map(Item::Verbatim)
}

fn phase_of(data: &str) -> Option<String> {
    let data: Value = serde_json::from_str(data).ok()?;
    Some(data.get(PHASE)?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests;
