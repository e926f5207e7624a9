//! A conversation with one server: requests and their answers, in whatever
//! order they come, and an end that everybody who waits hears of.
//!
//! It knows no language and no document. One task reads and writes; it owns
//! the process and ends it when the conversation is over.

pub(crate) mod frame;
pub(crate) mod message;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, BufReader};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::error::{Fault, LspError};
use crate::launch::Connection;
use message::{Answer, Incoming, Refusal};

/// Messages that wait to be written. A server reads all the time; one that
/// leaves so many lying is broken.
const OUTBOX: usize = 256;

/// Requests that wait for their answer at one time. An agent asks a few.
const WAITING: usize = 64;

/// What is kept of the end of standard error, in bytes: a panic with the
/// first lines of its trace.
const STDERR_BYTES: usize = 2048;

/// How long standard error may still speak when the rest is over.
const STDERR_GRACE: Duration = Duration::from_millis(200);

/// A server that says nothing while so many requests run out of time hangs.
const SILENT_TIMEOUTS: u32 = 3;

/// The longest error message of a server that is shown, in characters.
const REFUSAL_CHARS: usize = 1000;

/// Where what the server says by itself goes. It must not block.
pub(crate) trait Listener: Send + Sync + 'static {
    /// It told something.
    fn hear(&self, method: &str, params: &str);

    /// It wants to know something.
    fn reply(&self, method: &str, params: &str) -> Result<Value, Refusal>;

    /// It is gone.
    fn ended(&self);
}

/// Our side of the conversation.
pub(crate) struct Peer {
    server: &'static str,
    outbox: mpsc::Sender<Vec<u8>>,
    calls: Arc<Mutex<Calls>>,
    stop: CancellationToken,
    /// Dropping it ends the conversation and the process.
    _task: JoinSet<()>,
}

/// Requests that wait, and the end.
#[derive(Default)]
struct Calls {
    next: i64,
    waiting: HashMap<i64, oneshot::Sender<Answer>>,
    silent_timeouts: u32,
    ended: Option<End>,
}

#[derive(Clone)]
struct End {
    fault: Fault,
    stderr: String,
}

impl Peer {
    pub(crate) fn new(
        server: &'static str,
        connection: Connection,
        listener: Arc<dyn Listener>,
    ) -> Self {
        let (outbox, queue) = mpsc::channel(OUTBOX);
        let calls = Arc::new(Mutex::new(Calls::default()));
        let stop = CancellationToken::new();
        let talk = Talk {
            calls: Arc::clone(&calls),
            outbox: outbox.downgrade(),
            listener,
            stop: stop.clone(),
        };
        let mut task = JoinSet::new();
        task.spawn(talk.run(connection, queue));
        Self {
            server,
            outbox,
            calls,
            stop,
            _task: task,
        }
    }

    /// Asks and waits. When the time is over, or the caller goes away, the
    /// server is told that the answer is not wanted any more.
    pub(crate) async fn request(
        &self,
        method: &str,
        params: Option<&impl Serialize>,
        limit: Duration,
    ) -> Result<Box<RawValue>, LspError> {
        let (id, answer) = self.register()?;
        let waiting = Waiting { peer: self, id };
        let message = message::request(id, method, params);
        self.send(message, method)?;
        match tokio::time::timeout(limit, answer).await {
            Ok(Ok(Ok(result))) => Ok(result),
            Ok(Ok(Err(refusal))) => Err(self.refused(method, &refusal)),
            Ok(Err(_)) => Err(self.error().unwrap_or(LspError::Busy {
                server: self.server,
            })),
            Err(_) => {
                drop(waiting);
                self.count_timeout();
                Err(LspError::TimedOut {
                    server: self.server,
                    method: method.to_owned(),
                    seconds: limit.as_secs(),
                })
            }
        }
    }

    /// Tells something. It is queued at once, in the order of the calls.
    pub(crate) fn notify(
        &self,
        method: &str,
        params: Option<&impl Serialize>,
    ) -> Result<(), LspError> {
        self.send(message::notice(method, params), method)
    }

    /// Why the conversation is over; `None` while it lasts.
    pub(crate) fn error(&self) -> Option<LspError> {
        let end = lock(&self.calls).ended.clone()?;
        Some(LspError::Broken {
            server: self.server,
            fault: end.fault,
            stderr: end.stderr,
        })
    }

    /// Ends the conversation and the process.
    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }

    fn register(&self) -> Result<(i64, oneshot::Receiver<Answer>), LspError> {
        if let Some(error) = self.error() {
            return Err(error);
        }
        let mut calls = lock(&self.calls);
        if calls.waiting.len() == WAITING {
            return Err(LspError::Busy {
                server: self.server,
            });
        }
        let (tx, rx) = oneshot::channel();
        calls.next += 1;
        let id = calls.next;
        calls.waiting.insert(id, tx);
        Ok((id, rx))
    }

    fn send(&self, message: Option<Vec<u8>>, method: &str) -> Result<(), LspError> {
        let message = message.ok_or_else(|| LspError::Unreadable {
            server: self.server,
            method: method.to_owned(),
            why: "the question cannot be written as JSON".to_owned(),
        })?;
        match self.outbox.try_send(message) {
            Ok(()) => Ok(()),
            Err(mpsc::error::TrySendError::Full(_)) => {
                self.break_off(Fault::Deaf);
                Err(self.gone())
            }
            Err(mpsc::error::TrySendError::Closed(_)) => Err(self.gone()),
        }
    }

    fn gone(&self) -> LspError {
        self.error().unwrap_or(LspError::Broken {
            server: self.server,
            fault: Fault::Ended,
            stderr: String::new(),
        })
    }

    fn refused(&self, method: &str, refusal: &Refusal) -> LspError {
        LspError::Refused {
            server: self.server,
            method: method.to_owned(),
            code: refusal.code,
            message: refusal.message.chars().take(REFUSAL_CHARS).collect(),
        }
    }

    fn count_timeout(&self) {
        let mut calls = lock(&self.calls);
        calls.silent_timeouts += 1;
        let hangs = calls.silent_timeouts >= SILENT_TIMEOUTS;
        drop(calls);
        if hangs {
            self.break_off(Fault::Hung);
        }
    }

    fn break_off(&self, fault: Fault) {
        lock(&self.calls).end(fault, String::new());
        self.stop.cancel();
    }
}

/// A request whose answer is wanted, for as long as this lives.
struct Waiting<'a> {
    peer: &'a Peer,
    id: i64,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let unanswered = lock(&self.peer.calls).waiting.remove(&self.id).is_some();
        if unanswered {
            let id = serde_json::json!({"id": self.id});
            if let Err(error) = self.peer.notify("$/cancelRequest", Some(&id)) {
                tracing::debug!(%error, "a request could not be taken back");
            }
        }
    }
}

impl Calls {
    /// The first reason counts, and the last words. Who waits is woken by the
    /// loss of its sender.
    fn end(&mut self, fault: Fault, stderr: String) {
        let first = self.ended.take().map_or(fault, |end| end.fault);
        self.ended = Some(End {
            fault: first,
            stderr,
        });
        self.waiting.clear();
    }
}

/// The task's side.
struct Talk {
    calls: Arc<Mutex<Calls>>,
    outbox: mpsc::WeakSender<Vec<u8>>,
    listener: Arc<dyn Listener>,
    stop: CancellationToken,
}

impl Talk {
    async fn run(self, connection: Connection, mut queue: mpsc::Receiver<Vec<u8>>) {
        let Connection {
            mut stdin,
            stdout,
            stderr,
            guard,
            ..
        } = connection;
        let tail = Arc::new(Mutex::new(Vec::new()));
        let mut ear = JoinSet::new();
        ear.spawn(keep_tail(stderr, Arc::clone(&tail)));
        // None of these is polled again after one has ended.
        let fault = tokio::select! {
            fault = self.read(stdout) => fault,
            fault = write(&mut stdin, &mut queue) => fault,
            () = self.stop.cancelled() => Fault::Stopped,
        };
        drop(stdin);
        let heard = tokio::time::timeout(STDERR_GRACE, ear.join_next()).await;
        tracing::debug!(%fault, all_heard = heard.is_ok(), "a language server ended");
        let stderr = String::from_utf8_lossy(&lock(&tail)).into_owned();
        lock(&self.calls).end(fault, stderr);
        self.listener.ended();
        // Ending a tree may block.
        if let Err(error) = tokio::task::spawn_blocking(move || drop(guard)).await {
            tracing::error!(%error, "ending a language server failed");
        }
    }

    async fn read(&self, stdout: impl AsyncRead + Unpin) -> Fault {
        let mut stdout = BufReader::new(stdout);
        loop {
            let step = match frame::read(&mut stdout).await {
                Ok(Some(message)) => self.take(&message),
                Ok(None) => Err(Fault::Ended),
                Err(fault) => Err(fault),
            };
            if let Err(fault) = step {
                return fault;
            }
            // A flood must not keep the thread for itself.
            tokio::task::yield_now().await;
        }
    }

    fn take(&self, message: &[u8]) -> Result<(), Fault> {
        lock(&self.calls).silent_timeouts = 0;
        match message::read(message)? {
            Incoming::Answer { id, answer } => {
                let caller = lock(&self.calls).waiting.remove(&id);
                // Nobody waits for what came too late, or twice.
                let _too_late = caller.map(|caller| caller.send(answer));
                Ok(())
            }
            Incoming::Question { id, method, params } => {
                let answer = self.listener.reply(&method, params);
                match (self.outbox.upgrade(), message::reply(id, answer)) {
                    (Some(outbox), Some(reply)) => outbox.try_send(reply).map_err(|_| Fault::Deaf),
                    _ => Ok(()),
                }
            }
            Incoming::Notice { method, params } => {
                self.listener.hear(&method, params);
                Ok(())
            }
            Incoming::Nothing => Ok(()),
        }
    }
}

async fn write(
    stdin: &mut (impl AsyncWrite + Unpin),
    queue: &mut mpsc::Receiver<Vec<u8>>,
) -> Fault {
    while let Some(message) = queue.recv().await {
        if let Err(fault) = frame::write(stdin, &message).await {
            return fault;
        }
    }
    Fault::Stopped
}

/// Reads to the end and keeps the last [`STDERR_BYTES`].
async fn keep_tail(mut stream: impl AsyncRead + Unpin, tail: Arc<Mutex<Vec<u8>>>) {
    let mut piece = [0; 1024];
    while let Ok(count @ 1..) = stream.read(&mut piece).await {
        let mut tail = lock(&tail);
        tail.extend_from_slice(&piece[..count]);
        let excess = tail.len().saturating_sub(STDERR_BYTES);
        tail.drain(..excess);
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
