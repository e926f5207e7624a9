//! A language server played by a test: the other end of real pipes, with the
//! real framing, that says what its script says.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::collections::VecDeque;
use std::path::Path;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, atomic::AtomicBool};

use async_trait::async_trait;
use serde_json::{Value, json};
use tokio::io::{AsyncWriteExt, BufReader, DuplexStream, duplex};
use tokio::task::JoinSet;

use crate::catalog::{Entry, Language, ServerCommand};
use crate::launch::{Connection, Launch, LaunchError};
use crate::peer::frame;

/// What a pipe of the system holds, in bytes.
const PIPE: usize = 64 * 1024;

/// An entry for files that end with `fake`.
pub static FAKES: &[Entry] = &[Entry {
    name: "fake-server",
    languages: &[Language {
        id: "fake",
        extensions: &["fake"],
    }],
    roots: &[&["fake.toml"]],
    commands: &[ServerCommand {
        program: "fake-server",
        arguments: &["--stdio"],
    }],
    options: || json!({"opted": true}),
    settings: || json!({"fake": {"deep": {"value": 7}}}),
    checks_when_saved: false,
    install: "Install it with `fake install`.",
}];

pub struct Fake {
    reader: BufReader<DuplexStream>,
    writer: DuplexStream,
    pub stderr: DuplexStream,
    /// Our process was ended.
    pub killed: Arc<AtomicBool>,
}

struct Guard(Arc<AtomicBool>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

pub fn pair() -> (Connection, Fake) {
    let (stdin, reader) = duplex(PIPE);
    let (writer, stdout) = duplex(PIPE);
    let (stderr, complaints) = duplex(PIPE);
    let killed = Arc::new(AtomicBool::new(false));
    let connection = Connection {
        stdin: Box::new(stdin),
        stdout: Box::new(stdout),
        stderr: Box::new(complaints),
        pid: None,
        guard: Box::new(Guard(Arc::clone(&killed))),
    };
    let fake = Fake {
        reader: BufReader::new(reader),
        writer,
        stderr,
        killed,
    };
    (connection, fake)
}

impl Fake {
    /// The next message; `Null` when the other side has gone.
    pub async fn hear(&mut self) -> Value {
        match frame::read(&mut self.reader).await {
            Ok(Some(message)) => serde_json::from_slice(&message).unwrap(),
            _ => Value::Null,
        }
    }

    /// The next message with this method; others are passed over.
    pub async fn expect(&mut self, method: &str) -> Value {
        loop {
            let message = self.hear().await;
            assert!(!message.is_null(), "waited for `{method}`");
            if message["method"] == method {
                return message;
            }
        }
    }

    pub async fn say(&mut self, message: Value) {
        let _gone = frame::write(&mut self.writer, message.to_string().as_bytes()).await;
    }

    pub async fn raw(&mut self, bytes: &[u8]) {
        let _gone = self.writer.write_all(bytes).await;
    }

    pub async fn notice(&mut self, method: &str, params: Value) {
        self.say(json!({"jsonrpc": "2.0", "method": method, "params": params}))
            .await;
    }

    pub async fn answer(&mut self, question: &Value, result: Value) {
        self.say(json!({"jsonrpc": "2.0", "id": question["id"], "result": result}))
            .await;
    }

    /// Answers the first words and says what it can do.
    pub async fn greet(&mut self, capabilities: Value) -> Value {
        let hello = self.expect("initialize").await;
        self.answer(&hello, json!({"capabilities": capabilities}))
            .await;
        self.expect("initialized").await;
        hello
    }

    /// Stays until it is sent away.
    pub async fn stay(mut self) {
        let goodbye = self.hear_until("shutdown").await;
        if !goodbye.is_null() {
            self.answer(&goodbye, Value::Null).await;
            self.hear_until("exit").await;
        }
    }

    async fn hear_until(&mut self, method: &str) -> Value {
        loop {
            let message = self.hear().await;
            if message.is_null() || message["method"] == method {
                return message;
            }
        }
    }
}

type Script = Box<dyn FnOnce(Fake) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// Launches one script after the other; after the last there is no program.
#[derive(Default)]
pub struct Stage {
    scripts: Mutex<VecDeque<Script>>,
    running: Mutex<JoinSet<()>>,
    pub launched: AtomicU32,
}

impl Stage {
    pub fn with<F>(self, script: impl FnOnce(Fake) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let script: Script = Box::new(move |fake| Box::pin(script(fake)));
        self.scripts.lock().unwrap().push_back(script);
        self
    }

    /// All scripts ran to their end and nothing in them failed.
    pub async fn done(&self) {
        assert!(self.scripts.lock().unwrap().is_empty());
        let mut running = std::mem::take(&mut *self.running.lock().unwrap());
        while let Some(ended) = running.join_next().await {
            ended.unwrap();
        }
    }
}

#[async_trait]
impl Launch for Stage {
    async fn launch(
        &self,
        command: &ServerCommand,
        _root: &Path,
    ) -> Result<Connection, LaunchError> {
        assert_eq!(command, &FAKES[0].commands[0]);
        self.launched.fetch_add(1, Ordering::SeqCst);
        let script = self.scripts.lock().unwrap().pop_front();
        let script = script.ok_or(LaunchError::NotFound)?;
        let (connection, fake) = pair();
        self.running.lock().unwrap().spawn(script(fake));
        Ok(connection)
    }
}
