#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use tokio::io::BufReader;

use super::{MESSAGE_BYTES, read, write};
use crate::error::Fault;

async fn first(bytes: &[u8]) -> Result<Option<String>, Fault> {
    // Pieces as small as they can be.
    let mut stream = BufReader::with_capacity(1, bytes);
    let message = read(&mut stream).await?;
    Ok(message.map(|message| String::from_utf8(message).unwrap()))
}

#[tokio::test]
async fn a_message_is_as_long_as_its_header_says() {
    let cases: [(&str, Option<&str>); 6] = [
        ("Content-Length: 2\r\n\r\n{}rest", Some("{}")),
        ("content-length:2\r\n\r\n{}", Some("{}")),
        (
            "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}",
            Some("{}"),
        ),
        ("Content-Length: 2\n\n{}", Some("{}")),
        ("Content-Length: 0\r\n\r\n", Some("")),
        ("", None),
    ];
    for (bytes, expected) in cases {
        let found = first(bytes.as_bytes()).await.unwrap();
        assert_eq!(found.as_deref(), expected, "{bytes:?}");
    }
}

#[tokio::test]
async fn what_is_no_message_is_refused() {
    let garbage = |text: &str| Fault::Garbage(format!("`{text}`"));
    let long = "x".repeat(100_000);
    let cases = [
        ("Starting server…\r\n", garbage("Starting server…")),
        (
            "Content-Length: two\r\n\r\n",
            garbage("Content-Length: two"),
        ),
        ("Content-Length: -1\r\n\r\n", garbage("Content-Length: -1")),
        (
            "Content-Length: 99999999999999999999\r\n\r\n",
            garbage("Content-Length: 99999999999999999999"),
        ),
        ("\r\n{}", garbage("no length")),
        (&long, garbage(&"x".repeat(120))),
        ("X: 1\r\nX: 2", Fault::Ended),
        ("Content-Length: 5\r\n\r\n{}", Fault::Ended),
        ("Content-Length: 5\r\n", Fault::Ended),
        ("Content-Length: 5", Fault::Ended),
        (
            "Content-Length: 999999999\r\n\r\n{",
            Fault::TooLong { bytes: 999_999_999 },
        ),
    ];
    for (bytes, expected) in cases {
        let shown: String = bytes.chars().take(60).collect();
        assert_eq!(first(bytes.as_bytes()).await, Err(expected), "{shown:?}");
    }
    let fields = "A: b\r\n".repeat(1000);
    assert!(matches!(
        first(fields.as_bytes()).await,
        Err(Fault::Garbage(_))
    ));
    let lie = format!("Content-Length: {MESSAGE_BYTES}\r\n\r\n{{}}");
    assert_eq!(first(lie.as_bytes()).await, Err(Fault::Ended));
    assert!(first(b"\xff\xfe: 1\r\n").await.is_err());
}

#[tokio::test]
async fn what_is_written_can_be_read() {
    let mut bytes = Vec::new();
    for message in ["{}", "\"é🦀\"", ""] {
        write(&mut bytes, message.as_bytes()).await.unwrap();
    }
    let mut stream = BufReader::new(bytes.as_slice());
    for message in ["{}", "\"é🦀\"", ""] {
        let found = read(&mut stream).await.unwrap().unwrap();
        assert_eq!(found, message.as_bytes());
    }
    assert_eq!(read(&mut stream).await, Ok(None));
}
