//! A request as Gemini wants it.

use std::borrow::Cow;
use std::collections::HashMap;

use protocol::{Block, Message, Outcome, Role, ToolSpec};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::schema::reduced;
use super::{CALL_SIGNATURE, TEXT_SIGNATURE};
use crate::Request;
use crate::catalog::{Degree, Thinking};
use crate::wire::Terms;
use crate::wire::history::{NO_OUTPUT, is_blank, object, result_words, tool_names};
use crate::wire::written::{Frame, Written, items};

/// Stands for the signature of a call another model made. The models that
/// insist on signatures document it for exactly that.
const FOREIGN_CALL: &str = "skip_thought_signature_validator";

/// The body of a request.
pub(super) fn encode(request: &Request, terms: &Terms<'_>, written: &mut Written) -> Vec<u8> {
    let names = tool_names(&request.messages);
    let wants_signatures = !["gemini-1", "gemini-2", "gemma"]
        .iter()
        .any(|old| request.model.trim_start_matches("models/").starts_with(old));
    let frame = Frame {
        head: head(request, terms),
        field: "contents",
        lead: Vec::new(),
    };
    written.body(request, &frame, |part| {
        items(&contents(part.messages, &names, wants_signatures))
    })
}

fn contents<'a>(
    messages: &'a [Message],
    names: &HashMap<&'a str, &'a str>,
    wants_signatures: bool,
) -> Vec<Content<'a>> {
    let mut contents: Vec<Content<'_>> = Vec::new();
    for message in messages {
        let parts = parts(message, names, wants_signatures);
        if parts.is_empty() {
            continue;
        }
        let role = match message.role {
            Role::User => "user",
            Role::Assistant => "model",
        };
        match contents.last_mut() {
            Some(last) if last.role == role => last.parts.extend(parts),
            _ => contents.push(Content { role, parts }),
        }
    }
    for content in &mut contents {
        content
            .parts
            .sort_by_key(|part| part.function_response.is_none());
    }
    contents
}

/// All but the contents.
fn head(request: &Request, terms: &Terms<'_>) -> Vec<u8> {
    let declarations: Vec<_> = request.tools.iter().map(declaration).collect();
    let body = Body {
        system_instruction: (!is_blank(&request.system)).then(|| Instruction {
            parts: [Part::text(&request.system)],
        }),
        tools: Some([Tools {
            function_declarations: declarations,
        }])
        .filter(|_| !request.tools.is_empty()),
        generation_config: Generation {
            max_output_tokens: Some(request.max_output_tokens).filter(|&limit| limit > 0),
            thinking_config: thinking_config(terms),
        },
    };
    serde_json::to_vec(&body).unwrap_or_default()
}

/// Levels for models since Gemini 3, a most of tokens for older ones; a
/// request may not have both.
fn thinking_config(terms: &Terms<'_>) -> Option<Value> {
    let mut config = Map::new();
    if terms.model?.thinking == Some(Thinking::Summary) {
        config.insert("includeThoughts".to_owned(), json!(true));
    }
    match &terms.degree {
        Some(Degree::Word(level)) => config.insert("thinkingLevel".to_owned(), json!(level)),
        Some(Degree::Tokens(most)) => config.insert("thinkingBudget".to_owned(), json!(most)),
        None => None,
    };
    (!config.is_empty()).then_some(Value::Object(config))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    system_instruction: Option<Instruction<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tools: Option<[Tools<'a>; 1]>,
    generation_config: Generation,
}

#[derive(Serialize)]
struct Instruction<'a> {
    parts: [Part<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tools<'a> {
    function_declarations: Vec<Declaration<'a>>,
}

#[derive(Serialize)]
struct Declaration<'a> {
    name: &'a str,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<Value>,
}

fn declaration(tool: &ToolSpec) -> Declaration<'_> {
    Declaration {
        name: &tool.name,
        description: &tool.description,
        parameters: reduced(&tool.input_schema),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Generation {
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking_config: Option<Value>,
}

#[derive(Serialize)]
struct Content<'a> {
    role: &'static str,
    parts: Vec<Part<'a>>,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inline_data: Option<InlineData<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    function_call: Option<FunctionCall<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    function_response: Option<FunctionResponse<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thought_signature: Option<&'a str>,
}

impl<'a> Part<'a> {
    fn text(text: &'a str) -> Self {
        Self {
            text: Some(text),
            ..Self::default()
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InlineData<'a> {
    mime_type: &'static str,
    data: &'a str,
}

#[derive(Serialize)]
struct FunctionCall<'a> {
    id: &'a str,
    name: &'a str,
    args: Cow<'a, Value>,
}

#[derive(Serialize)]
struct FunctionResponse<'a> {
    id: &'a str,
    name: &'a str,
    response: Value,
}

fn parts<'a>(
    message: &'a Message,
    names: &HashMap<&'a str, &'a str>,
    wants_signatures: bool,
) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    let mut signature = None;
    let mut has_call = false;
    for block in &message.blocks {
        match block {
            Block::Text { text } if is_blank(text) => {}
            Block::Text { text } => parts.push(Part::text(text)),
            Block::Attachment(attachment) => parts.push(Part {
                inline_data: Some(InlineData {
                    mime_type: attachment.media_type.name(),
                    data: &attachment.data,
                }),
                ..Part::default()
            }),
            // Reasoning in words is for people; the signature carries it.
            Block::Thinking { .. } => {}
            Block::RedactedThinking { data, .. } => {
                if let Some(sealed) = data.strip_prefix(TEXT_SIGNATURE) {
                    parts.push(Part {
                        thought_signature: Some(sealed),
                        ..Part::text("")
                    });
                } else {
                    signature = data.strip_prefix(CALL_SIGNATURE);
                }
            }
            Block::ToolCall(call) => {
                let foreign = (wants_signatures && !has_call).then_some(FOREIGN_CALL);
                has_call = true;
                parts.push(Part {
                    function_call: Some(FunctionCall {
                        id: call.id.as_str(),
                        name: &call.name,
                        args: object(&call.input),
                    }),
                    thought_signature: signature.take().or(foreign),
                    ..Part::default()
                });
            }
            Block::ToolResult(result) => {
                let key = match result.outcome {
                    Outcome::Ok => "output",
                    _ => "error",
                };
                let id = result.call_id.as_str();
                parts.push(Part {
                    function_response: Some(FunctionResponse {
                        id,
                        name: names.get(id).copied().unwrap_or("unknown"),
                        response: json!({ key: result_words(result, NO_OUTPUT) }),
                    }),
                    ..Part::default()
                });
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests;
