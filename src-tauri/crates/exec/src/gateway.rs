//! The way out of the sandbox: a proxy on a UNIX socket, for the hosts that a
//! command was opened towards and nothing else. It runs in this process, so
//! that a confined command has no network of its own at all.

mod dial;
mod request;

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use protocol::Host;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy, copy_bidirectional, sink};
use tokio::net::{TcpStream, UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

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

/// An open gateway; dropped, it closes with all its connections.
#[derive(Debug)]
pub(crate) struct Gateway {
    folder: TempDir,
    /// Ends with it.
    _tasks: JoinSet<()>,
    refused: Arc<Mutex<BTreeSet<String>>>,
}

impl Gateway {
    /// Opens one towards `hosts`, for a command that may write in `within`.
    pub(crate) fn open(hosts: &[Host], within: &[PathBuf], dial: &Dial) -> std::io::Result<Self> {
        let folder = private_folder(within)?;
        let listener = UnixListener::bind(socket_in(folder.path()))?;
        let refused = Arc::default();
        let door = Door {
            hosts: hosts.iter().cloned().collect(),
            dial: dial.clone(),
            refused: Arc::clone(&refused),
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, Arc::new(door)));
        Ok(Self {
            folder,
            _tasks: tasks,
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

/// A folder for this user alone, where no confined command can look: the
/// sandbox has a `/run` and a `/tmp` of its own.
fn private_folder(within: &[PathBuf]) -> std::io::Result<TempDir> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let place = runtime
        .into_iter()
        .filter(|path| path.starts_with("/run"))
        .chain([PathBuf::from("/tmp")])
        .find(|path| path.is_dir() && !within.iter().any(|root| path.starts_with(root)))
        .ok_or_else(|| std::io::Error::other("no folder for the way out is out of its sight"))?;
    tempfile::Builder::new()
        .prefix("familiar-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(place)
}

fn socket_in(folder: &Path) -> PathBuf {
    folder.join("gateway")
}

async fn serve(listener: UnixListener, door: Arc<Door>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut clients = JoinSet::new();
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
        // What is no name is not told: it could be any words.
        let host = Host::parse(&request.host)
            .map_err(|error| self.refuse("something that is no name", format!("{error}.")))?;
        // Through a tunnel to port 80 any host could be named to whoever
        // listens there.
        let port = match request.asked {
            Asked::Tunnel => 443,
            Asked::Plain(..) => 80,
        };
        if request.port != port {
            let place = format!("{host}:{}", request.port);
            return Err(self.refuse(&place, format!("Only port {port} is reached this way.")));
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
        // Either side may end it; there is nobody to tell.
        let _ = match &request.asked {
            Asked::Tunnel => tunnel(client, &mut far, &request.rest).await,
            Asked::Plain(head, body) => {
                let head = head.with_host(&host);
                exchange((client, &request.rest), &mut far, (&head, *body)).await
            }
        };
        Ok(())
    }

    fn refuse(&self, what: &str, why: String) -> Refused {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.len() < REFUSED_LIMIT {
            refused.insert(what.to_owned());
        }
        Refused::new(403, why)
    }
}

/// Carries bytes both ways.
async fn tunnel(client: &mut UnixStream, far: &mut TcpStream, first: &[u8]) -> std::io::Result<()> {
    client
        .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .await?;
    far.write_all(first).await?;
    copy_bidirectional(client, far).await.map(drop)
}

/// Carries one request and its answer: what the client sends behind its body
/// goes nowhere.
async fn exchange(
    (client, first): (&mut UnixStream, &[u8]),
    far: &mut TcpStream,
    (head, body): (&[u8], u64),
) -> std::io::Result<()> {
    far.write_all(head).await?;
    let (from_client, mut to_client) = client.split();
    let (mut from_far, mut to_far) = far.split();
    let sent = async {
        let mut body = first.chain(from_client).take(body);
        copy(&mut body, &mut to_far).await?;
        std::future::pending::<std::io::Result<()>>().await
    };
    tokio::select! {
        answered = copy(&mut from_far, &mut to_client) => answered.map(drop),
        failed = sent => failed,
    }?;
    to_client.shutdown().await
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
