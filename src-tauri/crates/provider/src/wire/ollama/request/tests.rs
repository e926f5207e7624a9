#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};

use super::{context, encode};
use crate::Request;
use crate::catalog;
use crate::wire::tests::history::{assistant, call, request, result, text, thinking, user};
use crate::wire::{Terms, Written};

fn body(request: &Request) -> Value {
    let entry = catalog::load("ollama").unwrap();
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
        user(vec![text("run true")]),
        assistant(vec![
            thinking("Hm.", None),
            call("t1", json!({ "command": "true" })),
        ]),
        user(vec![result("t1", ""), text("and now?")]),
        assistant(vec![thinking("Easy.", None), text("Done.")]),
    ]);
    assert_eq!(
        body(&request),
        json!({
            "model": "model-test",
            "stream": true,
            "think": true,
            "options": { "num_ctx": 32768, "num_predict": 8000 },
            "tools": [{ "type": "function", "function": { "name": "bash", "description": "Runs bash.",
                        "parameters": { "type": "object" } } }],
            "messages": [
                { "role": "system", "content": "Be kind." },
                { "role": "user", "content": "run true" },
                { "role": "assistant", "content": "", "thinking": "Hm.", "tool_calls": [
                    { "function": { "name": "bash", "arguments": { "command": "true" } } },
                ]},
                { "role": "tool", "content": "It is done; there was no output.", "tool_name": "bash" },
                { "role": "user", "content": "and now?" },
                { "role": "assistant", "content": "Done." },
            ],
        })
    );
}

#[test]
fn the_context_grows_with_the_conversation_in_few_steps() {
    let most = 131_072;
    assert_eq!(context(1_000, 0, most), 32_768);
    assert_eq!(context(60_000, 8_000, most), 32_768);
    assert_eq!(context(90_000, 8_000, most), 65_536);
    assert_eq!(context(900_000, 8_000, most), most);
    assert_eq!(context(1_000, 0, 8_192), 8_192);
    assert_eq!(context(usize::MAX, u32::MAX, 262_144), 262_144);
}
