//! A file of the web, as it comes, into a place that the caller has opened.
//! Its digest is made on the way. Nothing is unpacked or looked into.

use std::time::Duration;

use reqwest::Response;
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::WebError;
use crate::body::declared_bytes;
use crate::client::{Client, problem};
use crate::fetch::follow;
use crate::target::Target;

/// The most bytes of a file: room for a toolchain, a model of speech or a data
/// set to try, and few minutes on a usual line.
pub const DOWNLOAD_BYTES: u64 = 200 * 1024 * 1024;

/// How long a whole file may take: `DOWNLOAD_BYTES` at 2 Mbit/s.
const FILE_TIME: Duration = Duration::from_secs(15 * 60);

/// How long nothing at all may come.
const STALL_TIME: Duration = Duration::from_secs(30);

/// A file that came completely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Downloaded {
    /// Where it was found in the end.
    pub url: url::Url,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in small hexadecimal digits.
    pub sha256: String,
}

/// Writes what is at `target` into `sink`, which is flushed.
pub(crate) async fn download(
    client: &Client,
    target: &Target,
    (sink, most_bytes): (&mut (impl AsyncWrite + Unpin), u64),
    cancel: &CancellationToken,
) -> Result<Downloaded, WebError> {
    let most_bytes = most_bytes.min(DOWNLOAD_BYTES);
    let come = async {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let (found, response) = follow(client, target, &headers).await?;
        if declared_bytes(&response).is_some_and(|bytes| bytes > most_bytes) {
            return Err(WebError::TooLarge { most_bytes });
        }
        let (bytes, sha256) = pour(&found, response, (sink, most_bytes)).await?;
        Ok(Downloaded {
            url: found.url().clone(),
            bytes,
            sha256,
        })
    };
    let slow = |_| slow(target, "did not send all of it within 15 minutes");
    tokio::select! {
        // Cancel-safe: the caller throws away what was written.
        biased;
        () = cancel.cancelled() => Err(WebError::Cancelled),
        come = timeout(FILE_TIME, come) => come.map_err(slow).flatten(),
    }
}

async fn pour(
    found: &Target,
    mut response: Response,
    (sink, most_bytes): (&mut (impl AsyncWrite + Unpin), u64),
) -> Result<(u64, String), WebError> {
    let mut digest = Sha256::new();
    let mut bytes = 0;
    let stalled = |_| slow(found, "sent nothing for 30 seconds");
    loop {
        let chunk = timeout(STALL_TIME, response.chunk())
            .await
            .map_err(stalled)?;
        let Some(chunk) = chunk.map_err(|error| problem(found.host(), &error))? else {
            break;
        };
        bytes += chunk.len() as u64;
        if bytes > most_bytes {
            return Err(WebError::TooLarge { most_bytes });
        }
        digest.update(&chunk);
        sink.write_all(&chunk).await.map_err(WebError::Sink)?;
    }
    sink.flush().await.map_err(WebError::Sink)?;
    let hex = |byte: &u8| format!("{byte:02x}");
    Ok((bytes, digest.finalize().iter().map(hex).collect()))
}

fn slow(target: &Target, what: &'static str) -> WebError {
    WebError::Slow {
        host: target.host().clone(),
        what,
    }
}

#[cfg(test)]
mod tests;
