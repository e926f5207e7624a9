//! Where names lead: every address of a name is looked at, and the connection
//! goes to one of those that were looked at and to no other, so that a second
//! answer of a name server leads nowhere.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::pin::Pin;
use std::sync::Arc;

use protocol::{Host, is_public_address};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

/// The most addresses of one name that are looked at; names of the web have
/// a handful.
const ADDRESSES: usize = 64;

type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type LookUp = dyn Fn(Host) -> Pending<io::Result<Vec<SocketAddr>>> + Send + Sync;

/// How names are looked up, and which addresses may be connected to. Outside
/// of this crate, and of tests, there is only the strict one.
#[derive(Clone)]
pub(crate) struct Reach {
    look_up: Arc<LookUp>,
    may_be: Arc<dyn Fn(SocketAddr) -> bool + Send + Sync>,
}

/// Why there is no address to connect to.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotReached {
    /// At least one address is not of the internet.
    #[error("it leads to a private address")]
    Private,
    /// No address at all.
    #[error("it has no address")]
    Nowhere,
    /// Not a name that is looked up.
    #[error("it is no name of the internet")]
    Name,
    /// The name cannot be looked up.
    #[error("{0}")]
    Failed(io::Error),
}

impl Reach {
    /// The internet, and nothing of this machine or the network around it.
    pub fn internet() -> Self {
        Self {
            look_up: Arc::new(look_up),
            may_be: Arc::new(|address| is_public_address(address.ip()) && !is_own(address.ip())),
        }
    }

    /// Anywhere: only for the one host that the user's own settings name.
    pub fn named_by_the_user() -> Self {
        Self {
            look_up: Arc::new(look_up),
            may_be: Arc::new(|_| true),
        }
    }

    /// For tests: names lead where `look_up` says; the rest is as strict.
    #[cfg(test)]
    pub fn looking_up(look_up: impl Fn(&Host) -> Vec<SocketAddr> + Send + Sync + 'static) -> Self {
        let look_up = move |host: Host| -> Pending<_> {
            let found = look_up(&host);
            Box::pin(std::future::ready(Ok(found)))
        };
        Self {
            look_up: Arc::new(look_up),
            ..Self::internet()
        }
    }

    /// For tests: every name leads to this server, which may be connected to.
    #[cfg(any(test, feature = "testing"))]
    pub fn towards(server: SocketAddr) -> Self {
        Self {
            look_up: Arc::new(move |_| Box::pin(std::future::ready(Ok(vec![server])))),
            may_be: Arc::new(move |address| address == server),
        }
    }

    /// Whether a connection that was made may be used.
    pub fn may_be(&self, address: SocketAddr) -> bool {
        (self.may_be)(address)
    }

    async fn find(&self, host: Host) -> Result<Vec<SocketAddr>, NotReached> {
        let found = (self.look_up)(host).await.map_err(NotReached::Failed)?;
        if found.is_empty() {
            return Err(NotReached::Nowhere);
        }
        let is_open = |address: &SocketAddr| (self.may_be)(*address);
        // Of several, one is enough to refuse: which is taken is chance.
        if found.len() > ADDRESSES || !found.iter().all(is_open) {
            return Err(NotReached::Private);
        }
        Ok(found)
    }
}

impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.clone();
        Box::pin(async move {
            let host = Host::parse(name.as_str()).map_err(|_| NotReached::Name)?;
            let found = reach.find(host).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

impl fmt::Debug for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reach")
    }
}

/// The system's own way to look up a name. Port 0 leaves the port to the URL.
fn look_up(host: Host) -> Pending<io::Result<Vec<SocketAddr>>> {
    Box::pin(async move { Ok(lookup_host((host.as_str(), 0)).await?.collect()) })
}

/// Whether it is an address of this very machine, which may have a public
/// one: the system would talk to it from the same address. A datagram socket
/// is only told where it would send to; nothing is sent.
fn is_own(address: IpAddr) -> bool {
    let any: IpAddr = match address {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let source = UdpSocket::bind((any, 0)).and_then(|socket| {
        socket.connect((address, 443))?;
        socket.local_addr()
    });
    // Without a way there, no connection comes about either.
    source.is_ok_and(|source| source.ip() == address)
}

#[cfg(test)]
mod tests;
