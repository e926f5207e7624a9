//! The way out of the sandbox: a proxy on a UNIX socket, for the hosts that a
//! command was opened towards and nothing else. It runs in this process, so
//! that a confined command has no network of its own at all.

mod address;
mod dial;
mod request;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use protocol::Host;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy, copy_bidirectional, sink};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;

pub use address::is_public;
pub use dial::{Dial, NotReached};
use request::{Asked, Request};

/// Connections of one command at a time; more wait.
const CONNECTIONS: usize = 64;

/// How long a client may take to say what it wants.
const ASKING: Duration = Duration::from_secs(10);

/// How much of what a refused client still sends is taken, and how long.
const LINGER_BYTES: u64 = 1024 * 1024;
const LINGER: Duration = Duration::from_secs(2);

/// How many refused hosts are remembered, to be told at the end.
const REFUSED_LIMIT: usize = 20;

/// The ports of HTTP and HTTPS.
const PORTS: [u16; 2] = [80, 443];

/// An open gateway; dropped, it closes with all its connections.
#[derive(Debug)]
pub(crate) struct Gateway {
    folder: TempDir,
    task: JoinHandle<()>,
    refused: Arc<Mutex<BTreeSet<String>>>,
}

impl Gateway {
    /// Opens one towards `hosts`.
    pub(crate) fn open(hosts: &[Host], dial: &Dial) -> std::io::Result<Self> {
        // Made for this user alone.
        let folder = tempfile::Builder::new().prefix("familiar-").tempdir()?;
        let listener = UnixListener::bind(socket_in(folder.path()))?;
        let refused = Arc::default();
        let door = Door {
            hosts: hosts.iter().cloned().collect(),
            dial: dial.clone(),
            refused: Arc::clone(&refused),
        };
        let task = spawn(serve(listener, Arc::new(door)));
        Ok(Self {
            folder,
            task,
            refused,
        })
    }

    pub(crate) fn socket(&self) -> PathBuf {
        socket_in(self.folder.path())
    }

    /// What was asked for and not let through, in words, in order.
    pub(crate) fn refused(&self) -> Vec<String> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.iter().cloned().collect()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "it ends with the gateway, which aborts it"
)]
fn spawn(work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    tokio::spawn(work)
}

fn socket_in(folder: &Path) -> PathBuf {
    folder.join("gateway")
}

async fn serve(listener: UnixListener, door: Arc<Door>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut clients = tokio::task::JoinSet::new();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((client, _)) => {
                let door = Arc::clone(&door);
                clients.spawn(async move {
                    door.answer(client).await;
                    drop(place);
                });
            }
            Err(error) => {
                // Out of file descriptors, most likely: others may close some.
                tracing::warn!(%error, "the gateway of a command could not accept");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        while clients.try_join_next().is_some() {}
    }
}

/// What is let through.
struct Door {
    hosts: BTreeSet<Host>,
    dial: Dial,
    refused: Arc<Mutex<BTreeSet<String>>>,
}

impl Door {
    async fn answer(&self, mut client: UnixStream) {
        let answered = match timeout(ASKING, Request::read(&mut client)).await {
            Err(_) => Err(Refused::new(408, "Nothing was asked for in time.")),
            Ok(Err(problem)) => Err(Refused::new(400, problem)),
            Ok(Ok(request)) => self.let_through(&mut client, request).await,
        };
        if let Err(refused) = answered {
            // The client may be gone, and then nobody wants the answer.
            let _ = client.write_all(&refused.response()).await;
            let _ = client.shutdown().await;
            // What it still sends is taken, or it would never see the answer.
            let mut rest = client.take(LINGER_BYTES);
            let _ = timeout(LINGER, copy(&mut rest, &mut sink())).await;
        }
    }

    async fn let_through(&self, client: &mut UnixStream, request: Request) -> Result<(), Refused> {
        let host = Host::parse(&request.host)
            .map_err(|error| self.refuse(&request.host, format!("{error}.")))?;
        if !PORTS.contains(&request.port) {
            let place = format!("{host}:{}", request.port);
            return Err(self.refuse(&place, "Only ports 80 and 443 are reached.".to_owned()));
        }
        if !self.hosts.contains(&host) {
            let why = format!("The sandbox is not open towards `{host}`.");
            return Err(self.refuse(host.as_str(), why));
        }
        let mut far = match self.dial.reach(&host, request.port).await {
            Ok(far) => far,
            Err(NotReached::Private) => {
                let why = format!("`{host}` leads to a private address.");
                return Err(self.refuse(host.as_str(), why));
            }
            Err(error) => return Err(Refused::new(502, format!("`{host}`: {error}."))),
        };
        let begun = match &request.asked {
            Asked::Tunnel => {
                client
                    .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    .await
            }
            Asked::Plain(head) => far.write_all(&head.with_host(&host, request.port)).await,
        };
        if begun.is_ok() && far.write_all(&request.rest).await.is_ok() {
            // Either side may end it; there is nobody to tell.
            let _ = copy_bidirectional(client, &mut far).await;
        }
        Ok(())
    }

    fn refuse(&self, what: &str, why: String) -> Refused {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.len() < REFUSED_LIMIT {
            refused.insert(
                what.chars()
                    .take(100)
                    .flat_map(char::escape_debug)
                    .collect(),
            );
        }
        Refused::new(403, why)
    }
}

/// A no, as the client gets it.
struct Refused {
    status: u16,
    why: String,
}

impl Refused {
    fn new(status: u16, why: impl Into<String>) -> Self {
        Self {
            status,
            why: why.into(),
        }
    }

    fn response(&self) -> Vec<u8> {
        let Self { status, why } = self;
        let body = format!("Familiar: {why}\n");
        format!(
            "HTTP/1.1 {status} Refused\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    }
}

#[cfg(test)]
mod tests;
