//! Ollama's lines.

use serde_json::{Value, json};

use super::{TEXT_PIECE, answer_tokens, pieces, prompt_tokens};
use crate::model_server::RecordedRequest;
use crate::model_server::reply::Answer;

pub(super) fn events(answer: &Answer, request: &RecordedRequest) -> Vec<String> {
    let model = &request.body["model"];
    let line = |message: Value| {
        let line = json!({ "model": model, "created_at": "2026-01-01T00:00:00Z", "message": message, "done": false });
        format!("{line}\n")
    };
    let mut lines = Vec::new();
    for piece in pieces(answer.thinking.as_deref().unwrap_or_default(), TEXT_PIECE) {
        lines.push(line(
            json!({ "role": "assistant", "content": "", "thinking": piece }),
        ));
    }
    for piece in pieces(answer.text.as_deref().unwrap_or_default(), TEXT_PIECE) {
        lines.push(line(json!({ "role": "assistant", "content": piece })));
    }
    for (name, input) in &answer.tools {
        let call = json!({ "function": { "name": name, "arguments": input } });
        lines.push(line(
            json!({ "role": "assistant", "content": "", "tool_calls": [call] }),
        ));
    }
    if answer.is_malformed {
        lines.push("{\"model\":\"x\",\"mess\n".to_owned());
    }
    if let Some(kind) = &answer.error {
        lines.push(format!(
            "{}\n",
            json!({ "error": format!("scripted error ({kind})") })
        ));
        return lines;
    }
    let reason = answer.stop_reason.as_deref().unwrap_or("stop");
    let end = json!({
        "model": model, "created_at": "2026-01-01T00:00:01Z", "message": { "role": "assistant", "content": "" },
        "done": true, "done_reason": reason, "total_duration": 1,
        "prompt_eval_count": prompt_tokens(request), "eval_count": answer_tokens(answer),
    });
    lines.push(format!("{end}\n"));
    lines
}

pub(super) fn error(status: u16) -> String {
    json!({ "error": format!("scripted {status}") }).to_string()
}
