//! The Anthropic Messages stream.

use serde_json::{Value, json};

use super::{JSON_PIECE, TEXT_PIECE, answer_tokens, inputs, pieces, prompt_tokens};
use crate::model_server::RecordedRequest;
use crate::model_server::reply::Answer;

pub(super) fn events(answer: &Answer, request: &RecordedRequest) -> Vec<String> {
    let mut stream = Stream {
        events: Vec::new(),
        index: 0,
    };
    stream.push(json!({
        "type": "message_start",
        "message": {
            "id": format!("msg_{}", request.number), "type": "message", "role": "assistant",
            "model": request.body["model"], "content": [], "stop_reason": null, "stop_sequence": null,
            "usage": { "input_tokens": prompt_tokens(request), "output_tokens": 1,
                       "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0 }
        }
    }));
    stream.push(json!({ "type": "ping" }));
    if let Some(thinking) = &answer.thinking {
        stream.thinking(thinking, request.number);
    }
    if let Some(text) = &answer.text {
        stream.text(text);
    }
    for (at, ((name, _), input)) in answer.tools.iter().zip(inputs(answer)).enumerate() {
        let id = format!("toolu_{}_{}", request.number, at + 1);
        stream.tool(&id, name, &input);
    }
    if answer.is_malformed && answer.tools.is_empty() {
        stream
            .events
            .push("event: content_block_delta\ndata: {\"type\":\"content_block_del\n\n".to_owned());
    }
    if let Some(kind) = &answer.error {
        stream.push(
            json!({ "type": "error", "error": { "type": kind, "message": "scripted error" } }),
        );
        return stream.events;
    }
    let natural = if answer.tools.is_empty() {
        "end_turn"
    } else {
        "tool_use"
    };
    stream.push(json!({
        "type": "message_delta",
        "delta": { "stop_reason": answer.stop_reason.as_deref().unwrap_or(natural), "stop_sequence": null },
        "usage": { "output_tokens": answer_tokens(answer) }
    }));
    stream.push(json!({ "type": "message_stop" }));
    stream.events
}

pub(super) fn error(status: u16) -> String {
    let kind = match status {
        400 => "invalid_request_error",
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        _ => "api_error",
    };
    json!({ "type": "error", "error": { "type": kind, "message": format!("scripted {status}") } })
        .to_string()
}

/// Results stand in the last message.
pub(super) fn results(body: &Value) -> Vec<&str> {
    let messages = body["messages"].as_array();
    let last = messages.and_then(|all| all.last()).unwrap_or(&Value::Null);
    let blocks = last["content"].as_array().into_iter().flatten();
    blocks
        .filter(|block| block["type"] == "tool_result")
        .map(|block| block["content"].as_str().unwrap_or_default())
        .collect()
}

struct Stream {
    events: Vec<String>,
    index: usize,
}

impl Stream {
    fn push(&mut self, data: Value) {
        let name = data["type"].as_str().unwrap_or_default();
        self.events.push(format!("event: {name}\ndata: {data}\n\n"));
    }

    fn block(&mut self, start: Value, deltas: impl IntoIterator<Item = Value>) {
        let index = self.index;
        self.push(json!({ "type": "content_block_start", "index": index, "content_block": start }));
        for delta in deltas {
            self.push(json!({ "type": "content_block_delta", "index": index, "delta": delta }));
        }
        self.push(json!({ "type": "content_block_stop", "index": index }));
        self.index += 1;
    }

    fn thinking(&mut self, thinking: &str, number: usize) {
        let texts = pieces(thinking, TEXT_PIECE).into_iter();
        let deltas = texts.map(|piece| json!({ "type": "thinking_delta", "thinking": piece }));
        let signature =
            json!({ "type": "signature_delta", "signature": format!("signature-{number}==") });
        self.block(
            json!({ "type": "thinking", "thinking": "", "signature": "" }),
            deltas.chain([signature]),
        );
    }

    fn text(&mut self, text: &str) {
        let deltas = pieces(text, TEXT_PIECE)
            .into_iter()
            .map(|piece| json!({ "type": "text_delta", "text": piece }));
        self.block(json!({ "type": "text", "text": "" }), deltas);
    }

    fn tool(&mut self, id: &str, name: &str, input: &str) {
        let parts = [""].into_iter().chain(pieces(input, JSON_PIECE));
        let deltas =
            parts.map(|piece| json!({ "type": "input_json_delta", "partial_json": piece }));
        self.block(
            json!({ "type": "tool_use", "id": id, "name": name, "input": {} }),
            deltas,
        );
    }
}
