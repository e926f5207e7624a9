//! What goes over each wire, held against the types of the vendors' own
//! libraries (Python, from PyPI): the requests we make, and the answers our
//! scripted server gives, so that the tests around it test the real thing.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use engine::{Attachment, Options, Submission};
use protocol::{Effort, StopReason};
use serde_json::{Value, json};
use testkit::{ModelServer, Reply};

use crate::installed::installed;
use crate::one_turn::one_turn;

const WIRES: [(&str, Option<&str>); 5] = [
    ("anthropic", None),
    ("openai", None),
    ("openai-chat", None),
    ("gemini", None),
    ("ollama", Some("qwen3:8b")),
];

#[tokio::test]
async fn requests_and_answers_fit_the_types_of_the_vendors_libraries() {
    let mut cases = String::new();
    for (wire, model) in WIRES {
        for (effort, submission) in [(Effort::Auto, plain()), (Effort::High, with_files())] {
            let (request, path) = second_request((wire, model), effort, submission).await;
            let answer = events_of(&path, &request).await;
            assert!(answer.len() > 1, "{wire}: {answer:?}");
            let case = json!({ "wire": wire, "request": request, "answer": answer });
            cases.push_str(&format!("{case}\n"));
        }
    }
    let (fits, said) = validate(&cases);
    assert!(fits, "{said}");
    assert_eq!(said.lines().count(), 2 * WIRES.len(), "{said}");
}

fn plain() -> Submission {
    Submission::typed("What do the notes say?")
}

/// The same with an image and a document; models that read none get words.
fn with_files() -> Submission {
    let mut image = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x05\0\0\0\x04".to_vec();
    image.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
    let file = |name: &str, data: Vec<u8>| Attachment {
        name: name.to_owned(),
        data,
    };
    Submission {
        attachments: vec![
            file("shot.png", image),
            file("paper.pdf", b"%PDF-1.7 and so on".to_vec()),
        ],
        ..plain()
    }
}

/// The request after a tool call: with a history, reasoning, a call and its
/// result; and the path it went to.
async fn second_request(
    (provider, model): (&str, Option<&str>),
    effort: Effort,
    submission: Submission,
) -> (Value, String) {
    let call = Reply::tool("read", json!({ "path": "notes.txt" }))
        .with_text("I look.")
        .with_thinking("Where are the notes?");
    let server = ModelServer::start([call, Reply::text("It says one and two.")]).await;
    let options = Options {
        provider: Some(provider.to_owned()),
        model: model.map(str::to_owned),
        effort: Some(effort),
        base_url: Some(server.base_url()),
        api_key: Some("test-key".to_owned()),
        ..Options::default()
    };
    let ended = one_turn(options, submission).await;
    assert_eq!(
        (ended.reason, ended.error),
        (StopReason::Done, None),
        "{provider}"
    );
    let requests = server.requests();
    let last = requests.last().unwrap();
    (last.body.clone(), last.path.clone())
}

/// What the scripted server streams for such a request: reasoning, words and a
/// tool call, as plain JSON events.
async fn events_of(path: &str, request: &Value) -> Vec<Value> {
    let reply = Reply::tool("read", json!({ "path": "notes.txt" }))
        .with_text("I look.")
        .with_thinking("Where are the notes?");
    let server = ModelServer::start([reply]).await;
    let address = server.base_url();
    let host = address.trim_start_matches("http://").split('/').next();
    let body = request.to_string();
    let text = post(host.unwrap(), path, &body).await;
    let lines = text.lines().map(str::trim);
    lines
        .map(|line| line.strip_prefix("data: ").unwrap_or(line))
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(Value::is_object)
        .collect()
}

/// One plain request: the answer's body.
async fn post(host: &str, path: &str, body: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    unchunked(&String::from_utf8(answer).unwrap())
}

/// The body of an answer, its chunks joined.
fn unchunked(answer: &str) -> String {
    let (head, mut rest) = answer.split_once("\r\n\r\n").unwrap();
    if !head
        .to_ascii_lowercase()
        .contains("transfer-encoding: chunked")
    {
        return rest.to_owned();
    }
    let mut body = String::new();
    while let Some((size, chunk)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        if size == 0 {
            break;
        }
        body.push_str(&chunk[..size]);
        rest = chunk[size..].trim_start_matches("\r\n");
    }
    body
}

fn validate(cases: &str) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sdk/validate.py");
    let mut child = Command::new(installed("SDK_PYTHON", "tools/sdk/bin/python"))
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(cases.as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.success(), said)
}
