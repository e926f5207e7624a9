//! Messages on a byte stream: a header that says how long, then so many bytes.
//! Bounded: neither a header nor a message can take more than its limit.

#[cfg(test)]
mod tests;

use std::io::ErrorKind;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::error::Fault;

/// The longest header, in bytes. Real ones have about fifty.
const HEADER_BYTES: u64 = 4096;

/// The longest message, in bytes. The largest answers seen, symbols of whole
/// projects, are a few megabytes.
pub(crate) const MESSAGE_BYTES: u64 = 16 * 1024 * 1024;

/// How much of something that is no header is shown, in characters.
const SHOWN_CHARS: usize = 120;

/// The next message; `None` when the stream ends between two.
pub(crate) async fn read(
    stream: &mut (impl AsyncBufRead + Unpin),
) -> Result<Option<Vec<u8>>, Fault> {
    let Some(length) = read_header(stream).await? else {
        return Ok(None);
    };
    if length > MESSAGE_BYTES {
        return Err(Fault::TooLong { bytes: length });
    }
    // Grows with what really comes, so that a lie costs nothing.
    let mut message = Vec::new();
    stream
        .take(length)
        .read_to_end(&mut message)
        .await
        .map_err(broken_pipe)?;
    if (message.len() as u64) < length {
        return Err(Fault::Ended);
    }
    Ok(Some(message))
}

/// Sends one message.
pub(crate) async fn write(
    stream: &mut (impl AsyncWrite + Unpin),
    message: &[u8],
) -> Result<(), Fault> {
    let header = format!("Content-Length: {}\r\n\r\n", message.len());
    let sent = async {
        stream.write_all(header.as_bytes()).await?;
        stream.write_all(message).await?;
        stream.flush().await
    };
    sent.await.map_err(broken_pipe)
}

/// The length in the next header; `None` at the end of the stream.
async fn read_header(stream: &mut (impl AsyncBufRead + Unpin)) -> Result<Option<u64>, Fault> {
    let mut left = HEADER_BYTES;
    let mut length = None;
    loop {
        let mut line = Vec::new();
        let read = stream
            .take(left)
            .read_until(b'\n', &mut line)
            .await
            .map_err(broken_pipe)?;
        if read == 0 && left == HEADER_BYTES {
            return Ok(None);
        }
        left -= read as u64;
        if line.last() != Some(&b'\n') {
            return Err(if left == 0 {
                garbage(&line)
            } else {
                Fault::Ended
            });
        }
        let text = line.trim_ascii();
        if text.is_empty() {
            return length.map(Some).ok_or_else(|| garbage(b"no length"));
        }
        length = field(text).ok_or_else(|| garbage(text))?.or(length);
    }
}

/// The length in one line of a header: `Some(None)` for another field, `None`
/// for what is none.
fn field(line: &[u8]) -> Option<Option<u64>> {
    let line = std::str::from_utf8(line).ok()?;
    let (name, value) = line.split_once(':')?;
    if name.contains(char::is_whitespace) {
        return None;
    }
    if !name.eq_ignore_ascii_case("content-length") {
        return Some(None);
    }
    value.trim().parse().ok().map(Some)
}

fn garbage(bytes: &[u8]) -> Fault {
    let text = String::from_utf8_lossy(bytes);
    let shown: String = text.chars().take(SHOWN_CHARS).collect();
    Fault::Garbage(format!("`{}`", shown.escape_debug()))
}

fn broken_pipe(error: std::io::Error) -> Fault {
    match error.kind() {
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset => Fault::Ended,
        _ => Fault::Pipe(error.to_string()),
    }
}
