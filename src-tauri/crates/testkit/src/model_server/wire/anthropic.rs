//! The Anthropic Messages stream.

use serde_json::{Value, json};

use super::pieces;
use crate::model_server::RecordedRequest;
use crate::model_server::reply::Answer;

/// Lengths of streamed pieces, near those of the real server.
const TEXT_PIECE: usize = 12;
const JSON_PIECE: usize = 24;

/// Four bytes a token is the usual rule of thumb.
const BYTES_PER_TOKEN: usize = 4;

pub(super) fn events(answer: &Answer, request: &RecordedRequest) -> Vec<String> {
    let mut stream = Stream {
        events: Vec::new(),
        index: 0,
    };
    let input_tokens = request.body.to_string().len() / BYTES_PER_TOKEN;
    stream.push(json!({
        "type": "message_start",
        "message": {
            "id": format!("msg_{}", request.number), "type": "message", "role": "assistant",
            "model": request.body["model"], "content": [], "stop_reason": null, "stop_sequence": null,
            "usage": { "input_tokens": input_tokens, "output_tokens": 1,
                       "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0 }
        }
    }));
    stream.push(json!({ "type": "ping" }));
    let mut output_bytes = 0;
    if let Some(thinking) = &answer.thinking {
        output_bytes += thinking.len();
        stream.thinking(thinking, request.number);
    }
    if let Some(text) = &answer.text {
        output_bytes += text.len();
        stream.text(text);
    }
    for (at, (name, input)) in answer.tools.iter().enumerate() {
        let mut input = input.to_string();
        output_bytes += input.len();
        if answer.is_malformed && at + 1 == answer.tools.len() {
            input.truncate(input.len().saturating_sub(1));
            input.push_str(",]");
        }
        stream.tool(
            &format!("toolu_{}_{}", request.number, at + 1),
            name,
            &input,
        );
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
        "usage": { "output_tokens": output_bytes / BYTES_PER_TOKEN + 1 }
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
