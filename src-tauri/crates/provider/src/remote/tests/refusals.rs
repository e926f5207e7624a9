//! Refusals: which are final, what they say, and what is conceded.

use serde_json::{Value, json};
use testkit::{ModelServer, Reply};

use super::{WIRES, ask, error, final_text, finish, remote, request, retry_count};
use crate::sse::MAX_EVENT_BYTES;
use crate::{Finish, Provider};
use futures::StreamExt;
use protocol::ErrorKind;

async fn check_final(id: &str, reply: Reply, kind: ErrorKind, hint: &str) {
    let server = ModelServer::start([reply]).await;
    let items = ask(&remote(id, &server.base_url())).await;
    assert_eq!(error(&items).kind, kind, "{id} {items:?}");
    assert!(error(&items).hint.contains(hint), "{id} {items:?}");
    assert_eq!(server.requests().len(), 1, "{id} {items:?}");
}

#[tokio::test]
async fn refusals_are_not_retried() {
    for (id, _) in WIRES {
        let check = async |reply: Reply, kind: ErrorKind, hint: &str| {
            check_final(id, reply, kind, hint).await;
        };
        check(Reply::status(400), ErrorKind::BadRequest, "settings").await;
        check(Reply::status(401), ErrorKind::Auth, "key").await;
        check(Reply::status(402), ErrorKind::BadRequest, "billing").await;
        check(Reply::status(403), ErrorKind::Auth, "key").await;
        check(Reply::status(404), ErrorKind::NotFound, "model name").await;
        check(
            Reply::status(413),
            ErrorKind::ContextOverflow,
            "new session",
        )
        .await;
        let stranger = json!({ "hello": "stranger" });
        check(Reply::json(stranger), ErrorKind::BadRequest, "base URL").await;
        let worded = json!({ "error": { "code": 401, "message": "no such key" } });
        check(Reply::json(worded), ErrorKind::Auth, "key").await;
    }
}

#[tokio::test]
async fn the_pause_a_server_asks_for_is_kept_on_every_wire() {
    for (id, _) in WIRES {
        let hour = Reply::status(429).retry_after(3600);
        check_final(id, hour, ErrorKind::RateLimited, "60 minutes").await;
    }
    let details =
        json!([{ "@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3600s" }]);
    let quota = json!([{ "error": { "code": 429, "message": "quota", "details": details } }]);
    check_final(
        "gemini",
        Reply::refusal(429, quota),
        ErrorKind::RateLimited,
        "60 minutes",
    )
    .await;
}

#[tokio::test]
async fn refusals_that_share_a_status_are_told_apart_by_their_words() {
    let check = async |id: &str, status: u16, document: Value, kind: ErrorKind, hint: &str| {
        check_final(id, Reply::refusal(status, document), kind, hint).await;
    };
    let worded = |words: &str| json!({ "error": { "message": words } });
    let no_key = worded("API key not valid. Please pass a valid API key.");
    check("gemini", 400, no_key, ErrorKind::Auth, "Check the key").await;
    let no_tools = json!({ "error": "registry.ollama.ai/gemma does not support tools" });
    check("ollama", 400, no_tools, ErrorKind::BadRequest, "call tools").await;
    let no_quota =
        json!({ "error": { "code": "insufficient_quota", "message": "You exceeded your quota." } });
    check("openai", 429, no_quota, ErrorKind::RateLimited, "billing").await;
    let detail = json!({ "detail": "Unprocessable." });
    check(
        "openai-chat",
        422,
        detail,
        ErrorKind::BadRequest,
        "settings",
    )
    .await;
}

/// What each provider says of a conversation that outgrew the model.
const TOO_LONG: [(&str, u16, &str); 11] = [
    (
        "anthropic",
        400,
        "prompt is too long: 200001 tokens > 200000 maximum",
    ),
    (
        "anthropic",
        400,
        "input length and `max_tokens` exceed context limit: 1 + 2 > 2",
    ),
    (
        "openai-chat",
        400,
        "This model's maximum context length is 8192 tokens.",
    ),
    (
        "groq",
        400,
        "Please reduce the length of the messages or completion.",
    ),
    (
        "openrouter",
        400,
        "This endpoint's maximum context length is 8192 tokens.",
    ),
    ("xai", 400, "This model's maximum prompt length is 131072."),
    (
        "gemini",
        400,
        "The input token count (9) exceeds the maximum number of tokens allowed (8).",
    ),
    (
        "ollama",
        400,
        "prompt too long; exceeded max context length by 5 tokens",
    ),
    ("ollama", 500, "the input length exceeds the context length"),
    (
        "llama-server",
        400,
        "the request exceeds the available context size",
    ),
    (
        "lm-studio",
        400,
        "The number of tokens to keep from the initial prompt is greater than the context length.",
    ),
];

#[tokio::test]
async fn a_conversation_that_outgrew_the_model_is_known_by_words_names_and_status() {
    let check = async |id: &str, reply: Reply| {
        check_final(id, reply, ErrorKind::ContextOverflow, "/compact").await;
    };
    for (id, status, words) in TOO_LONG {
        let error = json!({ "error": { "message": words } });
        check(id, Reply::refusal(status, error)).await;
    }
    let named = |field: &str, name: &str| json!({ "error": { field: name, "message": "No." } });
    check(
        "anthropic",
        Reply::refusal(413, named("type", "request_too_large")),
    )
    .await;
    check(
        "openai",
        Reply::refusal(400, named("code", "context_length_exceeded")),
    )
    .await;
    check(
        "llama-server",
        Reply::refusal(400, named("type", "exceed_context_size_error")),
    )
    .await;

    let event = json!({ "type": "error", "error": { "code": "context_length_exceeded", "message": "No." } });
    for id in ["openai", "openai-chat"] {
        check(id, Reply::events(format!("data: {event}\n\n"))).await;
    }
}

/// A server that refuses a field by name, until it is gone.
async fn check_conceded(id: &str, field: &str, words: &str) {
    let pointer = format!("/{field}");
    let refusal = Reply::refusal(400, json!({ "error": { "message": words } }));
    let script =
        testkit::Script::from_fn(
            move |request| match request.body.pointer(&pointer).is_some() {
                true => refusal.clone(),
                false => Reply::text("Fine."),
            },
        );
    let server = ModelServer::start(script).await;
    let provider = remote(id, &server.base_url());
    for _ in 0..2 {
        let items = ask(&provider).await;
        assert_eq!(final_text(&items), "Fine.", "{id} {field}: {items:?}");
        assert_eq!(retry_count(&items), 0, "{id} {field}");
    }
    // The second request knows what the first one learnt.
    assert_eq!(server.requests().len(), 3, "{id} {field}");
}

#[tokio::test]
async fn a_field_the_server_does_not_know_is_left_out_from_then_on() {
    let unknown = |field: &str| format!("Unknown parameter: '{field}'.");
    check_conceded("openai-chat", "stream_options", &unknown("stream_options")).await;
    check_conceded("lm-studio", "stream_options", &unknown("stream_options")).await;
    let limit = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.";
    check_conceded("lm-studio", "max_tokens", limit).await;
    check_conceded(
        "openai",
        "include",
        "Encrypted content is not supported with this model.",
    )
    .await;
    let summary = "Unsupported parameter: 'reasoning.summary' is not supported with this model.";
    check_conceded("openai", "reasoning", summary).await;
    check_conceded("ollama", "think", "\"llama3\" does not support thinking").await;
}

#[tokio::test]
async fn complaints_in_a_list_and_refusals_in_an_event_are_read() {
    let loc = json!(["body", "stream_options"]);
    let detail = json!({ "detail": [{ "type": "extra_forbidden", "loc": loc }] });
    let refusal = Reply::refusal(422, json!({ "object": "error", "message": detail }));
    let server = ModelServer::start([refusal, Reply::text("Fine.")]).await;
    let items = ask(&remote("mistral", &server.base_url())).await;
    assert_eq!(final_text(&items), "Fine.");
    assert_eq!(
        server.requests()[1].body.pointer("/stream_options"),
        None,
        "{items:?}"
    );
    let event = r#"data: {"error":{"message":"No such deployment.","code":"404"}}"#;
    let wrapped = Reply::events(event).with_status(404);
    let server = ModelServer::start([wrapped]).await;
    let items = ask(&remote("openai", &server.base_url())).await;
    assert_eq!(error(&items).kind, ErrorKind::NotFound);
    assert!(error(&items).message.contains("No such deployment"));
}

#[tokio::test]
async fn an_answer_that_comes_whole_is_taken_whole() {
    let usage = json!({ "input_tokens": 5, "output_tokens": 2 });
    let call = json!({ "path": "a" });
    let documents = [
        (
            "anthropic",
            json!({ "type": "message", "role": "assistant", "stop_reason": "tool_use", "usage": usage,
            "content": [{ "type": "text", "text": "I look." }, { "type": "tool_use", "id": "t1", "name": "read", "input": call }] }),
        ),
        (
            "openai",
            json!({ "object": "response", "status": "completed", "usage": usage, "output": [
            { "type": "message", "content": [{ "type": "output_text", "text": "I look." }] },
            { "type": "function_call", "call_id": "t1", "name": "read", "arguments": call.to_string() }] }),
        ),
        (
            "openai-chat",
            json!({ "object": "chat.completion", "choices": [{ "index": 0, "finish_reason": "tool_calls",
            "message": { "content": "I look.", "tool_calls": [{ "id": "t1", "function": { "name": "read", "arguments": call.to_string() } }] } }] }),
        ),
        (
            "gemini",
            json!({ "candidates": [{ "finishReason": "STOP", "content": { "parts": [{ "text": "I look." },
            { "functionCall": { "name": "read", "args": call } }] } }] }),
        ),
        (
            "ollama",
            json!({ "done": true, "done_reason": "stop", "message": { "content": "I look.",
            "tool_calls": [{ "function": { "name": "read", "arguments": call } }] } }),
        ),
    ];
    for (id, document) in documents {
        let server = ModelServer::start([Reply::json(document)]).await;
        let items = ask(&remote(id, &server.base_url())).await;
        assert_eq!(final_text(&items), "I look.", "{id}: {items:?}");
        assert_eq!(finish(&items), Finish::ToolCalls, "{id}");
        let has_call = super::blocks(&items)
            .iter()
            .any(|block| matches!(block, protocol::Block::ToolCall(found) if found.input == call));
        assert!(has_call, "{id}: {items:?}");
    }
}

#[tokio::test]
async fn a_refusal_about_anything_else_is_not_asked_again() {
    let words = "Unknown parameter: 'messages'.";
    let refusal = Reply::refusal(400, json!({ "error": { "message": words } }));
    check_final("openai-chat", refusal, ErrorKind::BadRequest, "settings").await;
}

#[tokio::test]
async fn a_frame_without_end_is_cut_off_and_said() {
    for (id, _) in WIRES {
        let flood = Reply::events(format!("data: {}", "x".repeat(MAX_EVENT_BYTES + 1)));
        check_final(id, flood, ErrorKind::BrokenStream, "base URL").await;
    }
}

#[tokio::test]
async fn a_server_that_never_hangs_up_does_not_hold_a_finished_answer() {
    let chunk = r#"{"choices":[{"index":0,"delta":{"content":"Hi."},"finish_reason":"stop"}]}"#;
    let body = format!("data: {chunk}\n\n");
    let length = body.len();
    let server =
        ModelServer::start([Reply::events(body + ": never sent\n\n").stalled_after(length)]).await;
    let items: super::Items = remote("openai-chat", &server.base_url())
        .stream(request())
        .collect()
        .await;
    assert_eq!(finish(&items), Finish::EndTurn);
    assert_eq!(final_text(&items), "Hi.");
}
