//! The Chat Completions stream.

use serde_json::{Value, json};

use super::{JSON_PIECE, TEXT_PIECE, answer_tokens, inputs, pieces, prompt_tokens, trailing};
use crate::model_server::RecordedRequest;
use crate::model_server::reply::Answer;

pub(super) fn events(answer: &Answer, request: &RecordedRequest) -> Vec<String> {
    let mut stream = Stream {
        events: vec![": keep-alive\n\n".to_owned()],
        id: format!("chatcmpl-{}", request.number),
        model: request.body["model"].clone(),
    };
    stream.delta(json!({ "role": "assistant", "content": null }));
    for piece in pieces(answer.thinking.as_deref().unwrap_or_default(), TEXT_PIECE) {
        stream.delta(json!({ "reasoning_content": piece, "content": null }));
    }
    for piece in pieces(answer.text.as_deref().unwrap_or_default(), TEXT_PIECE) {
        stream.delta(json!({ "content": piece }));
    }
    for (index, ((name, _), input)) in answer.tools.iter().zip(inputs(answer)).enumerate() {
        let id = format!("call_{}_{}", request.number, index + 1);
        stream.delta(
            json!({ "tool_calls": [{ "index": index, "id": id, "type": "function",
                                              "function": { "name": name, "arguments": "" } }] }),
        );
        for piece in pieces(&input, JSON_PIECE) {
            stream.delta(
                json!({ "tool_calls": [{ "index": index, "function": { "arguments": piece } }] }),
            );
        }
    }
    if answer.is_malformed && answer.tools.is_empty() {
        stream
            .events
            .push("data: {\"id\":\"chatcmpl\n\n".to_owned());
    }
    if let Some(kind) = &answer.error {
        let error = json!({ "error": { "message": "scripted error", "type": kind, "code": kind } });
        stream.events.push(format!("data: {error}\n\n"));
        return stream.events;
    }
    let natural = if answer.tools.is_empty() {
        "stop"
    } else {
        "tool_calls"
    };
    let reason = answer.stop_reason.as_deref().unwrap_or(natural);
    stream.chunk(
        json!([{ "index": 0, "delta": {}, "finish_reason": reason }]),
        Value::Null,
    );
    if request.body["stream_options"]["include_usage"] == true {
        let (prompt, output) = (prompt_tokens(request), answer_tokens(answer));
        let usage = json!({ "prompt_tokens": prompt, "completion_tokens": output, "total_tokens": prompt + output,
                            "prompt_tokens_details": { "cached_tokens": 0 } });
        stream.chunk(json!([]), usage);
    }
    stream.events.push("data: [DONE]\n\n".to_owned());
    stream.events
}

/// Ollama has them in the same place.
pub(super) fn results(body: &Value) -> Vec<&str> {
    trailing(&body["messages"], |message| {
        (message["role"] == "tool").then(|| message["content"].as_str().unwrap_or_default())
    })
}

struct Stream {
    events: Vec<String>,
    id: String,
    model: Value,
}

impl Stream {
    fn delta(&mut self, delta: Value) {
        self.chunk(
            json!([{ "index": 0, "delta": delta, "finish_reason": null }]),
            Value::Null,
        );
    }

    fn chunk(&mut self, choices: Value, usage: Value) {
        let chunk = json!({ "id": self.id, "object": "chat.completion.chunk", "created": 0,
                            "model": self.model, "choices": choices, "usage": usage });
        self.events.push(format!("data: {chunk}\n\n"));
    }
}
