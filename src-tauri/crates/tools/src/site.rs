//! A site on loopback that stands for the internet in tests of the tools.
//! What a server can do wrong is tried in `web`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use web::{SearchConfig, Web};

/// A site; its thread ends with the test's process.
pub(crate) struct Site {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Site {
    pub(crate) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                std::thread::spawn(move || serve(stream, &seen));
            }
        });
        Self { address, requests }
    }

    /// The way to it, also for searches.
    pub(crate) fn web(&self) -> Web {
        let web = Web::towards(self.address);
        let base_url = "http://search.example".to_owned();
        web.set_search(Some(SearchConfig::Searxng { base_url }))
            .unwrap();
        web
    }

    /// Host and path of all requests.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, seen: &Mutex<Vec<String>>) {
    let lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let head: Vec<String> = lines
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .collect();
    let Some(path) = head.first().and_then(|line| line.split(' ').nth(1)) else {
        return;
    };
    let host = head.iter().find_map(|line| line.strip_prefix("host: "));
    let asked = format!("{}{path}", host.unwrap_or_default());
    seen.lock().unwrap().push(asked);
    let (status, headers, body) = answer(path);
    let length = match path {
        // More is promised than ever comes.
        "/never" => 999,
        _ => body.len(),
    };
    let head = format!("HTTP/1.1 {status}\r\n{headers}\r\nContent-Length: {length}\r\n\r\n");
    // A client that has enough goes away.
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(&body);
    if path == "/never" {
        std::thread::sleep(std::time::Duration::from_secs(60));
    }
}

fn answer(path: &str) -> (&'static str, &'static str, Vec<u8>) {
    const HTML: &str = "Content-Type: text/html; charset=utf-8";
    let path = path.split('?').next().unwrap();
    match path {
        "/a" => (
            "200 OK",
            HTML,
            b"<title>A</title><h1>Hello</h1><p>See <a href=/b>b</a>.\xe2\x80\x8b".to_vec(),
        ),
        "/long" => ("200 OK", HTML, "<p>some words here</p>".repeat(5000).into()),
        "/empty" => ("200 OK", HTML, b"<script>x()</script>".to_vec()),
        "/away" => ("302 Found", "Location: http://other.example/a", Vec::new()),
        "/pdf" => (
            "200 OK",
            "Content-Type: application/pdf",
            b"%PDF-1.7".to_vec(),
        ),
        "/bytes" => ("200 OK", "Content-Type: x/y", (0..=255).collect()),
        "/never" => ("200 OK", "Content-Type: text/plain", Vec::new()),
        "/search" => ("200 OK", "Content-Type: application/json", RESULTS.into()),
        _ => ("404 Not Found", "X: y", Vec::new()),
    }
}

const RESULTS: &str = r#"{"results": [
    {"title": "Rust", "url": "https://www.rust-lang.org/", "content": "A <b>language</b>."},
    {"title": "Docs", "url": "https://docs.rs/", "content": ""}
]}"#;
