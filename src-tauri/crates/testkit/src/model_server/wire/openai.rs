//! The Responses stream.

use serde_json::{Value, json};

use super::{JSON_PIECE, TEXT_PIECE, answer_tokens, inputs, pieces, prompt_tokens, trailing};
use crate::model_server::RecordedRequest;
use crate::model_server::reply::Answer;

pub(super) fn events(answer: &Answer, request: &RecordedRequest) -> Vec<String> {
    let mut stream = Stream {
        events: Vec::new(),
        output: Vec::new(),
        sequence: 0,
        response_id: format!("resp_{}", request.number),
        model: request.body["model"].clone(),
    };
    stream.lifecycle("response.created", "in_progress", json!({}));
    stream.lifecycle("response.in_progress", "in_progress", json!({}));
    if let Some(thinking) = &answer.thinking {
        stream.reasoning(thinking, request.number);
    }
    if let Some(text) = &answer.text {
        stream.message(text, request.number);
    }
    for (at, ((name, _), input)) in answer.tools.iter().zip(inputs(answer)).enumerate() {
        stream.call(&format!("{}_{}", request.number, at + 1), name, &input);
    }
    if answer.is_malformed && answer.tools.is_empty() {
        stream
            .events
            .push("event: response.output_text.delta\ndata: {\"type\":\"resp\n\n".to_owned());
    }
    if let Some(kind) = &answer.error {
        stream.push(
            json!({ "type": "error", "code": kind, "message": "scripted error", "param": null }),
        );
        return stream.events;
    }
    let usage = json!({
        "input_tokens": prompt_tokens(request), "input_tokens_details": { "cached_tokens": 0, "cache_write_tokens": 0 },
        "output_tokens": answer_tokens(answer), "output_tokens_details": { "reasoning_tokens": 0 },
        "total_tokens": prompt_tokens(request) + answer_tokens(answer),
    });
    match answer.stop_reason.as_deref() {
        Some(reason) => stream.lifecycle(
            "response.incomplete",
            "incomplete",
            json!({ "usage": usage, "incomplete_details": { "reason": reason } }),
        ),
        None => stream.lifecycle("response.completed", "completed", json!({ "usage": usage })),
    }
    stream.events
}

/// Chat Completions words its refusals the same way.
pub(super) fn error(status: u16) -> String {
    let kind = match status {
        429 => "rate_limit_exceeded",
        500..=599 => "server_error",
        _ => "invalid_request_error",
    };
    json!({ "error": { "message": format!("scripted {status}"), "type": kind, "param": null, "code": null } })
        .to_string()
}

pub(super) fn results(body: &Value) -> Vec<&str> {
    trailing(&body["input"], |item| {
        (item["type"] == "function_call_output")
            .then(|| item["output"].as_str().unwrap_or_default())
    })
}

struct Stream {
    events: Vec<String>,
    output: Vec<Value>,
    sequence: u64,
    response_id: String,
    model: Value,
}

impl Stream {
    fn push(&mut self, mut data: Value) {
        data["sequence_number"] = self.sequence.into();
        self.sequence += 1;
        let name = data["type"].as_str().unwrap_or_default();
        self.events.push(format!("event: {name}\ndata: {data}\n\n"));
    }

    fn lifecycle(&mut self, kind: &str, status: &str, more: Value) {
        let mut response = json!({
            "id": self.response_id, "object": "response", "created_at": 0, "status": status,
            "model": self.model, "output": self.output, "error": null, "incomplete_details": null,
            "parallel_tool_calls": true, "tool_choice": "auto", "tools": [], "store": false, "usage": null,
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            response[name] = value.clone();
        }
        self.push(json!({ "type": kind, "response": response }));
    }

    /// An item: added, what happens in between, done.
    fn item(&mut self, added: Value, between: Vec<Value>, done: Value) {
        let index = self.output.len();
        let id = done["id"].clone();
        self.push(
            json!({ "type": "response.output_item.added", "output_index": index, "item": added }),
        );
        for mut event in between {
            event["output_index"] = index.into();
            event["item_id"] = id.clone();
            self.push(event);
        }
        self.push(
            json!({ "type": "response.output_item.done", "output_index": index, "item": done }),
        );
        self.output.push(done);
    }

    fn reasoning(&mut self, text: &str, number: usize) {
        let id = format!("rs_{number}");
        let part = |text: &str| json!({ "type": "summary_text", "text": text });
        let mut between = vec![
            json!({ "type": "response.reasoning_summary_part.added", "summary_index": 0, "part": part("") }),
        ];
        between.extend(pieces(text, TEXT_PIECE).into_iter().map(|piece| {
            json!({ "type": "response.reasoning_summary_text.delta", "summary_index": 0, "delta": piece })
        }));
        between.push(json!({ "type": "response.reasoning_summary_text.done", "summary_index": 0, "text": text }));
        between.push(json!({ "type": "response.reasoning_summary_part.done", "summary_index": 0, "part": part(text) }));
        self.item(
            json!({ "id": id, "type": "reasoning", "summary": [], "encrypted_content": "half" }),
            between,
            json!({ "id": id, "type": "reasoning", "summary": [part(text)],
                    "encrypted_content": format!("sealed-{number}==") }),
        );
    }

    fn message(&mut self, text: &str, number: usize) {
        let id = format!("msg_{number}");
        let part = |text: &str| json!({ "type": "output_text", "text": text, "annotations": [] });
        let message = |status: &str, content: Vec<Value>| json!({ "id": id, "type": "message", "role": "assistant", "status": status, "content": content });
        let mut between = vec![
            json!({ "type": "response.content_part.added", "content_index": 0, "part": part("") }),
        ];
        between.extend(pieces(text, TEXT_PIECE).into_iter().map(|piece| {
            json!({ "type": "response.output_text.delta", "content_index": 0, "delta": piece, "logprobs": [] })
        }));
        between.push(json!({ "type": "response.output_text.done", "content_index": 0, "text": text, "logprobs": [] }));
        between.push(
            json!({ "type": "response.content_part.done", "content_index": 0, "part": part(text) }),
        );
        self.item(
            message("in_progress", Vec::new()),
            between,
            message("completed", vec![part(text)]),
        );
    }

    fn call(&mut self, number: &str, name: &str, input: &str) {
        let call = |status: &str, arguments: &str| {
            json!({ "id": format!("fc_{number}"), "type": "function_call", "status": status,
                    "arguments": arguments, "call_id": format!("call_{number}"), "name": name })
        };
        let mut between: Vec<_> = pieces(input, JSON_PIECE)
            .into_iter()
            .map(
                |piece| json!({ "type": "response.function_call_arguments.delta", "delta": piece }),
            )
            .collect();
        between.push(json!({ "type": "response.function_call_arguments.done", "arguments": input, "name": name }));
        self.item(call("in_progress", ""), between, call("completed", input));
    }
}
