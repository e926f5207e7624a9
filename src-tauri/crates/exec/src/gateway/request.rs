//! What a client of the gateway asks for: read once, whole, and said anew
//! to the far end.

use protocol::Host;
use tokio::io::{AsyncRead, AsyncReadExt};
use url::Url;

/// The most bytes that a request may have before its body.
const HEAD_BYTES: usize = 32 * 1024;
const HEADERS: usize = 100;

/// What stays between the client and us.
const OURS: &[&str] = &[
    "host",
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authorization",
    "proxy-authenticate",
    "te",
    "upgrade",
];

/// A request as far as its head goes.
#[derive(Debug)]
pub(super) struct Request {
    /// As the client wrote it.
    pub host: String,
    pub port: u16,
    pub asked: Asked,
    /// What came behind the head.
    pub rest: Vec<u8>,
}

#[derive(Debug)]
pub(super) enum Asked {
    /// `CONNECT`: bytes in both directions, most often TLS.
    Tunnel,
    /// A request by HTTP, to be made to the far end, with so many bytes of a
    /// body.
    Plain(Head, u64),
}

/// What of a head goes on to the far end.
#[derive(Debug)]
pub(super) struct Head {
    method: String,
    path: String,
    headers: Vec<(String, Vec<u8>)>,
}

impl Request {
    pub async fn read(client: &mut (impl AsyncRead + Unpin)) -> Result<Self, String> {
        let mut bytes = Vec::with_capacity(1024);
        let mut parsed = 0;
        loop {
            // Not at every byte: that would take the square of the time.
            let is_due = bytes.len() >= 2 * parsed || ends_head(&bytes);
            parsed = if is_due { bytes.len() } else { parsed };
            if is_due && let Some(request) = parse(&bytes)? {
                return Ok(request);
            }
            if bytes.len() >= HEAD_BYTES {
                return Err("The request is too long.".to_owned());
            }
            let read = client.read_buf(&mut bytes).await;
            if read.map_err(|error| error.to_string())? == 0 {
                return Err("The request ends in the middle.".to_owned());
            }
        }
    }
}

fn ends_head(bytes: &[u8]) -> bool {
    bytes.ends_with(b"\n\r\n") || bytes.ends_with(b"\n\n")
}

/// `None` while something is missing.
fn parse(bytes: &[u8]) -> Result<Option<Request>, String> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let length = match request.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(error) => return Err(format!("The request cannot be read: {error}.")),
    };
    let rest = bytes.get(length..).unwrap_or_default().to_vec();
    let method = request.method.unwrap_or_default();
    let target = request.path.unwrap_or_default();
    if method == "CONNECT" {
        let (host, port) = target
            .rsplit_once(':')
            .and_then(|(host, port)| Some((host, port.parse().ok()?)))
            .ok_or("A tunnel needs a host and a port.")?;
        return Ok(Some(Request {
            host: host.to_owned(),
            port,
            asked: Asked::Tunnel,
            rest,
        }));
    }
    let url = Url::parse(target).map_err(|_| "The request names no host.".to_owned())?;
    if url.scheme() != "http" || !url.username().is_empty() || url.password().is_some() {
        return Err("Only `http://` without a user is fetched this way.".to_owned());
    }
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let body = body_bytes(request.headers)?;
    let headers = request
        .headers
        .iter()
        .filter(|header| !OURS.contains(&header.name.to_ascii_lowercase().as_str()))
        .map(|header| (header.name.to_owned(), header.value.to_vec()))
        .collect();
    Ok(Some(Request {
        host: url.host_str().unwrap_or_default().to_owned(),
        port: url.port_or_known_default().unwrap_or(80),
        asked: Asked::Plain(
            Head {
                method: method.to_owned(),
                path,
                headers,
            },
            body,
        ),
        rest,
    }))
}

/// The length of the body, which must be said before it comes.
fn body_bytes(headers: &[httparse::Header<'_>]) -> Result<u64, String> {
    let named = |name: &str| {
        let fits = move |header: &&httparse::Header<'_>| header.name.eq_ignore_ascii_case(name);
        headers
            .iter()
            .filter(fits)
            .map(|header| header.value)
            .collect::<Vec<_>>()
    };
    if !named("transfer-encoding").is_empty() {
        return Err("A body is taken only with its length.".to_owned());
    }
    match named("content-length").as_slice() {
        [] => Ok(0),
        [length] => std::str::from_utf8(length)
            .ok()
            .filter(|length| length.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|length| length.parse().ok())
            .ok_or_else(|| "The length of the body is no number.".to_owned()),
        _ => Err("The length of the body is said more than once.".to_owned()),
    }
}

impl Head {
    /// The head as the far end gets it. Only the host that was let through
    /// is named in it, and the connection serves no second request.
    pub fn with_host(&self, host: &Host) -> Vec<u8> {
        let mut head =
            format!("{} {} HTTP/1.1\r\nHost: {host}\r\n", self.method, self.path).into_bytes();
        for (name, value) in &self.headers {
            head.extend_from_slice(name.as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value);
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"Connection: close\r\n\r\n");
        head
    }
}
