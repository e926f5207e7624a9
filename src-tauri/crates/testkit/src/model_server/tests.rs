#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::json;

use super::{ModelServer, RecordedRequest, Reply, Script, refused_url};

/// One request over a fresh connection; the whole answer as text.
fn post(server: &ModelServer, path: &str, body: &str) -> String {
    let mut socket =
        TcpStream::connect(server.base_url().strip_prefix("http://").unwrap()).unwrap();
    write!(
        socket,
        "POST {path} HTTP/1.1\r\nX-Test: yes\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn requests_are_recorded_and_the_script_ends_with_done() {
    let server = ModelServer::start_blocking([Reply::status(529).retry_after(2)]);
    let refused = post(
        &server,
        "/v1/messages",
        r#"{"messages":[{"role":"user","content":"hi"}]}"#,
    );
    assert!(refused.starts_with("HTTP/1.1 529"), "{refused}");
    assert!(
        refused.contains("retry-after: 2") && refused.contains("overloaded_error"),
        "{refused}"
    );
    let elsewhere = post(&server, "/elsewhere", "");
    assert!(elsewhere.starts_with("HTTP/1.1 404"), "{elsewhere}");
    let requests = server.requests();
    let seen: Vec<_> = requests
        .iter()
        .map(|request| (request.number, request.path.as_str()))
        .collect();
    assert_eq!(seen, [(1, "/v1/messages"), (2, "/elsewhere")]);
    assert_eq!(requests[0].header("x-test"), Some("yes"));
    assert_eq!(requests[0].last_text(), "hi");
}

#[test]
fn a_function_answers_after_the_replies() {
    let script = Script::from(vec![Reply::text("first")])
        .then(|request| Reply::text(format!("number {}", request.number)));
    let server = ModelServer::start_blocking(script);
    let mut answers = (0..2).map(|_| post(&server, "/v1/messages", "{}"));
    assert!(answers.next().unwrap().contains("first"));
    assert!(answers.next().unwrap().contains("number 2"));
}

#[test]
fn last_text_and_results_read_tool_rounds() {
    let server = ModelServer::start_blocking(Vec::new());
    let result =
        json!({ "type": "tool_result", "tool_use_id": "t1", "content": "42", "is_error": true });
    let body = json!({ "messages": [{ "role": "user", "content": [result, { "type": "text", "text": "go on" }] }] });
    post(&server, "/v1/messages", &body.to_string());
    let request: RecordedRequest = server.requests().remove(0);
    assert_eq!(request.last_text(), "42\ngo on");
    assert_eq!(request.tool_results(), [result_block()]);
}

fn result_block() -> serde_json::Value {
    json!({ "type": "tool_result", "tool_use_id": "t1", "content": "42", "is_error": true })
}

#[test]
fn a_dropped_server_listens_no_more() {
    let server = ModelServer::start_blocking(Vec::new());
    let address = server
        .base_url()
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    drop(server);
    assert!(TcpStream::connect(address).is_err());
    assert!(TcpStream::connect(refused_url().strip_prefix("http://").unwrap()).is_err());
}
