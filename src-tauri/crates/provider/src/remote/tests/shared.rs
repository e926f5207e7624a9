//! What holds on every wire: whole answers, faults, cuts, foreign reasoning.

use std::time::Duration;

use protocol::{Block, Message, MessageId, Origin, Outcome, Role, ToolCall, ToolResult, TurnId};
use serde_json::{Value, json};
use testkit::{ModelServer, Reply};

use super::super::Patience;
use super::{
    Items, KEY, WIRES, ask, blocks, error, final_text, finish, remote, request, retry_count,
};
use crate::{Finish, Provider, Request, StreamEvent};
use futures::StreamExt;
use protocol::ErrorKind;

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

fn calls(items: &Items) -> Vec<ToolCall> {
    let calls = blocks(items).into_iter().filter_map(|block| match block {
        Block::ToolCall(call) => Some(call),
        _ => None,
    });
    calls.collect()
}

#[tokio::test]
async fn an_answer_streams_with_its_key_and_its_counts() {
    for (id, _) in WIRES {
        let text = "Hello, I am here to help. Größe!";
        let server = ModelServer::start([Reply::text(text).with_thinking("They greet me.")]).await;
        let items = ask(&remote(id, &server.base_url())).await;
        assert_eq!(final_text(&items), text, "{id}");
        assert_eq!(finish(&items), Finish::EndTurn, "{id}");
        let blocks = blocks(&items);
        let Some(Block::Thinking {
            text: thought,
            source,
            ..
        }) = blocks.first()
        else {
            panic!("{id}: {blocks:?}")
        };
        assert_eq!(thought, "They greet me.", "{id}");
        assert_eq!(source.as_deref(), Some(format!("{id}/model-test").as_str()));
        let usage = items.iter().rev().find_map(|item| match item {
            Ok(StreamEvent::Usage(usage)) => Some(*usage),
            _ => None,
        });
        let usage = usage.unwrap_or_default();
        assert!(
            usage.input_tokens > 0 && usage.output_tokens > 1,
            "{id} {usage:?}"
        );
        let sent = &server.requests()[0];
        let key = ["x-api-key", "authorization", "x-goog-api-key"]
            .iter()
            .find_map(|name| sent.header(name))
            .unwrap_or_default();
        assert!(key.ends_with(KEY), "{id}");
        assert!(!sent.path.contains(KEY) && !sent.body.to_string().contains(KEY));
    }
}

#[tokio::test]
async fn tool_calls_arrive_whole_with_ids_of_their_own() {
    let input = json!({ "path": "größe.txt", "content": "a \"long\" line\n".repeat(40) });
    for (id, _) in WIRES {
        let scripted = vec![
            ("write".to_owned(), input.clone()),
            ("list_dir".to_owned(), json!({})),
        ];
        let reply = Reply::tools(scripted)
            .with_text("I write it.")
            .byte_by_byte();
        let server = ModelServer::start([reply]).await;
        let items = ask(&remote(id, &server.base_url())).await;
        assert_eq!(finish(&items), Finish::ToolCalls, "{id}");
        assert_eq!(final_text(&items), "I write it.", "{id}");
        let calls = calls(&items);
        let seen: Vec<_> = calls
            .iter()
            .map(|call| (call.name.as_str(), &call.input))
            .collect();
        assert_eq!(seen, [("write", &input), ("list_dir", &json!({}))], "{id}");
        assert_ne!(calls[0].id, calls[1].id, "{id}");
    }
}

#[tokio::test]
async fn faults_are_retried_and_the_answer_comes_whole() {
    let check = async |id: &str, what: &str, fault: Reply| {
        let server = ModelServer::start([fault, Reply::text("All is well again.")]).await;
        let items = ask(&remote(id, &server.base_url())).await;
        assert_eq!(retry_count(&items), 1, "{id} {what}: {items:?}");
        assert_eq!(final_text(&items), "All is well again.", "{id} {what}");
        assert_eq!(finish(&items), Finish::EndTurn, "{id} {what}");
        assert_eq!(server.requests().len(), 2, "{id} {what}");
    };
    for (id, _) in WIRES {
        let text = || Reply::text("This will never be complete. ".repeat(20));
        check(id, "cut at once", text().cut_after(0)).await;
        check(id, "cut within", text().cut_after(700)).await;
        check(id, "hang-up", Reply::hangup()).await;
        check(id, "malformed event", text().malformed()).await;
        let call = Reply::tool("write", json!({ "path": "a" }));
        check(id, "malformed tool input", call.malformed()).await;
        let overloaded = text().with_error("overloaded_error");
        check(id, "overloaded within the stream", overloaded).await;
        check(
            id,
            "unknown error within the stream",
            text().with_error("new_error"),
        )
        .await;
        check(id, "empty answer", Reply::text("")).await;
        for status in [408, 429, 500, 502, 503, 504, 529] {
            check(id, &format!("status {status}"), Reply::status(status)).await;
        }
    }
}

#[tokio::test]
async fn a_fault_that_stays_ends_in_an_error_with_a_hint() {
    for (id, _) in WIRES {
        let broken = || Reply::tool("write", json!({ "path": "a" })).malformed();
        let server = ModelServer::start([broken(), broken(), broken(), broken()]).await;
        let items = ask(&remote(id, &server.base_url())).await;
        let error = error(&items);
        assert_eq!(error.kind, ErrorKind::BrokenStream, "{id}");
        assert!(!error.hint.is_empty() && !error.message.is_empty(), "{id}");
        assert!(calls(&items).is_empty(), "{id}: {items:?}");
    }
}

#[tokio::test]
async fn a_stalled_answer_is_given_up_and_made_again() {
    for (id, _) in WIRES {
        let server = ModelServer::start([
            Reply::text("Half. ".repeat(100)).stalled_after(700),
            Reply::silence(),
            Reply::text("Whole."),
        ])
        .await;
        let impatient = Patience {
            response: Duration::from_millis(150),
            idle: Duration::from_millis(150),
        };
        let items = ask(&remote(id, &server.base_url()).with_patience(impatient)).await;
        assert_eq!(retry_count(&items), 2, "{id}: {items:?}");
        assert_eq!(final_text(&items), "Whole.", "{id}");
        server
            .wait_until("both were closed", |requests| {
                requests
                    .iter()
                    .filter(|request| request.is_abandoned)
                    .count()
                    == 2
            })
            .await;
    }
}

#[tokio::test]
async fn an_answer_cut_by_the_limit_keeps_its_words() {
    for (id, reason) in WIRES {
        let reply = Reply::text("Only so far").with_stop_reason(reason);
        let server = ModelServer::start([reply]).await;
        let items = ask(&remote(id, &server.base_url())).await;
        assert_eq!(finish(&items), Finish::MaxTokens, "{id}: {items:?}");
        assert_eq!(final_text(&items), "Only so far", "{id}");
    }
}

#[tokio::test]
async fn after_results_a_model_may_say_nothing() {
    for (id, _) in WIRES {
        let server = ModelServer::start([Reply::text("")]).await;
        let items: Items = remote(id, &server.base_url())
            .stream(with_history(Vec::new()))
            .collect()
            .await;
        assert_eq!(finish(&items), Finish::EndTurn, "{id}");
        assert_eq!(retry_count(&items), 0, "{id}");
    }
}

/// A conversation with a call and its result, and opaque blocks before it.
fn with_history(opaque: Vec<Block>) -> Request {
    let call = Block::ToolCall(ToolCall {
        id: "t1".into(),
        name: "read".to_owned(),
        input: json!({ "path": "a" }),
    });
    let result = Block::ToolResult(ToolResult::plain("t1".into(), Outcome::Ok, "forty-two"));
    let blocks = opaque.into_iter().chain([call]).collect();
    let mut request = request();
    request.messages.push(message(Role::Assistant, blocks));
    request.messages.push(message(Role::User, vec![result]));
    request
}

/// The first ids of the script are always the same; Gemini and Ollama give
/// none, so theirs are new anyway.
#[tokio::test]
async fn an_id_that_was_given_before_is_given_anew() {
    for (id, _) in WIRES {
        let reply = || Reply::tool("read", json!({ "path": "a" }));
        let (one, other) = (
            ModelServer::start([reply()]).await,
            ModelServer::start([reply()]).await,
        );
        let first = calls(&ask(&remote(id, &one.base_url())).await).remove(0);
        let mut next = request();
        let call = Block::ToolCall(first.clone());
        let result = ToolResult::plain(first.id.clone(), Outcome::Ok, "forty-two");
        next.messages.push(message(Role::Assistant, vec![call]));
        next.messages
            .push(message(Role::User, vec![Block::ToolResult(result)]));
        let items: Items = remote(id, &other.base_url()).stream(next).collect().await;
        assert_ne!(calls(&items)[0].id, first.id, "{id}");
    }
}

async fn sent(id: &str, request: Request) -> Value {
    let server = ModelServer::start([Reply::text("Fine.")]).await;
    let items: Items = remote(id, &server.base_url())
        .stream(request)
        .collect()
        .await;
    assert_eq!(finish(&items), Finish::EndTurn, "{id}: {items:?}");
    let requests = server.requests();
    assert_eq!(requests[0].result_texts(), ["forty-two"], "{id}");
    requests[0].body.clone()
}

#[tokio::test]
async fn what_another_model_sealed_is_never_sent() {
    let sealed = |source: Option<&str>| {
        let source = source.map(str::to_owned);
        vec![
            Block::Thinking {
                text: "SECRET-THOUGHT".to_owned(),
                signature: Some(
                    r#"{"type":"reasoning","summary":[],"encrypted_content":"SEALED"}"#.to_owned(),
                ),
                source: source.clone(),
            },
            Block::RedactedThinking {
                data: "call:SEALED".to_owned(),
                source,
            },
        ]
    };
    for (id, _) in WIRES {
        for (maker, _) in WIRES {
            let source = format!("{maker}/model-test");
            let body = sent(id, with_history(sealed(Some(&source))))
                .await
                .to_string();
            let is_sent = body.contains("SEALED") || body.contains("SECRET");
            let returns = id == maker && id != "openai-chat";
            assert_eq!(is_sent, returns, "{maker} to {id}: {body}");
        }
        let other = format!("{id}/another-model");
        let body = sent(id, with_history(sealed(Some(&other))))
            .await
            .to_string();
        assert!(!body.contains("SEALED") && !body.contains("SECRET"), "{id}");
        let body = sent(id, with_history(sealed(None))).await.to_string();
        assert_eq!(
            body.contains("SEALED"),
            id == "anthropic",
            "unknown to {id}"
        );
    }
}

#[tokio::test]
async fn what_a_model_sealed_goes_back_to_it_unchanged() {
    for (id, _) in WIRES {
        let reply = Reply::tool("read", json!({ "path": "a" })).with_thinking("Let me look.");
        let server = ModelServer::start([reply, Reply::text("Fine.")]).await;
        let provider = remote(id, &server.base_url());
        let first = ask(&provider).await;
        let call_id = calls(&first)[0].id.clone();
        let mut next = request();
        next.messages.push(message(Role::Assistant, blocks(&first)));
        let result = ToolResult::plain(call_id, Outcome::Ok, "forty-two");
        next.messages
            .push(message(Role::User, vec![Block::ToolResult(result)]));
        let items: Items = provider.stream(next).collect().await;
        assert_eq!(finish(&items), Finish::EndTurn, "{id}");
        let body = server.requests()[1].body.to_string();
        let expected = match id {
            "anthropic" => r#""signature":"signature-1==""#,
            "openai" => {
                r#"{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"Let me look."}],"encrypted_content":"sealed-1=="}"#
            }
            "openai-chat" => r#""reasoning_content":"Let me look.""#,
            "gemini" => r#""thoughtSignature":"c2ln0001""#,
            _ => r#""thinking":"Let me look.""#,
        };
        assert!(body.contains(expected), "{id}: {body}");
    }
}
