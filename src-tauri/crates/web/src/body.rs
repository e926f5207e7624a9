//! The body of an answer, as many bytes of it as are wanted and no more,
//! whatever the server says of its length and however much it was compressed.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;
use protocol::Host;
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH};

use crate::WebError;
use crate::client::problem;
use crate::error::told;

/// The encodings that are asked for.
pub(crate) const ACCEPTED_ENCODING: &str = "gzip";

/// The whole body, unpacked.
///
/// # Errors
/// When it has more than `most_bytes`, as it comes or unpacked.
pub(crate) async fn read(
    host: &Host,
    mut response: Response,
    most_bytes: usize,
) -> Result<Vec<u8>, WebError> {
    let too_large = || WebError::TooLarge {
        most_bytes: most_bytes as u64,
    };
    if declared_bytes(&response).is_some_and(|bytes| bytes > most_bytes as u64) {
        return Err(too_large());
    }
    let broken = |error: io::Error| match error.kind() {
        io::ErrorKind::StorageFull => too_large(),
        _ => WebError::Broken {
            host: host.clone(),
            why: told(&error.to_string()),
        },
    };
    let mut unpacked = Unpacked::of(&response, most_bytes)?;
    let mut came_bytes = 0;
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| problem(host, &error))?
    {
        came_bytes += chunk.len();
        if came_bytes > most_bytes {
            return Err(too_large());
        }
        unpacked.write_all(&chunk).map_err(broken)?;
    }
    unpacked.finish().map_err(broken)
}

/// The length that the server says.
pub(crate) fn declared_bytes(response: &Response) -> Option<u64> {
    let length = response.headers().get(CONTENT_LENGTH)?;
    length.to_str().ok()?.trim().parse().ok()
}

enum Unpacked {
    Plain(Bounded),
    Gzip(Box<MultiGzDecoder<Bounded>>),
}

impl Unpacked {
    fn of(response: &Response, most_bytes: usize) -> Result<Self, WebError> {
        let bounded = Bounded {
            bytes: Vec::new(),
            most_bytes,
        };
        let encodings = response.headers().get_all(CONTENT_ENCODING);
        let named: Vec<String> = encodings
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase())
            .collect();
        match named.join(",").trim() {
            "" | "identity" => Ok(Self::Plain(bounded)),
            "gzip" | "x-gzip" => Ok(Self::Gzip(Box::new(MultiGzDecoder::new(bounded)))),
            other => Err(WebError::Encoding {
                encoding: told(other),
            }),
        }
    }

    fn write_all(&mut self, chunk: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(bounded) => bounded.write_all(chunk),
            Self::Gzip(packed) => packed.write_all(chunk),
        }
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Plain(bounded) => Ok(bounded.bytes),
            Self::Gzip(packed) => Ok(packed.finish()?.bytes),
        }
    }
}

/// Bytes up to a bound; one more is an error.
struct Bounded {
    bytes: Vec<u8>,
    most_bytes: usize,
}

impl Write for Bounded {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + chunk.len() > self.most_bytes {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.bytes.extend_from_slice(chunk);
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
