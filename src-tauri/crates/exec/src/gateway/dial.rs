//! Connecting to a host by its name: looked up once, and connected to the
//! very address that was looked at, so that no second answer of a name server
//! leads elsewhere.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use protocol::{Host, is_public_address};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// How long a name server and a host may take.
const REACHING: Duration = Duration::from_secs(15);

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type LookUp = dyn Fn(Host, u16) -> Pending<io::Result<Vec<SocketAddr>>> + Send + Sync;

/// How hosts are found and which addresses count.
#[derive(Clone)]
pub struct Dial {
    look_up: Arc<LookUp>,
    may_be: fn(IpAddr) -> bool,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum NotReached {
    /// The name leads, at least with one of its addresses, to no place of
    /// the internet.
    #[error("it leads to a private address")]
    Private,
    /// Too slow.
    #[error("it did not answer in time")]
    Slow,
    /// The name or the host is not there.
    #[error("{0}")]
    Failed(#[from] io::Error),
}

impl Default for Dial {
    /// The internet.
    fn default() -> Self {
        let look_up = |host: Host, port| -> Pending<_> {
            Box::pin(async move { Ok(lookup_host((host.as_str(), port)).await?.collect()) })
        };
        Self {
            look_up: Arc::new(look_up),
            may_be: is_public_address,
        }
    }
}

impl Dial {
    /// For tests, where nobody can reach the internet: names and addresses
    /// are what these say.
    #[must_use]
    pub fn fake(
        look_up: impl Fn(&Host, u16) -> Vec<SocketAddr> + Send + Sync + 'static,
        may_be: fn(IpAddr) -> bool,
    ) -> Self {
        let look_up = move |host: Host, port| -> Pending<_> {
            let found = look_up(&host, port);
            Box::pin(std::future::ready(Ok(found)))
        };
        Self {
            look_up: Arc::new(look_up),
            may_be,
        }
    }

    /// Connects to the host.
    ///
    /// # Errors
    /// When it cannot, or must not.
    pub async fn reach(&self, host: &Host, port: u16) -> Result<TcpStream, NotReached> {
        let reached = timeout(REACHING, async {
            let found = (self.look_up)(host.clone(), port).await?;
            if !found.iter().all(|address| (self.may_be)(address.ip())) {
                return Err(NotReached::Private);
            }
            let stream = TcpStream::connect(found.as_slice()).await?;
            // A public address can be this machine's own.
            let is_here = stream.local_addr()?.ip() == stream.peer_addr()?.ip();
            if is_here && !(self.may_be)(LOOPBACK) {
                return Err(NotReached::Private);
            }
            Ok(stream)
        });
        reached.await.unwrap_or(Err(NotReached::Slow))
    }
}

impl fmt::Debug for Dial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dial")
    }
}
