//! The JSON of Responses events, as far as it is read.

use serde::Deserialize;
use serde_json::Value;

use crate::wire::Fault;

/// All events in one: their fields do not contradict each other.
#[derive(Debug, Deserialize)]
pub(super) struct Event {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) sequence_number: Option<u64>,
    #[serde(default)]
    pub(super) output_index: u64,
    /// The item a piece belongs to; whole items have none.
    #[serde(default)]
    pub(super) item_id: Option<String>,
    #[serde(default, deserialize_with = "text_or_nothing")]
    pub(super) delta: String,
    #[serde(default)]
    pub(super) arguments: Option<String>,
    #[serde(default)]
    pub(super) response: Option<Response>,
    #[serde(default)]
    pub(super) error: Option<WireError>,
    /// An error event has its words beside its type.
    #[serde(flatten)]
    pub(super) flat: WireError,
}

/// Some events have an object where others have text.
fn text_or_nothing<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    match Value::deserialize(from)? {
        Value::String(text) => Ok(text),
        _ => Ok(String::new()),
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct ItemEvent {
    pub(super) item: Value,
}

/// A response that did not stream.
#[derive(Debug, Deserialize)]
pub(super) struct Whole {
    pub(super) status: String,
    #[serde(flatten)]
    pub(super) response: Response,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Response {
    #[serde(default)]
    pub(super) output: Vec<Value>,
    #[serde(default)]
    pub(super) error: Option<WireError>,
    #[serde(default)]
    pub(super) incomplete_details: Option<Incomplete>,
    #[serde(default)]
    pub(super) usage: Option<WireUsage>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Incomplete {
    #[serde(default)]
    pub(super) reason: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct WireError {
    #[serde(default)]
    code: Option<Value>,
    #[serde(default)]
    message: Option<String>,
}

impl WireError {
    pub(super) fn fault(&self) -> Fault {
        let code = match &self.code {
            Some(Value::String(code)) => code.clone(),
            Some(Value::Number(code)) => code.to_string(),
            _ => String::new(),
        };
        Fault::named(&code, self.message.as_deref().unwrap_or_default())
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Item {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) status: Option<String>,
    #[serde(default)]
    content: Option<Vec<Part>>,
    #[serde(default)]
    pub(super) phase: Option<String>,
    #[serde(default)]
    pub(super) summary: Vec<Part>,
    #[serde(default)]
    pub(super) encrypted_content: Option<String>,
    #[serde(default)]
    pub(super) call_id: Option<String>,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) arguments: Option<String>,
}

impl Item {
    pub(super) fn content(&self) -> impl Iterator<Item = &Part> {
        self.content.iter().flatten()
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Part {
    #[serde(rename = "type", default)]
    pub(super) kind: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
}

impl Part {
    pub(super) fn words(&self) -> &str {
        let words = self.text.as_deref().or(self.refusal.as_deref());
        words.unwrap_or_default()
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct WireUsage {
    pub(super) input_tokens: Option<u64>,
    pub(super) output_tokens: Option<u64>,
    pub(super) input_tokens_details: Option<InputDetails>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct InputDetails {
    pub(super) cached_tokens: Option<u64>,
    pub(super) cache_write_tokens: Option<u64>,
}
