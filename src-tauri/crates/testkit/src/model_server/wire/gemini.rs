//! The Gemini stream.

use serde_json::{Value, json};

use super::{TEXT_PIECE, answer_tokens, pieces, prompt_tokens};
use crate::model_server::RecordedRequest;
use crate::model_server::reply::Answer;

pub(super) fn events(answer: &Answer, request: &RecordedRequest) -> Vec<String> {
    let mut stream = Stream {
        events: Vec::new(),
        id: format!("response-{}", request.number),
        usage: json!({ "promptTokenCount": prompt_tokens(request), "candidatesTokenCount": 1 }),
    };
    for piece in pieces(answer.thinking.as_deref().unwrap_or_default(), TEXT_PIECE) {
        stream.part(json!({ "text": piece, "thought": true }));
    }
    for piece in pieces(answer.text.as_deref().unwrap_or_default(), TEXT_PIECE) {
        stream.part(json!({ "text": piece }));
    }
    for (at, (name, input)) in answer.tools.iter().enumerate() {
        let mut part = json!({ "functionCall": { "name": name, "args": input } });
        // Of parallel calls only the first one is signed.
        if answer.thinking.is_some() && at == 0 {
            part["thoughtSignature"] = format!("c2ln{:04}", request.number).into();
        }
        stream.part(part);
    }
    if answer.is_malformed {
        stream
            .events
            .push("data: {\"candidates\":[{\"content\r\n\r\n".to_owned());
    }
    if let Some(kind) = &answer.error {
        let error = json!({ "error": { "code": 0, "status": kind, "message": "scripted error" } });
        stream.events.push(format!("data: {error}\r\n\r\n"));
        return stream.events;
    }
    let reason = answer.stop_reason.as_deref().unwrap_or("STOP");
    stream.usage["candidatesTokenCount"] = answer_tokens(answer).into();
    stream.chunk(json!({ "content": { "role": "model", "parts": [{ "text": "" }] }, "finishReason": reason, "index": 0 }));
    stream.events
}

pub(super) fn error(status: u16) -> String {
    let name = match status {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        503 | 529 => "UNAVAILABLE",
        _ => "INTERNAL",
    };
    json!([{ "error": { "code": status, "message": format!("scripted {status}"), "status": name } }])
        .to_string()
}

/// Results stand in the last content, as output or as error.
pub(super) fn results(body: &Value) -> Vec<&str> {
    let contents = body["contents"].as_array();
    let last = contents.and_then(|all| all.last()).unwrap_or(&Value::Null);
    let parts = last["parts"].as_array().into_iter().flatten();
    parts
        .filter_map(|part| part.get("functionResponse"))
        .map(|result| {
            let response = &result["response"];
            let text = response["output"].as_str();
            text.or_else(|| response["error"].as_str())
                .unwrap_or_default()
        })
        .collect()
}

struct Stream {
    events: Vec<String>,
    id: String,
    usage: Value,
}

impl Stream {
    fn part(&mut self, part: Value) {
        self.chunk(json!({ "content": { "role": "model", "parts": [part] }, "index": 0 }));
    }

    fn chunk(&mut self, candidate: Value) {
        let chunk = json!({ "candidates": [candidate], "usageMetadata": self.usage,
                            "modelVersion": "scripted", "responseId": self.id });
        self.events.push(format!("data: {chunk}\r\n\r\n"));
    }
}
