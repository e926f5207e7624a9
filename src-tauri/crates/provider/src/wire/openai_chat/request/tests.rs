#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};

use super::encode;
use crate::Request;
use crate::catalog;
use crate::wire::tests::history::{assistant, call, opaque, request, result, text, thinking, user};
use crate::wire::{Terms, Written};

fn body(id: &str, request: &Request) -> Value {
    let entry = catalog::load(id).unwrap();
    let terms = Terms {
        model: None,
        chat: &entry.chat,
        degree: entry.degree(&request.model, request.effort),
    };
    serde_json::from_slice(&encode(request, &terms, &mut Written::once())).unwrap()
}

#[test]
fn a_tool_round_has_the_shape_of_the_wire() {
    let request = request(vec![
        user(vec![text("run true"), text("twice")]),
        assistant(vec![
            text("I run it."),
            call("t1", json!({ "command": "true" })),
            call("t2", json!({})),
        ]),
        user(vec![
            text("a reminder"),
            result("t1", "exit 0"),
            result("t2", "exit 1"),
        ]),
        user(vec![text("and now?")]),
    ]);
    assert_eq!(
        body("groq", &request),
        json!({
            "model": "model-test",
            "stream": true,
            "stream_options": { "include_usage": true },
            "max_tokens": 8000,
            "tools": [{ "type": "function", "function": { "name": "bash", "description": "Runs bash.",
                        "parameters": { "type": "object" } } }],
            "messages": [
                { "role": "system", "content": "Be kind." },
                { "role": "user", "content": "run true\n\ntwice" },
                { "role": "assistant", "content": "I run it.", "tool_calls": [
                    { "id": "t1", "type": "function", "function": { "name": "bash", "arguments": "{\"command\":\"true\"}" } },
                    { "id": "t2", "type": "function", "function": { "name": "bash", "arguments": "{}" } },
                ]},
                { "role": "tool", "tool_call_id": "t1", "content": "exit 0" },
                { "role": "tool", "tool_call_id": "t2", "content": "exit 1" },
                { "role": "user", "content": "a reminder\n\nand now?" },
            ],
        })
    );
}

#[test]
fn each_server_gets_its_own_way_of_it() {
    let history = request(vec![
        user(vec![text("go")]),
        assistant(vec![call("toolu_0123456789", json!({}))]),
        user(vec![result("toolu_0123456789", "ok")]),
    ]);
    let openai = body("openai-chat", &history);
    assert_eq!(openai["max_completion_tokens"], 8000);
    assert_eq!(openai.get("max_tokens"), None);
    assert_eq!(openai["prompt_cache_key"], history.messages[0].id.as_str());
    let mistral = body("mistral", &history);
    let id = mistral["messages"][2]["tool_calls"][0]["id"]
        .as_str()
        .unwrap();
    assert!(
        id.len() == 9 && id.bytes().all(|c| c.is_ascii_alphanumeric()),
        "{id}"
    );
    assert_eq!(mistral["messages"][3]["tool_call_id"], id);
    assert_eq!(mistral.get("prompt_cache_key"), None);
    let deepseek = body("deepseek", &history);
    assert_eq!(deepseek["messages"][2]["reasoning_content"], "");
    assert_eq!(deepseek["messages"][2]["content"], Value::Null);
    let groq = body("groq", &history);
    assert_eq!(groq["messages"][2].get("reasoning_content"), None);
    let unlimited = Request {
        max_output_tokens: 0,
        ..history
    };
    assert_eq!(body("lm-studio", &unlimited).get("max_tokens"), None);
}

#[test]
fn reasoning_goes_back_in_the_field_it_came_in() {
    let extra = json!({ "google": { "thought_signature": "c2ln" } });
    let details = json!([{ "type": "reasoning.encrypted", "data": "AA", "index": 0 }]);
    let body = body(
        "openrouter",
        &request(vec![
            user(vec![text("go")]),
            assistant(vec![
                thinking("Hm, ", Some("reasoning_content")),
                thinking("yes.", Some("reasoning_content")),
                thinking("of no field", None),
                opaque(&json!({ "reasoning_details": details }).to_string()),
                opaque(&json!({ "extra_content": extra }).to_string()),
                call("t1", json!({})),
                call("t2", json!({})),
            ]),
            user(vec![result("t1", "ok"), result("t2", "ok")]),
            assistant(vec![
                thinking("later", Some("reasoning_content")),
                text("Done."),
            ]),
        ]),
    );
    let message = &body["messages"][2];
    assert_eq!(message["reasoning_content"], "Hm, yes.");
    assert_eq!(message["reasoning_details"], details);
    assert_eq!(message["tool_calls"][0]["extra_content"], extra);
    assert_eq!(message["tool_calls"][1].get("extra_content"), None);
    let last = &body["messages"][5];
    assert_eq!(*last, json!({ "role": "assistant", "content": "Done." }));
}
