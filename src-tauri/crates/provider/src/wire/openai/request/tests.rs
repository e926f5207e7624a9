#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};

use super::encode;
use crate::Request;
use crate::catalog;
use crate::wire::tests::history::{assistant, call, opaque, request, result, text, thinking, user};
use crate::wire::{Terms, Written};

fn body(request: &Request) -> Value {
    let entry = catalog::load("openai").unwrap();
    let terms = Terms {
        model: entry.model(&request.model),
        chat: &entry.chat,
        degree: entry.degree(&request.model, request.effort),
    };
    serde_json::from_slice(&encode(request, &terms, &mut Written::once())).unwrap()
}

#[test]
fn a_tool_round_has_the_shape_of_the_wire() {
    let reasoning = r#"{"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"AA"}"#;
    let request = request(vec![
        user(vec![text("run true")]),
        assistant(vec![
            thinking("Hm.", Some(reasoning)),
            opaque(r#"{"phase":"commentary"}"#),
            text("I run it."),
            call("t1", json!({ "command": "true" })),
        ]),
        user(vec![result("t1", "exit 0"), text("and now?")]),
    ]);
    let first = request.messages[0].id.as_str().to_owned();
    assert_eq!(
        body(&request),
        json!({
            "model": "model-test",
            "instructions": "Be kind.",
            "tools": [{ "type": "function", "name": "bash", "description": "Runs bash.",
                        "parameters": { "type": "object" }, "strict": false }],
            "stream": true,
            "store": false,
            "include": ["reasoning.encrypted_content"],
            "reasoning": { "summary": "auto" },
            "max_output_tokens": 8000,
            "prompt_cache_key": first,
            "input": [
                { "type": "message", "role": "user", "content": "run true" },
                { "id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "AA" },
                { "type": "message", "role": "assistant", "content": "I run it.", "phase": "commentary" },
                { "type": "function_call", "call_id": "t1", "name": "bash",
                  "arguments": "{\"command\":\"true\"}" },
                { "type": "function_call_output", "call_id": "t1", "output": "exit 0" },
                { "type": "message", "role": "user", "content": "and now?" },
            ],
        })
    );
}

#[test]
fn models_known_not_to_reason_are_not_asked_to() {
    let check = |model: &str, reasons: bool| {
        let request = Request {
            model: model.to_owned(),
            ..request(vec![user(vec![text("hi")])])
        };
        let body = body(&request);
        assert_eq!(body.get("include").is_some(), reasons, "{model}");
        assert_eq!(body.get("reasoning").is_some(), reasons, "{model}");
    };
    check("gpt-6.1-sol", true);
    check("gpt-4.1", false);
    check("somebodys-model", true);
}

#[test]
fn what_the_wire_refuses_is_left_out_or_mended() {
    let long = "toolu:".repeat(20);
    let body = body(&request(vec![
        user(vec![text("go"), text("  ")]),
        assistant(vec![thinking("unsealed", None), call(&long, Value::Null)]),
        user(vec![result(&long, " ")]),
    ]));
    let input = body["input"].as_array().unwrap();
    assert_eq!(input.len(), 3, "{input:?}");
    let id = input[1]["call_id"].as_str().unwrap();
    assert!(
        id.len() <= 64 && id.bytes().all(|c| c.is_ascii_alphanumeric()),
        "{id}"
    );
    assert_eq!(input[2]["call_id"], id);
    assert_eq!(input[1]["arguments"], "{}");
    assert_eq!(input[2]["output"], "It is done; there was no output.");
}
