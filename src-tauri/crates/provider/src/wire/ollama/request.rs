//! A request as Ollama wants it.

use std::borrow::Cow;
use std::collections::HashMap;

use protocol::{Block, Message, Role, ToolSpec};
use serde::Serialize;
use serde_json::Value;

use crate::Request;
use crate::catalog::Degree;
use crate::wire::Terms;
use crate::wire::history::{NO_OUTPUT, is_blank, object, result_words, tool_names};
use crate::wire::written::{Frame, Written, items};

/// Context a model is loaded with at least. The server's own default is a
/// few thousand tokens, which our tools alone nearly fill.
const LEAST_CONTEXT: u32 = 32_768;

/// Context asked for at most when nobody knows what the model can do.
const MOST_CONTEXT: u32 = 262_144;

/// Few tokens are shorter than three bytes, so this errs on the safe side.
const BYTES_PER_TOKEN: usize = 3;

/// What local models make of an image, at most.
const IMAGE_TOKENS: usize = 2_048;

/// Room for an answer of which no length is said.
const ANSWER_TOKENS: u32 = 8_192;

/// The body of a request.
pub(super) fn encode(request: &Request, terms: &Terms<'_>, written: &mut Written) -> Vec<u8> {
    let names = tool_names(&request.messages);
    let write = |messages: &[Message]| {
        let mut wire = Vec::with_capacity(messages.len());
        for message in messages {
            match message.role {
                Role::User => push_user(message, &names, &mut wire),
                Role::Assistant => wire.extend(assistant(message)),
            }
        }
        items(&wire)
    };
    let mut body = |num_ctx| {
        let frame = Frame {
            head: head(request, terms, num_ctx),
            field: "messages",
            lead: match is_blank(&request.system) {
                true => Vec::new(),
                false => items(&[WireMessage::new("system", request.system.as_str())]),
            },
        };
        written.body(request, &frame, |part| write(part.messages))
    };
    let size = body(0).len();
    let images = request.messages.iter().flat_map(images);
    let (count, bytes) = images.fold((0, 0), |(count, bytes), image| {
        (count + 1, bytes + image.len())
    });
    let size = size.saturating_sub(bytes) + count * IMAGE_TOKENS * BYTES_PER_TOKEN;
    let most = terms
        .model
        .map_or(MOST_CONTEXT, |model| model.context_window);
    body(context(size, request.max_output_tokens, most))
}

/// All but the messages.
fn head(request: &Request, terms: &Terms<'_>, num_ctx: u32) -> Vec<u8> {
    let body = Body {
        model: &request.model,
        stream: true,
        think: match &terms.degree {
            Some(Degree::Word(level)) => Think::Level(level),
            _ => Think::On(true),
        },
        options: Sizes {
            num_ctx,
            num_predict: Some(request.max_output_tokens).filter(|&limit| limit > 0),
        },
        tools: request.tools.iter().map(tool).collect(),
    };
    serde_json::to_vec(&body).unwrap_or_default()
}

/// Doubles from the least, so that a growing conversation makes the server
/// load the model anew only rarely.
fn context(prompt_bytes: usize, answer_tokens: u32, most: u32) -> u32 {
    let answer = match answer_tokens {
        0 => ANSWER_TOKENS,
        tokens => tokens,
    };
    let prompt = u32::try_from(prompt_bytes / BYTES_PER_TOKEN).unwrap_or(u32::MAX);
    let needed = prompt.saturating_add(answer);
    let mut context = LEAST_CONTEXT;
    while context < needed && context < most {
        context = context.saturating_mul(2);
    }
    context.min(most)
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    stream: bool,
    think: Think<'a>,
    options: Sizes,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
}

/// Models without levels read any level as yes.
#[derive(Serialize)]
#[serde(untagged)]
enum Think<'a> {
    On(bool),
    Level(&'a str),
}

#[derive(Serialize)]
struct Sizes {
    num_ctx: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_predict: Option<u32>,
}

#[derive(Serialize)]
struct Tool<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    function: ToolFunction<'a>,
}

#[derive(Serialize)]
struct ToolFunction<'a> {
    name: &'a str,
    description: &'a str,
    parameters: &'a Value,
}

fn tool(tool: &ToolSpec) -> Tool<'_> {
    Tool {
        kind: "function",
        function: ToolFunction {
            name: &tool.name,
            description: &tool.description,
            parameters: &tool.input_schema,
        },
    }
}

#[derive(Serialize)]
struct WireMessage<'a> {
    role: &'static str,
    content: Cow<'a, str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    images: Vec<&'a str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    thinking: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<WireCall<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_name: Option<&'a str>,
}

impl<'a> WireMessage<'a> {
    fn new(role: &'static str, content: impl Into<Cow<'a, str>>) -> Self {
        Self {
            role,
            content: content.into(),
            images: Vec::new(),
            thinking: String::new(),
            tool_calls: Vec::new(),
            tool_name: None,
        }
    }
}

#[derive(Serialize)]
struct WireCall<'a> {
    function: CallFunction<'a>,
}

#[derive(Serialize)]
struct CallFunction<'a> {
    name: &'a str,
    arguments: Cow<'a, Value>,
}

/// Results come right after their calls, before anything the user says.
fn push_user<'a>(
    message: &'a Message,
    names: &HashMap<&'a str, &'a str>,
    messages: &mut Vec<WireMessage<'a>>,
) {
    for block in &message.blocks {
        if let Block::ToolResult(result) = block {
            messages.push(WireMessage {
                tool_name: names.get(result.call_id.as_str()).copied(),
                ..WireMessage::new("tool", result_words(result, NO_OUTPUT))
            });
        }
    }
    let text = text_of(message);
    let images: Vec<&str> = images(message).collect();
    if !text.is_empty() || !images.is_empty() {
        messages.push(WireMessage {
            images,
            ..WireMessage::new("user", text)
        });
    }
}

/// The wire knows no documents.
fn images(message: &Message) -> impl Iterator<Item = &str> {
    let files = message.attachments();
    let images = files.filter(|attachment| attachment.media_type.is_image());
    images.map(|image| image.data.as_str())
}

fn assistant(message: &Message) -> Option<WireMessage<'_>> {
    let mut wire = WireMessage::new("assistant", text_of(message));
    for block in &message.blocks {
        match block {
            Block::Thinking { text, .. } => wire.thinking.push_str(text),
            Block::ToolCall(call) => wire.tool_calls.push(WireCall {
                function: CallFunction {
                    name: &call.name,
                    arguments: object(&call.input),
                },
            }),
            _ => {}
        }
    }
    // Reasoning matters while tools run; afterwards it only fills the window.
    if wire.tool_calls.is_empty() {
        wire.thinking.clear();
    }
    (!wire.content.is_empty() || !wire.tool_calls.is_empty()).then_some(wire)
}

fn text_of(message: &Message) -> String {
    let texts = message.blocks.iter().filter_map(|block| match block {
        Block::Text { text } if !is_blank(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests;
