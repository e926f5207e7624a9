//! A model server on loopback that answers from a script and records what it
//! was asked.
//!
//! It runs on a thread of its own, so it serves other processes and blocking
//! tests as well as async ones. The wire follows from the request's path.

mod connection;
mod reply;
mod wire;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;

pub use reply::{Reply, Script};

/// Longest a test waits for the server to see something.
const WAIT_TIMEOUT: Duration = Duration::from_secs(20);

/// One request as it arrived.
#[derive(Debug, Clone)]
pub struct RecordedRequest {
    /// From 1, over all connections.
    pub number: usize,
    /// Connection it came over, from 1; equal numbers mean it was reused.
    pub connection: usize,
    /// HTTP method.
    pub method: String,
    /// Path with query.
    pub path: String,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// JSON body; null when there is none.
    pub body: Value,
    /// When the last byte of the request was read.
    pub received_at: Instant,
    /// When the last byte of a complete reply was written.
    pub answered_at: Option<Instant>,
    /// The client went away before the reply was complete.
    pub is_abandoned: bool,
}

impl RecordedRequest {
    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The last message of the conversation.
    #[must_use]
    pub fn last_message(&self) -> &Value {
        self.body
            .pointer("/messages")
            .and_then(Value::as_array)
            .and_then(|all| all.last())
            .unwrap_or(&Value::Null)
    }

    /// All text of the last message: text blocks and tool results.
    #[must_use]
    pub fn last_text(&self) -> String {
        let content = &self.last_message()["content"];
        if let Some(text) = content.as_str() {
            return text.to_owned();
        }
        let blocks = content.as_array().map(Vec::as_slice).unwrap_or_default();
        let texts = blocks
            .iter()
            .filter_map(|block| block["text"].as_str().or_else(|| block["content"].as_str()));
        texts.collect::<Vec<_>>().join("\n")
    }

    /// The texts of the tool results sent last, on any wire.
    #[must_use]
    pub fn result_texts(&self) -> Vec<String> {
        wire::Wire::of(self).map_or_else(Vec::new, |wire| wire.results(&self.body))
    }

    /// The tool results of the last message, on the Anthropic wire.
    #[must_use]
    pub fn tool_results(&self) -> Vec<Value> {
        let blocks = self.last_message()["content"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        blocks
            .into_iter()
            .filter(|block| block["type"] == "tool_result")
            .collect()
    }
}

/// The server; dropping it closes all connections.
#[derive(Debug)]
pub struct ModelServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl ModelServer {
    /// Starts a server on a free port of 127.0.0.1.
    #[expect(
        clippy::unused_async,
        reason = "callers are async, and a remote server would have to be awaited"
    )]
    pub async fn start(script: impl Into<Script>) -> Self {
        Self::start_blocking(script)
    }

    /// The same for callers without a runtime.
    #[must_use]
    pub fn start_blocking(script: impl Into<Script>) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free loopback port");
        listener
            .set_nonblocking(true)
            .expect("a non-blocking listener");
        let address = listener.local_addr().expect("the listener's address");
        let shared = Arc::new(Shared::new(script.into()));
        let (stop, stopped) = oneshot::channel();
        let for_thread = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("model-server".to_owned())
            .spawn(move || serve(listener, for_thread, stopped))
            .expect("a thread for the server");
        Self {
            address,
            shared,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// What to set as a provider's base URL.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All requests so far, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.state().requests.clone()
    }

    /// Names sessions when asked; by default such requests are refused. They
    /// come beside a conversation at any time, so they take no part in the
    /// script and are not among [`ModelServer::requests`].
    #[must_use]
    pub fn naming_sessions(self, title: &str) -> Self {
        self.shared.state().title = Some(title.to_owned());
        self
    }

    /// The requests for a session's name so far.
    #[must_use]
    pub fn title_requests(&self) -> Vec<RecordedRequest> {
        self.shared.state().title_requests.clone()
    }

    /// Waits until the recorded requests fulfil a condition.
    ///
    /// # Panics
    /// When that takes longer than any test should.
    pub async fn wait_until(&self, what: &str, is_met: impl Fn(&[RecordedRequest]) -> bool) {
        let mut changes = self.shared.changes.subscribe();
        let deadline = Instant::now() + WAIT_TIMEOUT;
        while !is_met(&self.shared.state().requests) {
            assert!(
                Instant::now() < deadline,
                "the model server waited in vain until {what}"
            );
            let poll = tokio::time::timeout(Duration::from_millis(200), changes.changed());
            if let Ok(changed) = poll.await {
                changed.expect("the server's state outlives the server");
            }
        }
    }

    /// Waits for a number of requests.
    pub async fn wait_for_requests(&self, count: usize) {
        self.wait_until(&format!("{count} requests came"), |requests| {
            requests.len() >= count
        })
        .await;
    }

    /// Waits until a client left before its reply was complete.
    pub async fn wait_for_abandoned(&self) {
        self.wait_until("a client left", |requests| {
            requests.iter().any(|request| request.is_abandoned)
        })
        .await;
    }
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The thread may have ended already; then there is nothing to stop.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let result = thread.join();
            assert!(
                result.is_ok() || std::thread::panicking(),
                "the model server panicked"
            );
        }
    }
}

/// A base URL nobody listens at.
#[must_use]
pub fn refused_url() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free loopback port");
    format!(
        "http://{}",
        listener.local_addr().expect("the listener's address")
    )
}

/// What connections share.
#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changes: watch::Sender<()>,
}

#[derive(Debug)]
struct State {
    script: Script,
    requests: Vec<RecordedRequest>,
    title: Option<String>,
    title_requests: Vec<RecordedRequest>,
}

/// How the request for a session's name begins, on every wire.
const TITLE_PROMPT: &str = "You name conversations";

impl Shared {
    fn new(script: Script) -> Self {
        Self {
            state: Mutex::new(State {
                script,
                requests: Vec::new(),
                title: None,
                title_requests: Vec::new(),
            }),
            changes: watch::Sender::new(()),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Numbers and records a request, and picks its reply. A request for a
    /// name has the number 0.
    fn record(&self, mut request: RecordedRequest) -> (usize, Reply) {
        let mut state = self.state();
        if request.body.to_string().contains(TITLE_PROMPT) {
            let reply = state
                .title
                .clone()
                .map_or_else(|| Reply::status(404), Reply::text);
            state.title_requests.push(request);
            return (0, reply);
        }
        request.number = state.requests.len() + 1;
        let number = request.number;
        let reply = state.script.next(&request);
        state.requests.push(request);
        drop(state);
        self.changes.send_replace(());
        (number, reply)
    }

    fn update(&self, number: usize, change: impl FnOnce(&mut RecordedRequest)) {
        if let Some(index) = number.checked_sub(1)
            && let Some(request) = self.state().requests.get_mut(index)
        {
            change(request);
        }
        self.changes.send_replace(());
    }
}

fn serve(listener: std::net::TcpListener, shared: Arc<Shared>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime for the server");
    runtime.block_on(async {
        let listener = TcpListener::from_std(listener).expect("the listener on the runtime");
        tokio::select! {
            () = accept(listener, shared) => {}
            _ = stopped => {}
        }
    });
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    let mut number = 0;
    loop {
        if let Ok((socket, _)) = listener.accept().await {
            number += 1;
            connections.spawn(connection::serve(socket, number, Arc::clone(&shared)));
        }
        while connections.try_join_next().is_some() {}
    }
}

#[cfg(test)]
mod tests;
