#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::*;
use crate::Web;
use crate::server::{Send, Server, answer, head, redirect};

const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

async fn downloaded(
    most_bytes: u64,
    answer: impl Fn(&str) -> Vec<Send> + std::marker::Send + Sync + 'static,
) -> (Result<Downloaded, WebError>, Vec<u8>, Vec<String>) {
    let server = Server::start(answer).await;
    let web = Web::towards(server.address());
    let target = Target::parse("http://files.example/a.bin").unwrap();
    let mut sink = Vec::new();
    let cancel = CancellationToken::new();
    let come = web
        .download(&target, (&mut sink, most_bytes), &cancel)
        .await;
    (come, sink, server.requests())
}

#[tokio::test]
async fn bytes_come_as_they_are_with_their_digest() {
    let (come, sink, requests) = downloaded(100, |path| match path {
        "/a.bin" => redirect("/b.bin"),
        _ => answer("200 OK", &["Content-Encoding: gzip"], b"hello"),
    })
    .await;
    let come = come.unwrap();
    assert_eq!((come.bytes, come.sha256.as_str()), (5, HELLO));
    assert_eq!(come.url.as_str(), "http://files.example/b.bin");
    assert_eq!(sink, b"hello");
    assert!(requests[0].contains("accept-encoding: identity"));
}

#[tokio::test]
async fn what_is_too_large_is_not_begun_or_left_soon() {
    let (come, sink, _) = downloaded(4, |_| answer("200 OK", &[], b"hello")).await;
    assert!(matches!(come, Err(WebError::TooLarge { most_bytes: 4 })));
    assert!(sink.is_empty());
    let (come, sink, _) = downloaded(100_000, |_| {
        vec![head(&["Connection: close"]), Send::Endless(vec![7; 0x4000])]
    })
    .await;
    assert!(matches!(come, Err(WebError::TooLarge { .. })));
    assert!(sink.len() <= 100_000);
    let (come, _, _) = downloaded(5, |_| answer("200 OK", &[], b"hello")).await;
    assert_eq!(come.unwrap().bytes, 5);
}

#[tokio::test]
async fn half_a_file_is_none() {
    let (come, _, _) = downloaded(100, |_| {
        vec![head(&["Content-Length: 9"]), Send::Bytes(b"hello".to_vec())]
    })
    .await;
    assert!(matches!(come, Err(WebError::Broken { .. })), "{come:?}");
    let (come, _, _) = downloaded(100, |_| redirect("http://other.example/")).await;
    assert!(matches!(come, Err(WebError::Redirects { .. })), "{come:?}");
    let (come, _, _) = downloaded(100, |_| answer("404 Not Found", &[], b"")).await;
    assert!(
        matches!(come, Err(WebError::Status { status: 404 })),
        "{come:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_file_may_be_slow_but_not_silent() {
    let (come, sink, _) = downloaded(200, |_| {
        vec![
            head(&["Content-Length: 100"]),
            Send::Slowly(vec![7; 100], Duration::from_secs(5)),
        ]
    })
    .await;
    assert_eq!((come.unwrap().bytes, sink.len()), (100, 100));
    let (come, _, _) = downloaded(200, |_| {
        vec![
            head(&["Content-Length: 9"]),
            Send::Bytes(b"hello".to_vec()),
            Send::Silence,
        ]
    })
    .await;
    let error = come.unwrap_err().to_string();
    assert!(error.contains("nothing for 30 seconds"), "{error}");
    let (come, _, _) = downloaded(2000, |_| {
        vec![
            head(&["Content-Length: 1000"]),
            Send::Slowly(vec![7; 1000], Duration::from_secs(5)),
        ]
    })
    .await;
    let error = come.unwrap_err().to_string();
    assert!(error.contains("within 15 minutes"), "{error}");
}
