//! A request as Anthropic wants it.
//!
//! The same history gives the same bytes, so that the provider's prompt
//! cache matches; only the cache marks on the last two user messages move.

use std::borrow::Cow;

use protocol::{Attachment, Block, Message, Outcome, Role, ToolCall, ToolResult};
use serde::Serialize;
use serde_json::Value;
use smallvec::SmallVec;

use crate::Request;
use crate::catalog::{Degree, Thinking};
use crate::wire::Terms;
use crate::wire::history::{is_blank, object, result_words, wire_id};
use crate::wire::written::{Frame, Part, Written, items};

/// The wire wants a limit; asked when the caller leaves it to the provider.
const DEFAULT_MAX_TOKENS: u32 = 8_192;

/// Longest id of a call that is sent; the wire states no limit.
const MAX_ID_LENGTH: usize = 128;

/// User messages that carry a cache mark. The newest writes the cache for
/// the next request, the one before finds what the last request wrote. With
/// the marks on tools and system that is the wire's limit of four.
const MARKED_MESSAGES: usize = 2;

/// The body of a request.
pub(super) fn encode(request: &Request, terms: &Terms<'_>, written: &mut Written) -> Vec<u8> {
    let frame = Frame {
        head: head(request, terms),
        field: "messages",
        lead: Vec::new(),
    };
    written.body(request, &frame, |part| items(&wire_messages(part)))
}

fn wire_messages<'a>(part: &Part<'a>) -> Vec<WireMessage<'a>> {
    let mut messages = merged(part.messages);
    if part.is_end {
        trim_prefill(&mut messages);
        let user_messages = messages
            .iter_mut()
            .rev()
            .filter(|message| message.role == Role::User);
        for message in user_messages.take(MARKED_MESSAGES) {
            message.mark();
        }
    }
    messages
}

/// All but the messages.
fn head(request: &Request, terms: &Terms<'_>) -> Vec<u8> {
    let mut tools: Vec<_> = request
        .tools
        .iter()
        .map(|tool| WireTool {
            name: &tool.name,
            description: &tool.description,
            input_schema: &tool.input_schema,
            cache_control: None,
        })
        .collect();
    if let Some(last) = tools.last_mut() {
        last.cache_control = Some(CacheControl::EPHEMERAL);
    }
    let system = Content::Text {
        text: &request.system,
        cache_control: Some(CacheControl::EPHEMERAL),
    };
    let body = Body {
        model: &request.model,
        max_tokens: match request.max_output_tokens {
            0 => DEFAULT_MAX_TOKENS,
            limit => limit,
        },
        stream: true,
        thinking: terms
            .model
            .filter(|model| model.thinking == Some(Thinking::Adaptive))
            .map(|_| ThinkingMode::ADAPTIVE),
        output_config: match &terms.degree {
            Some(Degree::Word(effort)) => Some(OutputConfig { effort }),
            _ => None,
        },
        tools,
        system: if is_blank(&request.system) {
            Vec::new()
        } else {
            vec![system]
        },
    };
    serde_json::to_vec(&body).unwrap_or_default()
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    max_tokens: u32,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking: Option<ThinkingMode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_config: Option<OutputConfig<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<WireTool<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    system: Vec<Content<'a>>,
}

#[derive(Serialize, Clone, Copy)]
struct ThinkingMode {
    #[serde(rename = "type")]
    kind: &'static str,
    display: &'static str,
}

impl ThinkingMode {
    /// These models think by themselves, but keep it dark unless asked, and
    /// with it all they say between two tool calls.
    const ADAPTIVE: Self = Self {
        kind: "adaptive",
        display: "summarized",
    };
}

#[derive(Serialize)]
struct OutputConfig<'a> {
    effort: &'a str,
}

#[derive(Serialize)]
struct WireTool<'a> {
    name: &'a str,
    description: &'a str,
    input_schema: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_control: Option<CacheControl>,
}

#[derive(Serialize, Clone, Copy)]
struct CacheControl {
    #[serde(rename = "type")]
    kind: &'static str,
}

impl CacheControl {
    const EPHEMERAL: Self = Self { kind: "ephemeral" };
}

#[derive(Serialize)]
struct WireMessage<'a> {
    role: Role,
    /// Most messages of long turns are one call or one result.
    content: SmallVec<[Content<'a>; 1]>,
}

impl WireMessage<'_> {
    fn mark(&mut self) {
        if let Some(
            Content::Text { cache_control, .. }
            | Content::Image { cache_control, .. }
            | Content::Document { cache_control, .. }
            | Content::ToolResult { cache_control, .. },
        ) = self.content.last_mut()
        {
            *cache_control = Some(CacheControl::EPHEMERAL);
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Content<'a> {
    Text {
        text: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<CacheControl>,
    },
    Image {
        source: Source<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<CacheControl>,
    },
    Document {
        source: Source<'a>,
        title: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<CacheControl>,
    },
    Thinking {
        thinking: &'a str,
        signature: &'a str,
    },
    RedactedThinking {
        data: &'a str,
    },
    ToolUse {
        id: Cow<'a, str>,
        name: &'a str,
        input: Cow<'a, Value>,
    },
    ToolResult {
        tool_use_id: Cow<'a, str>,
        #[serde(skip_serializing_if = "str::is_empty")]
        content: &'a str,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        is_error: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        cache_control: Option<CacheControl>,
    },
}

#[derive(Serialize)]
struct Source<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    media_type: &'static str,
    data: &'a str,
}

/// The history with blank blocks and messages left out and neighbours of the
/// same role merged. Results come first within a message, as the wire
/// insists.
fn merged(history: &[Message]) -> Vec<WireMessage<'_>> {
    let mut messages: Vec<WireMessage<'_>> = Vec::new();
    for message in history {
        let content: SmallVec<_> = message.blocks.iter().filter_map(content).collect();
        if content.is_empty() {
            continue;
        }
        match messages.last_mut() {
            Some(last) if last.role == message.role => last.content.extend(content),
            _ => messages.push(WireMessage {
                role: message.role,
                content,
            }),
        }
    }
    for message in &mut messages {
        message
            .content
            .sort_by_key(|content| !matches!(content, Content::ToolResult { .. }));
    }
    messages
}

/// After a pause the history ends with the model's own words, and the wire
/// refuses those with white space at their end.
fn trim_prefill(messages: &mut [WireMessage<'_>]) {
    if let Some(last) = messages.last_mut()
        && last.role == Role::Assistant
        && let Some(Content::Text { text, .. }) = last.content.last_mut()
    {
        *text = text.trim_end();
    }
}

fn content(block: &Block) -> Option<Content<'_>> {
    match block {
        Block::Text { text } => (!is_blank(text)).then_some(Content::Text {
            text,
            cache_control: None,
        }),
        // Without its signature the wire refuses reasoning.
        Block::Thinking {
            text, signature, ..
        } => signature.as_deref().map(|signature| Content::Thinking {
            thinking: text,
            signature,
        }),
        Block::RedactedThinking { data, .. } => Some(Content::RedactedThinking { data }),
        Block::Attachment(attachment) => Some(file(attachment)),
        Block::ToolCall(call) => Some(tool_use(call)),
        Block::ToolResult(result) => Some(tool_result(result)),
    }
}

fn file(attachment: &Attachment) -> Content<'_> {
    let source = Source {
        kind: "base64",
        media_type: attachment.media_type.name(),
        data: &attachment.data,
    };
    if attachment.media_type.is_image() {
        return Content::Image {
            source,
            cache_control: None,
        };
    }
    Content::Document {
        source,
        title: &attachment.name,
        cache_control: None,
    }
}

fn tool_use(call: &ToolCall) -> Content<'_> {
    Content::ToolUse {
        id: wire_id(call.id.as_str(), MAX_ID_LENGTH),
        name: &call.name,
        input: object(&call.input),
    }
}

fn tool_result(result: &ToolResult) -> Content<'_> {
    Content::ToolResult {
        tool_use_id: wire_id(result.call_id.as_str(), MAX_ID_LENGTH),
        content: result_words(result, ""),
        is_error: result.outcome != Outcome::Ok,
        cache_control: None,
    }
}

#[cfg(test)]
mod tests;
