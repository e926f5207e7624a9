#![allow(clippy::unwrap_used, reason = "tests")]

use protocol::{
    Block, Message, MessageId, Origin, Outcome, Role, ToolCall, ToolResult, ToolSpec, TurnId,
};
use serde_json::{Value, json};

use crate::Request;
use crate::catalog::{self, Chat, Degree};
use crate::wire::{Terms, Written};

fn message(role: Role, blocks: Vec<Block>) -> Message {
    Message {
        id: MessageId::new(),
        turn_id: TurnId::new(),
        role,
        origin: Origin::Typed,
        blocks: blocks.into(),
        created_ms: 0,
    }
}

fn user(text: &str) -> Message {
    message(
        Role::User,
        vec![Block::Text {
            text: text.to_owned(),
        }],
    )
}

fn call(id: &str, input: Value) -> Block {
    Block::ToolCall(ToolCall {
        id: id.into(),
        name: "bash".to_owned(),
        input,
    })
}

fn result(id: &str, outcome: Outcome, content: &str) -> Block {
    Block::ToolResult(ToolResult::plain(id.into(), outcome, content))
}

fn request(messages: Vec<Message>) -> Request {
    let tool = |name: &str| ToolSpec {
        name: name.to_owned(),
        description: format!("Runs {name}."),
        input_schema: json!({ "type": "object" }),
    };
    Request {
        model: "claude-test".to_owned(),
        system: "Be kind.".to_owned(),
        messages,
        tools: vec![tool("bash"), tool("read")],
        max_output_tokens: 8000,
        effort: protocol::Effort::Auto,
    }
}

fn encode(request: &Request) -> Vec<u8> {
    let terms = Terms {
        model: None,
        chat: &Chat::default(),
        degree: None,
    };
    super::encode(request, &terms, &mut Written::once())
}

fn body(messages: Vec<Message>) -> Value {
    serde_json::from_slice(&encode(&request(messages))).unwrap()
}

fn mark() -> Value {
    json!({ "type": "ephemeral" })
}

#[test]
fn a_tool_round_has_the_shape_of_the_wire() {
    let thinking = Block::Thinking {
        text: "Hm.".to_owned(),
        signature: Some("sig==".to_owned()),
        source: None,
    };
    let redacted = Block::RedactedThinking {
        data: "opaque".to_owned(),
        source: None,
    };
    let body = body(vec![
        user("run true"),
        message(
            Role::Assistant,
            vec![thinking, redacted, call("t1", json!({ "command": "true" }))],
        ),
        message(Role::User, vec![result("t1", Outcome::Ok, "exit 0")]),
    ]);
    assert_eq!(
        body,
        json!({
            "model": "claude-test",
            "max_tokens": 8000,
            "stream": true,
            "tools": [
                { "name": "bash", "description": "Runs bash.", "input_schema": { "type": "object" } },
                { "name": "read", "description": "Runs read.", "input_schema": { "type": "object" },
                  "cache_control": mark() },
            ],
            "system": [{ "type": "text", "text": "Be kind.", "cache_control": mark() }],
            "messages": [
                { "role": "user", "content": [{ "type": "text", "text": "run true", "cache_control": mark() }] },
                { "role": "assistant", "content": [
                    { "type": "thinking", "thinking": "Hm.", "signature": "sig==" },
                    { "type": "redacted_thinking", "data": "opaque" },
                    { "type": "tool_use", "id": "t1", "name": "bash", "input": { "command": "true" } },
                ]},
                { "role": "user", "content": [
                    { "type": "tool_result", "tool_use_id": "t1", "content": "exit 0", "cache_control": mark() },
                ]},
            ],
        })
    );
}

#[test]
fn neighbours_of_one_role_merge_with_results_first() {
    let body = body(vec![
        user("go"),
        message(
            Role::Assistant,
            vec![call("t1", json!({})), call("t2", json!({}))],
        ),
        message(
            Role::User,
            vec![
                Block::Text {
                    text: "a reminder".to_owned(),
                },
                result("t1", Outcome::Ok, "one"),
            ],
        ),
        message(Role::User, vec![result("t2", Outcome::Ok, "two")]),
        user("and now?"),
    ]);
    let content = body["messages"][2]["content"].as_array().unwrap();
    let shape: Vec<_> = content
        .iter()
        .map(|block| {
            block["text"]
                .as_str()
                .or(block["content"].as_str())
                .unwrap()
        })
        .collect();
    assert_eq!(shape, ["one", "two", "a reminder", "and now?"]);
    assert_eq!(body["messages"].as_array().unwrap().len(), 3);
}

#[test]
fn results_that_are_no_success_are_errors_with_words() {
    let check = |outcome: Outcome, content: &str, expected: Value| {
        let body = body(vec![
            user("go"),
            message(Role::Assistant, vec![call("t1", json!({}))]),
            message(Role::User, vec![result("t1", outcome, content)]),
        ]);
        let mut block = body["messages"][2]["content"][0].clone();
        block.as_object_mut().unwrap().remove("cache_control");
        assert_eq!(block, expected);
    };
    let error = |content: &str| json!({ "type": "tool_result", "tool_use_id": "t1", "content": content, "is_error": true });
    check(Outcome::Failed, "exit 1", error("exit 1"));
    check(Outcome::Failed, "", error("It failed without a message."));
    check(Outcome::Denied, "no", error("no"));
    check(Outcome::Cancelled, " ", error("It was cancelled."));
    check(
        Outcome::Ok,
        "",
        json!({ "type": "tool_result", "tool_use_id": "t1" }),
    );
}

#[test]
fn what_the_wire_refuses_is_left_out_or_mended() {
    let unsigned = Block::Thinking {
        text: "Hm.".to_owned(),
        signature: None,
        source: None,
    };
    let body = body(vec![
        user("first"),
        message(
            Role::Assistant,
            vec![
                Block::Text {
                    text: " \n".to_owned(),
                },
                unsigned,
            ],
        ),
        user("second"),
        message(
            Role::Assistant,
            vec![call("offline:1", Value::Null), call("o.2", json!("ls"))],
        ),
        message(
            Role::User,
            vec![
                result("offline:1", Outcome::Ok, "x"),
                result("o.2", Outcome::Ok, "y"),
            ],
        ),
    ]);
    let messages = body["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 3, "{messages:?}");
    assert_eq!(messages[0]["content"].as_array().unwrap().len(), 2);
    assert_eq!(messages[1]["content"][0]["id"], "offline_1");
    assert_eq!(messages[1]["content"][0]["input"], json!({}));
    assert_eq!(messages[1]["content"][1]["input"], json!({ "input": "ls" }));
    assert_eq!(messages[2]["content"][1]["tool_use_id"], "o_2");
}

#[test]
fn without_system_and_tools_their_fields_are_absent() {
    let bare = Request {
        system: "  ".to_owned(),
        tools: Vec::new(),
        ..request(vec![user("hi")])
    };
    let body: Value = serde_json::from_slice(&encode(&bare)).unwrap();
    let keys: Vec<_> = body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["model", "max_tokens", "stream", "messages"]);
}

#[test]
fn models_that_think_are_asked_to_show_it() {
    let entry = catalog::load("anthropic").unwrap();
    let terms = |degree| Terms {
        model: entry.model("claude-opus-5-5"),
        chat: &entry.chat,
        degree,
    };
    let body = |degree| -> Value {
        let bytes = super::encode(
            &request(vec![user("hi")]),
            &terms(degree),
            &mut Written::once(),
        );
        serde_json::from_slice(&bytes).unwrap()
    };
    let thinking = json!({ "type": "adaptive", "display": "summarized" });
    let plain = body(None);
    assert_eq!(plain["thinking"], thinking);
    assert_eq!(plain.get("output_config"), None);
    let steered = body(Some(Degree::Word("max".to_owned())));
    assert_eq!(steered["thinking"], thinking);
    assert_eq!(steered["output_config"], json!({ "effort": "max" }));
}

/// What the provider's cache sees of a request: the bytes without the marks.
fn unmarked(messages: &[Message]) -> String {
    let bytes = encode(&request(messages.to_vec()));
    String::from_utf8(bytes)
        .unwrap()
        .replace(r#","cache_control":{"type":"ephemeral"}"#, "")
}

#[test]
fn each_request_begins_with_the_whole_last_one_and_never_has_more_than_four_marks() {
    let mut messages = vec![user("go")];
    let mut last = unmarked(&messages);
    for round in 0..6 {
        let id = format!("t{round}");
        messages.push(message(
            Role::Assistant,
            vec![call(&id, json!({ "command": "true" }))],
        ));
        messages.push(message(Role::User, vec![result(&id, Outcome::Ok, "fine")]));
        let next = unmarked(&messages);
        let stem = last.strip_suffix("]}").unwrap();
        assert!(
            next.starts_with(stem),
            "{next}\ndoes not begin with\n{stem}"
        );
        last = next;
        let marks = body(messages.clone())
            .to_string()
            .matches("cache_control")
            .count();
        assert_eq!(marks, 4);
    }
}

#[test]
fn after_a_pause_the_models_own_words_end_without_white_space() {
    let paused = body(vec![
        user("search"),
        message(
            Role::Assistant,
            vec![Block::Text {
                text: "I look it up. \n".to_owned(),
            }],
        ),
    ]);
    assert_eq!(paused["messages"][1]["content"][0]["text"], "I look it up.");
}

#[test]
fn without_a_limit_the_wire_still_gets_one() {
    let unlimited = Request {
        max_output_tokens: 0,
        ..request(vec![user("hi")])
    };
    let body: Value = serde_json::from_slice(&encode(&unlimited)).unwrap();
    assert_eq!(body["max_tokens"], 8192);
}
