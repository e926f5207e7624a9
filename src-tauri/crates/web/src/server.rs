//! A server on loopback whose every byte a test chooses, also wrong ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What is sent, in order.
#[derive(Clone)]
pub(crate) enum Send {
    Bytes(Vec<u8>),
    /// Again and again, until the other side leaves.
    Endless(Vec<u8>),
    /// One byte at a time, with a pause after each.
    Slowly(Vec<u8>, Duration),
    /// Nothing more, and the connection stays open.
    Silence,
}

type Answer = dyn Fn(&str) -> Vec<Send> + std::marker::Send + Sync;

/// Dropped, it closes all connections.
pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    /// How many connections ended.
    ended: Arc<Mutex<usize>>,
    _tasks: JoinSet<()>,
}

impl Server {
    /// Answers each request by its path.
    pub async fn start(
        answer: impl Fn(&str) -> Vec<Send> + std::marker::Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (requests, ended) = (Arc::default(), Arc::default());
        let mut tasks = JoinSet::new();
        let shared = (Arc::clone(&requests), Arc::clone(&ended));
        tasks.spawn(accept(listener, Arc::new(answer), shared));
        Self {
            address,
            requests,
            ended,
            _tasks: tasks,
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The heads of all requests, as they came.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub fn ended(&self) -> usize {
        *self.ended.lock().unwrap()
    }
}

type Shared = (Arc<Mutex<Vec<String>>>, Arc<Mutex<usize>>);

async fn accept(listener: TcpListener, answer: Arc<Answer>, shared: Shared) {
    let mut clients = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (answer, (requests, ended)) = (Arc::clone(&answer), shared.clone());
        clients.spawn(async move {
            serve(stream, &answer, &requests).await;
            *ended.lock().unwrap() += 1;
        });
    }
}

async fn serve(mut stream: TcpStream, answer: &Arc<Answer>, requests: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    requests.lock().unwrap().push(head);
    for part in answer(&path) {
        if !send(&mut stream, part).await {
            return;
        }
    }
    let _ = stream.shutdown().await;
}

/// False when the other side is gone.
async fn send(stream: &mut TcpStream, part: Send) -> bool {
    match part {
        Send::Bytes(bytes) => stream.write_all(&bytes).await.is_ok(),
        Send::Endless(bytes) => {
            while stream.write_all(&bytes).await.is_ok() {}
            false
        }
        Send::Slowly(bytes, pause) => {
            for byte in bytes {
                if stream.write_all(&[byte]).await.is_err() {
                    return false;
                }
                tokio::time::sleep(pause).await;
            }
            true
        }
        Send::Silence => {
            let _ = stream.read_u8().await;
            false
        }
    }
}

/// A whole answer.
pub(crate) fn answer(status: &str, headers: &[&str], body: &[u8]) -> Vec<Send> {
    let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let mut bytes = format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    vec![Send::Bytes(bytes)]
}

pub(crate) fn html(body: &str) -> Vec<Send> {
    answer(
        "200 OK",
        &["Content-Type: text/html; charset=utf-8"],
        body.as_bytes(),
    )
}

pub(crate) fn text(body: &str) -> Vec<Send> {
    answer("200 OK", &["Content-Type: text/plain"], body.as_bytes())
}

pub(crate) fn redirect(location: &str) -> Vec<Send> {
    answer("302 Found", &[&format!("Location: {location}")], b"")
}

/// Only the head, with these lines.
pub(crate) fn head(headers: &[&str]) -> Send {
    let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    Send::Bytes(format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes())
}
