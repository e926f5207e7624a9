#![allow(clippy::unwrap_used, reason = "tests")]

use protocol::{Block, Outcome, ToolResult};
use serde_json::{Value, json};

use super::encode;
use crate::Request;
use crate::catalog;
use crate::wire::tests::history::{assistant, call, opaque, request, result, text, thinking, user};
use crate::wire::{Terms, Written};

fn body(request: &Request) -> Value {
    let entry = catalog::load("gemini").unwrap();
    let terms = Terms {
        model: entry.model(&request.model),
        chat: &entry.chat,
        degree: entry.degree(&request.model, request.effort),
    };
    serde_json::from_slice(&encode(request, &terms, &mut Written::once())).unwrap()
}

#[test]
fn a_tool_round_has_the_shape_of_the_wire() {
    let denied = ToolResult::plain("t2".into(), Outcome::Denied, "no");
    let request = Request {
        model: "gemini-3.8-flash".to_owned(),
        ..request(vec![
            user(vec![text("run true")]),
            assistant(vec![
                thinking("Hm.", None),
                text("I run it."),
                opaque("text:c2lnMA=="),
                opaque("call:c2lnMQ=="),
                call("t1", json!({ "command": "true" })),
                call("t2", json!({})),
            ]),
            user(vec![
                text("hurry"),
                result("t1", "exit 0"),
                Block::ToolResult(denied),
            ]),
            user(vec![text("and now?")]),
        ])
    };
    assert_eq!(
        body(&request),
        json!({
            "systemInstruction": { "parts": [{ "text": "Be kind." }] },
            "tools": [{ "functionDeclarations": [{ "name": "bash", "description": "Runs bash." }] }],
            "generationConfig": { "maxOutputTokens": 8000, "thinkingConfig": { "includeThoughts": true } },
            "contents": [
                { "role": "user", "parts": [{ "text": "run true" }] },
                { "role": "model", "parts": [
                    { "text": "I run it." },
                    { "text": "", "thoughtSignature": "c2lnMA==" },
                    { "functionCall": { "id": "t1", "name": "bash", "args": { "command": "true" } },
                      "thoughtSignature": "c2lnMQ==" },
                    { "functionCall": { "id": "t2", "name": "bash", "args": {} } },
                ]},
                { "role": "user", "parts": [
                    { "functionResponse": { "id": "t1", "name": "bash", "response": { "output": "exit 0" } } },
                    { "functionResponse": { "id": "t2", "name": "bash", "response": { "error": "no" } } },
                    { "text": "hurry" },
                    { "text": "and now?" },
                ]},
            ],
        })
    );
}

#[test]
fn calls_of_other_models_get_the_documented_stand_in() {
    let check = |model: &str, expected: Value| {
        let request = Request {
            model: model.to_owned(),
            ..request(vec![
                user(vec![text("go")]),
                assistant(vec![call("t1", json!({})), call("t2", json!({}))]),
                user(vec![result("t1", "a"), result("t2", "b")]),
            ])
        };
        let body = body(&request);
        let parts = &body["contents"][1]["parts"];
        let signature = parts[0]
            .get("thoughtSignature")
            .cloned()
            .unwrap_or_default();
        assert_eq!(signature, expected, "{model}");
        assert_eq!(parts[1].get("thoughtSignature"), None, "{model}");
    };
    check("gemini-4-argon", json!("skip_thought_signature_validator"));
    check("gemini-2.5-pro", Value::Null);
    check("models/gemini-2.5-flash", Value::Null);
}
