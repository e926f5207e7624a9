//! A request as Chat Completions wants it, in the server's own way of it.

use std::borrow::Cow;

use protocol::{Attachment, Block, Message, Role, ToolCall, ToolSpec};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{EXTRA_CONTENT, REASONING_CONTENT, REASONING_DETAILS};
use crate::Request;
use crate::catalog::{Chat, Degree};
use crate::wire::Terms;
use crate::wire::history::{NO_OUTPUT, is_blank, object, result_words, short_id, wire_id};
use crate::wire::written::{Frame, Written, items};

/// Longest id of a call; OpenAI's own limit.
const MAX_ID_LENGTH: usize = 64;

/// The body of a request.
pub(super) fn encode(request: &Request, terms: &Terms<'_>, written: &mut Written) -> Vec<u8> {
    let system = WireMessage::System {
        content: &request.system,
    };
    let frame = Frame {
        head: head(request, terms),
        field: "messages",
        lead: match is_blank(&request.system) {
            true => Vec::new(),
            false => items(&[system]),
        },
    };
    written.body(request, &frame, |part| {
        let mut messages = Vec::with_capacity(part.messages.len());
        for message in part.messages {
            match message.role {
                Role::User => push_user(message, terms.chat, &mut messages),
                Role::Assistant => messages.extend(assistant(message, terms.chat)),
            }
        }
        items(&messages)
    })
}

/// All but the messages.
fn head(request: &Request, terms: &Terms<'_>) -> Vec<u8> {
    let limit = Some(request.max_output_tokens).filter(|&limit| limit > 0);
    let (max_tokens, max_completion_tokens) = match terms.chat.limit_field.as_str() {
        "max_completion_tokens" => (None, limit),
        _ => (limit, None),
    };
    let first = request.messages.first().filter(|_| terms.chat.cache_key);
    let body = Body {
        model: &request.model,
        stream: true,
        stream_options: StreamOptions {
            include_usage: true,
        },
        max_tokens,
        max_completion_tokens,
        prompt_cache_key: first.map(|message| message.id.as_str()),
        reasoning_effort: match &terms.degree {
            Some(Degree::Word(effort)) => Some(effort),
            _ => None,
        },
        tools: request.tools.iter().map(tool).collect(),
    };
    serde_json::to_vec(&body).unwrap_or_default()
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    stream: bool,
    stream_options: StreamOptions,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_cache_key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_effort: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
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
#[serde(tag = "role", rename_all = "snake_case")]
enum WireMessage<'a> {
    System {
        content: &'a str,
    },
    User {
        content: Said<'a>,
    },
    Assistant(Assistant<'a>),
    Tool {
        tool_call_id: Cow<'a, str>,
        content: &'a str,
    },
}

/// Plain words, as servers without eyes want them, or parts.
#[derive(Serialize)]
#[serde(untagged)]
enum Said<'a> {
    Plain(Cow<'a, str>),
    Parts(Vec<Part<'a>>),
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part<'a> {
    Text { text: Cow<'a, str> },
    ImageUrl { image_url: Url },
    File { file: File<'a> },
}

#[derive(Serialize)]
struct Url {
    url: String,
}

#[derive(Serialize)]
struct File<'a> {
    filename: &'a str,
    file_data: String,
}

impl<'a> Said<'a> {
    fn into_parts(self) -> Vec<Part<'a>> {
        match self {
            Self::Plain(text) => vec![Part::Text { text }],
            Self::Parts(parts) => parts,
        }
    }

    fn push(&mut self, more: Self) {
        match (self, more) {
            (Self::Plain(text), Self::Plain(more)) => {
                let text = text.to_mut();
                text.push_str("\n\n");
                text.push_str(&more);
            }
            (said, more) => {
                let before = std::mem::replace(said, Self::Parts(Vec::new()));
                let mut parts = before.into_parts();
                parts.extend(more.into_parts());
                *said = Self::Parts(parts);
            }
        }
    }
}

#[derive(Serialize)]
struct Assistant<'a> {
    /// Null beside calls, as OpenAI itself answers; some servers miss the
    /// field when it is left out.
    content: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<WireCall<'a>>,
    /// What the server wants back, under the names it came by.
    #[serde(flatten)]
    reasoning: Map<String, Value>,
}

#[derive(Serialize)]
struct WireCall<'a> {
    id: Cow<'a, str>,
    #[serde(rename = "type")]
    kind: &'static str,
    function: CallFunction<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra_content: Option<Value>,
}

#[derive(Serialize)]
struct CallFunction<'a> {
    name: &'a str,
    arguments: String,
}

/// Results come right after their calls, before anything the user says.
fn push_user<'a>(message: &'a Message, chat: &Chat, messages: &mut Vec<WireMessage<'a>>) {
    for block in &message.blocks {
        if let Block::ToolResult(result) = block {
            messages.push(WireMessage::Tool {
                tool_call_id: call_id(result.call_id.as_str(), chat),
                content: result_words(result, NO_OUTPUT),
            });
        }
    }
    let Some(said) = said(message) else { return };
    match messages.last_mut() {
        Some(WireMessage::User { content }) => content.push(said),
        _ => messages.push(WireMessage::User { content: said }),
    }
}

fn said(message: &Message) -> Option<Said<'_>> {
    let text = text_of(message);
    let mut parts: Vec<_> = message.attachments().map(file).collect();
    if parts.is_empty() {
        return text.map(Said::Plain);
    }
    parts.extend(text.map(|text| Part::Text { text }));
    Some(Said::Parts(parts))
}

fn file(attachment: &Attachment) -> Part<'_> {
    let url = attachment.data_url();
    if attachment.media_type.is_image() {
        return Part::ImageUrl {
            image_url: Url { url },
        };
    }
    Part::File {
        file: File {
            filename: &attachment.name,
            file_data: url,
        },
    }
}

fn assistant<'a>(message: &'a Message, chat: &Chat) -> Option<WireMessage<'a>> {
    let content = text_of(message);
    let mut tool_calls = Vec::new();
    let mut reasoning = Map::new();
    let mut extra = None;
    for block in &message.blocks {
        match block {
            Block::ToolCall(call) => tool_calls.push(wire_call(call, extra.take(), chat)),
            Block::Thinking {
                text, signature, ..
            } if signature.as_deref() == Some(REASONING_CONTENT) => {
                add_reasoning(text, &mut reasoning);
            }
            Block::RedactedThinking { data, .. } => {
                let mut data = serde_json::from_str::<Value>(data).unwrap_or_default();
                extra = data.get_mut(EXTRA_CONTENT).map(Value::take).or(extra);
                if let Some(details) = data.get_mut(REASONING_DETAILS) {
                    reasoning.insert(REASONING_DETAILS.to_owned(), details.take());
                }
            }
            _ => {}
        }
    }
    if content.is_none() && tool_calls.is_empty() {
        return None;
    }
    if tool_calls.is_empty() {
        reasoning.remove(REASONING_CONTENT);
    } else if chat.wants_reasoning {
        add_reasoning("", &mut reasoning);
    }
    Some(WireMessage::Assistant(Assistant {
        content,
        tool_calls,
        reasoning,
    }))
}

fn add_reasoning(text: &str, reasoning: &mut Map<String, Value>) {
    let entry = reasoning
        .entry(REASONING_CONTENT)
        .or_insert_with(|| Value::String(String::new()));
    if let Value::String(whole) = entry {
        whole.push_str(text);
    }
}

fn wire_call<'a>(call: &'a ToolCall, extra_content: Option<Value>, chat: &Chat) -> WireCall<'a> {
    WireCall {
        id: call_id(call.id.as_str(), chat),
        kind: "function",
        function: CallFunction {
            name: &call.name,
            arguments: object(&call.input).to_string(),
        },
        extra_content,
    }
}

fn call_id<'a>(id: &'a str, chat: &Chat) -> Cow<'a, str> {
    match chat.call_id_length {
        Some(length) if id.len() != length || !id.bytes().all(|c| c.is_ascii_alphanumeric()) => {
            Cow::Owned(short_id(id, length))
        }
        Some(_) => Cow::Borrowed(id),
        None => wire_id(id, MAX_ID_LENGTH),
    }
}

fn text_of(message: &Message) -> Option<Cow<'_, str>> {
    let mut texts = message.blocks.iter().filter_map(|block| match block {
        Block::Text { text } if !is_blank(text) => Some(text.as_str()),
        _ => None,
    });
    let first = texts.next()?;
    let whole = texts.fold(Cow::Borrowed(first), |whole, more| {
        Cow::Owned(format!("{whole}\n\n{more}"))
    });
    Some(whole)
}

#[cfg(test)]
mod tests;
