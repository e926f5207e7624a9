#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::time::Duration;

use futures::StreamExt;
use protocol::{Block, ErrorKind, Origin, ToolCall, TurnId};
use serde_json::json;
use testkit::model_server::refused_url;
use testkit::{ModelServer, Reply};

use super::{Anthropic, Patience};
use crate::{
    ApiKey, Finish, HttpClient, Provider, ProviderError, Request, RetryPolicy, StreamEvent,
};

const KEY: &str = "sk-ant-secret-0123456789";

fn provider(base_url: &str) -> Anthropic {
    let quick = RetryPolicy {
        base_delay: Duration::from_millis(1),
        random: || 0.0,
        ..RetryPolicy::default()
    };
    let patience = Patience {
        response: Duration::from_secs(20),
        idle: Duration::from_secs(20),
    };
    Anthropic::new(HttpClient::new(), base_url, ApiKey::new(KEY))
        .unwrap()
        .with_retry(quick)
        .with_patience(patience)
}

fn request() -> Request {
    Request {
        model: "claude-test".to_owned(),
        system: "Be kind.".to_owned(),
        messages: vec![protocol::Message::user_text(
            TurnId::new(),
            "hello",
            Origin::Typed,
            0,
        )],
        tools: Vec::new(),
        max_output_tokens: 1000,
    }
}

type Items = Vec<Result<StreamEvent, ProviderError>>;

async fn ask(provider: &Anthropic) -> Items {
    provider.stream(request()).collect().await
}

/// The text that stands at the end, what a reader would have seen.
fn final_text(items: &Items) -> String {
    let mut text = String::new();
    for item in items {
        match item {
            Ok(StreamEvent::Text(more)) => text.push_str(more),
            Ok(StreamEvent::Discarded) => text.clear(),
            _ => {}
        }
    }
    text
}

fn blocks(items: &Items) -> Vec<Block> {
    let done = items.iter().filter_map(|item| match item {
        Ok(StreamEvent::BlockDone(block)) => Some(block.clone()),
        _ => None,
    });
    done.collect()
}

fn error(items: &Items) -> &ProviderError {
    items
        .last()
        .and_then(|item| item.as_ref().err())
        .unwrap_or_else(|| panic!("no error in {items:?}"))
}

fn retry_count(items: &Items) -> usize {
    items
        .iter()
        .filter(|item| matches!(item, Ok(StreamEvent::Retry { .. })))
        .count()
}

fn finish(items: &Items) -> Finish {
    let Some(Ok(StreamEvent::Finished(finish))) = items.last() else {
        panic!("not finished: {items:?}")
    };
    *finish
}

#[tokio::test]
async fn an_answer_streams_with_key_version_and_usage() {
    let server = ModelServer::start([
        Reply::text("Hello, I am here to help.").with_thinking("They greet me.")
    ])
    .await;
    let items = ask(&provider(&server.base_url())).await;
    assert_eq!(final_text(&items), "Hello, I am here to help.");
    assert_eq!(finish(&items), Finish::EndTurn);
    assert_eq!(
        blocks(&items),
        [
            Block::Thinking {
                text: "They greet me.".to_owned(),
                signature: Some("signature-1==".to_owned())
            },
            Block::Text {
                text: "Hello, I am here to help.".to_owned()
            },
        ]
    );
    let mut usage = items.iter().filter_map(|item| match item {
        Ok(StreamEvent::Usage(usage)) => Some(*usage),
        _ => None,
    });
    let usage = usage.next_back().unwrap();
    assert!(
        usage.input_tokens > 0 && usage.output_tokens > 1,
        "{usage:?}"
    );
    let sent = &server.requests()[0];
    assert_eq!(sent.path, "/v1/messages");
    assert_eq!(sent.header("x-api-key"), Some(KEY));
    assert_eq!(sent.header("anthropic-version"), Some("2023-06-01"));
    assert!(sent.header("user-agent").unwrap().starts_with("familiar/"));
    assert_eq!(sent.body["model"], "claude-test");
    assert_eq!(sent.body["stream"], true);
}

#[tokio::test]
async fn tool_calls_arrive_whole() {
    let input = json!({ "path": "größe.txt", "content": "a \"long\" line\n".repeat(40) });
    let calls = vec![
        ("write".to_owned(), input.clone()),
        ("list_dir".to_owned(), json!({})),
    ];
    let server =
        ModelServer::start([Reply::tools(calls).with_text("I write it.").byte_by_byte()]).await;
    let items = ask(&provider(&server.base_url())).await;
    assert_eq!(finish(&items), Finish::ToolCalls);
    let call = |id: &str, name: &str, input| {
        Block::ToolCall(ToolCall {
            id: id.into(),
            name: name.to_owned(),
            input,
        })
    };
    let expected = [
        Block::Text {
            text: "I write it.".to_owned(),
        },
        call("toolu_1_1", "write", input),
        call("toolu_1_2", "list_dir", json!({})),
    ];
    assert_eq!(blocks(&items), expected);
}

#[tokio::test]
async fn faults_are_retried_and_the_answer_comes_whole() {
    let check = async |what: &str, fault: Reply| {
        let server = ModelServer::start([fault, Reply::text("All is well again.")]).await;
        let items = ask(&provider(&server.base_url())).await;
        assert_eq!(retry_count(&items), 1, "{what}: {items:?}");
        assert_eq!(final_text(&items), "All is well again.", "{what}");
        assert_eq!(finish(&items), Finish::EndTurn, "{what}");
        assert_eq!(server.requests().len(), 2, "{what}");
    };
    let text = || Reply::text("This will never be complete.");
    check("cut at once", text().cut_after(0)).await;
    check("cut within", text().cut_after(700)).await;
    check("hang-up", Reply::hangup()).await;
    check("malformed event", text().malformed()).await;
    check(
        "malformed tool input",
        Reply::tool("write", json!({ "path": "a" })).malformed(),
    )
    .await;
    check(
        "overloaded within the stream",
        text().with_error("overloaded_error"),
    )
    .await;
    check(
        "unknown error within the stream",
        text().with_error("new_error"),
    )
    .await;
    for status in [408, 429, 500, 502, 503, 504, 529] {
        check(&format!("status {status}"), Reply::status(status)).await;
    }
}

#[tokio::test]
async fn partial_content_is_discarded_before_the_next_attempt() {
    let server = ModelServer::start([
        Reply::text("Half of an answer. ".repeat(20)).cut_after(900),
        Reply::text("A whole answer."),
    ])
    .await;
    let items = ask(&provider(&server.base_url())).await;
    let at = |is_it: fn(&StreamEvent) -> bool| {
        items
            .iter()
            .position(|item| item.as_ref().is_ok_and(is_it))
            .unwrap()
    };
    let first_text = at(|event| matches!(event, StreamEvent::Text(_)));
    let retry = at(|event| matches!(event, StreamEvent::Retry { .. }));
    let discarded = at(|event| matches!(event, StreamEvent::Discarded));
    assert!(first_text < retry && retry < discarded, "{items:?}");
}

#[tokio::test]
async fn a_stalled_answer_is_given_up_and_made_again() {
    let server = ModelServer::start([
        Reply::text("Half").stalled_after(600),
        Reply::silence(),
        Reply::text("Whole."),
    ])
    .await;
    let impatient = Patience {
        response: Duration::from_millis(150),
        idle: Duration::from_millis(150),
    };
    let items = ask(&provider(&server.base_url()).with_patience(impatient)).await;
    assert_eq!(retry_count(&items), 2, "{items:?}");
    assert_eq!(final_text(&items), "Whole.");
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

#[tokio::test]
async fn a_slow_answer_is_not_a_stall() {
    let server = ModelServer::start([
        Reply::text("Slow, but it comes, piece by piece by piece.").paced_ms(60)
    ])
    .await;
    let patience = Patience {
        response: Duration::from_secs(20),
        idle: Duration::from_millis(400),
    };
    let items = ask(&provider(&server.base_url()).with_patience(patience)).await;
    assert_eq!(retry_count(&items), 0, "{items:?}");
    assert_eq!(finish(&items), Finish::EndTurn);
}

#[tokio::test]
async fn the_pause_the_server_asks_for_is_announced() {
    let server = ModelServer::start([Reply::status(429).retry_after(1)]).await;
    let items = ask(&provider(&server.base_url())).await;
    let Ok(StreamEvent::Retry {
        attempt,
        delay_ms,
        reason,
    }) = &items[0]
    else {
        panic!("{items:?}")
    };
    assert_eq!((*attempt, *delay_ms), (2, 1000));
    assert_eq!(reason, "Anthropic limits the rate (429): scripted 429.");
    let requests = server.requests();
    assert!(requests[1].received_at - requests[0].received_at >= Duration::from_secs(1));
}

#[tokio::test]
async fn refusals_are_not_retried() {
    let check = async |reply: Reply, kind: ErrorKind| {
        let server = ModelServer::start([reply]).await;
        let items = ask(&provider(&server.base_url())).await;
        assert_eq!(error(&items).kind, kind, "{items:?}");
        assert!(!error(&items).hint.is_empty());
        assert_eq!(server.requests().len(), 1, "{items:?}");
    };
    check(Reply::status(400), ErrorKind::BadRequest).await;
    check(Reply::status(401), ErrorKind::Auth).await;
    check(Reply::status(403), ErrorKind::Auth).await;
    check(Reply::status(404), ErrorKind::NotFound).await;
    check(Reply::status(413), ErrorKind::BadRequest).await;
    check(
        Reply::text("x").with_error("invalid_request_error"),
        ErrorKind::BadRequest,
    )
    .await;
    check(
        Reply::json(json!({ "hello": "stranger" })),
        ErrorKind::BadRequest,
    )
    .await;
}

#[tokio::test]
async fn a_redirect_does_not_get_the_key() {
    let other = ModelServer::start([]).await;
    let redirect =
        Reply::status(307).with_header("location", format!("{}/v1/messages", other.base_url()));
    let server = ModelServer::start([redirect]).await;
    let items = ask(&provider(&server.base_url())).await;
    assert_eq!(error(&items).kind, ErrorKind::BadRequest);
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn nobody_listening_is_unreachable_in_the_end() {
    let items = ask(&provider(&refused_url())).await;
    assert_eq!(error(&items).kind, ErrorKind::Unreachable);
    assert!(error(&items).message.contains("refused"), "{items:?}");
    assert_eq!(retry_count(&items), 3);
}

#[tokio::test]
async fn dropping_the_stream_closes_the_connection() {
    let server = ModelServer::start([
        Reply::text("It goes on and on and on.").paced_ms(50),
        Reply::silence(),
    ])
    .await;
    let provider = provider(&server.base_url());
    let mut stream = provider.stream(request());
    while !matches!(stream.next().await, Some(Ok(StreamEvent::Text(_)))) {}
    drop(stream);
    server.wait_for_abandoned().await;
    let waiting = provider.stream(request());
    let answer = tokio::time::timeout(Duration::from_millis(100), waiting.collect::<Items>()).await;
    assert!(answer.is_err(), "a silent server answered {answer:?}");
    server
        .wait_until("the second was closed", |requests| {
            requests.len() == 2 && requests[1].is_abandoned
        })
        .await;
}

#[tokio::test]
async fn the_next_request_uses_the_same_connection() {
    let server = ModelServer::start([]).await;
    let provider = provider(&server.base_url());
    for _ in 0..3 {
        assert_eq!(finish(&ask(&provider).await), Finish::EndTurn);
    }
    let connections: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.connection)
        .collect();
    assert_eq!(connections, [1, 1, 1]);
}

#[tokio::test]
async fn the_key_is_nowhere_in_debug_output_or_errors() {
    let page = format!(
        "event: error\ndata: {{\"type\":\"error\",\"error\":{{\"type\":\"authentication_error\",\"message\":\"bad {KEY}\"}}}}\n\n"
    );
    let server = ModelServer::start([Reply::events(page)]).await;
    let provider = provider(&server.base_url());
    let items = ask(&provider).await;
    assert_eq!(
        error(&items).message,
        "Anthropic refused the key (401): bad [key]."
    );
    let debug = format!("{provider:?} {items:?}");
    assert!(!debug.contains(KEY), "{debug}");
}

#[test]
fn base_urls_are_checked() {
    let check = |base_url: &str, expected: Option<&str>| {
        let url = super::messages_url(base_url)
            .ok()
            .map(|url| url.to_string());
        assert_eq!(url.as_deref(), expected, "{base_url}");
    };
    check(
        "https://api.anthropic.com",
        Some("https://api.anthropic.com/v1/messages"),
    );
    check(
        " https://gateway.example/anthropic/v1/ ",
        Some("https://gateway.example/anthropic/v1/messages"),
    );
    check(
        "http://127.0.0.1:8080",
        Some("http://127.0.0.1:8080/v1/messages"),
    );
    check("ftp://example.org", None);
    check("api.anthropic.com", None);
    check("", None);
}

#[test]
fn a_key_with_a_line_break_inside_is_an_auth_error() {
    let made = Anthropic::new(HttpClient::new(), super::BASE_URL, ApiKey::new("sk\nant"));
    assert_eq!(made.unwrap_err().kind, ErrorKind::Auth);
}
