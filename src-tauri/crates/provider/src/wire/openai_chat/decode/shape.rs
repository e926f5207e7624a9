//! The JSON of chunks, as far as it is read. Everything may be null.

use serde::Deserialize;
use serde_json::Value;

use crate::wire::Fault;

#[derive(Debug, Deserialize)]
pub(super) struct Chunk {
    pub(super) choices: Option<Vec<Choice>>,
    pub(super) usage: Option<WireUsage>,
    pub(super) x_groq: Option<Groq>,
    pub(super) error: Option<WireError>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    pub(super) index: Option<u64>,
    pub(super) delta: Option<Delta>,
    /// Some servers send the last chunk like an answer that does not stream.
    pub(super) message: Option<Delta>,
    pub(super) finish_reason: Option<String>,
    pub(super) error: Option<WireError>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Delta {
    pub(super) content: Option<Value>,
    pub(super) refusal: Option<String>,
    pub(super) reasoning_content: Option<String>,
    pub(super) reasoning: Option<String>,
    pub(super) reasoning_details: Option<Value>,
    pub(super) tool_calls: Option<Vec<Piece>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Piece {
    pub(super) index: Option<u64>,
    pub(super) id: Option<String>,
    pub(super) function: Option<Function>,
    pub(super) extra_content: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Function {
    pub(super) name: Option<String>,
    pub(super) arguments: Option<Value>,
}

/// Groq counts in a place of its own.
#[derive(Debug, Deserialize)]
pub(super) struct Groq {
    pub(super) usage: Option<WireUsage>,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireUsage {
    pub(super) prompt_tokens: Option<u64>,
    pub(super) completion_tokens: Option<u64>,
    pub(super) prompt_tokens_details: Option<PromptDetails>,
    /// DeepSeek's name for it.
    pub(super) prompt_cache_hit_tokens: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PromptDetails {
    pub(super) cached_tokens: Option<u64>,
}

/// An object with code and message, or only words.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum WireError {
    Words(String),
    Object {
        code: Option<Value>,
        #[serde(rename = "type")]
        kind: Option<String>,
        message: Option<String>,
    },
}

impl WireError {
    pub(super) fn fault(&self) -> Fault {
        match self {
            Self::Words(words) => Fault::named("", words),
            Self::Object {
                code,
                kind,
                message,
            } => {
                let name = match code {
                    Some(Value::String(code)) => code.clone(),
                    Some(Value::Number(code)) => code.to_string(),
                    _ => kind.clone().unwrap_or_default(),
                };
                Fault::named(&name, message.as_deref().unwrap_or_default())
            }
        }
    }
}
