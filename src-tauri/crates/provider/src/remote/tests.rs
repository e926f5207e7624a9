#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod attachments;
mod efforts;
mod refusals;
mod shared;

use std::time::Duration;

use futures::StreamExt;
use protocol::{Block, ErrorKind, Origin, ToolCall, TurnId};
use serde_json::json;
use testkit::model_server::refused_url;
use testkit::{ModelServer, Reply};

use super::{Patience, Remote};
use crate::catalog::{self, Entry};
use crate::{
    ApiKey, Finish, HttpClient, Provider, ProviderError, Request, RetryPolicy, StreamEvent,
};

const KEY: &str = "sk-ant-secret-0123456789";

/// One provider for each wire, and the reason a cut answer gives there.
const WIRES: [(&str, &str); 5] = [
    ("anthropic", "max_tokens"),
    ("openai", "max_output_tokens"),
    ("openai-chat", "length"),
    ("gemini", "MAX_TOKENS"),
    ("ollama", "length"),
];

fn entry(id: &str) -> Entry {
    catalog::load(id).unwrap()
}

fn remote(id: &str, base_url: &str) -> Remote {
    let quick = RetryPolicy {
        base_delay: Duration::from_millis(1),
        random: || 0.0,
        ..RetryPolicy::default()
    };
    let patience = Patience {
        response: Duration::from_secs(20),
        idle: Duration::from_secs(20),
    };
    Remote::connect(HttpClient::new(), entry(id), base_url, ApiKey::new(KEY))
        .unwrap()
        .with_retry(quick)
        .with_patience(patience)
}

fn provider(base_url: &str) -> Remote {
    remote("anthropic", base_url)
}

fn request() -> Request {
    Request {
        model: "model-test".to_owned(),
        system: "Be kind.".to_owned(),
        messages: vec![protocol::Message::user_text(
            TurnId::new(),
            "hello",
            Origin::Typed,
            0,
        )],
        tools: Vec::new(),
        max_output_tokens: 1000,
        effort: protocol::Effort::Auto,
    }
}

type Items = Vec<Result<StreamEvent, ProviderError>>;

async fn ask(provider: &Remote) -> Items {
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
                signature: Some("signature-1==".to_owned()),
                source: Some("anthropic/model-test".to_owned()),
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
    assert_eq!(sent.body["model"], "model-test");
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
    let check = |base_url: &str, is_fine: bool| {
        let made = Remote::connect(
            HttpClient::new(),
            entry("anthropic"),
            base_url,
            ApiKey::new(""),
        );
        assert_eq!(made.is_ok(), is_fine, "{base_url}");
        if let Err(error) = made {
            assert_eq!(error.kind, ErrorKind::Config);
            assert!(error.hint.contains("https://api.anthropic.com"));
        }
    };
    check(" https://gateway.example/anthropic/v1/ ", true);
    check("http://127.0.0.1:8080", true);
    check("ftp://example.org", false);
    check("api.anthropic.com", false);
    check("", false);
}

#[test]
fn a_key_with_a_line_break_inside_is_an_auth_error() {
    for (id, _) in WIRES {
        let entry = entry(id);
        let base_url = entry.base_url.clone();
        let made = Remote::connect(HttpClient::new(), entry, &base_url, ApiKey::new("sk\nant"));
        assert_eq!(made.unwrap_err().kind, ErrorKind::Auth, "{id}");
    }
}
