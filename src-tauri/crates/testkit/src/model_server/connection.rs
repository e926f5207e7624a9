//! HTTP/1.1 on one connection: read a request, deliver its reply with the
//! faults the script asks for, and again.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use super::reply::{Content, Delivery, End};
use super::wire::Wire;
use super::{RecordedRequest, Reply, Shared};

/// Most bytes of a request's head; far more than any client of ours sends.
const MAX_HEAD_BYTES: usize = 64 * 1024;

pub(super) async fn serve(socket: TcpStream, number: usize, shared: Arc<Shared>) {
    if socket.set_nodelay(true).is_err() {
        return;
    }
    let (reader, writer) = socket.into_split();
    let mut connection = Connection {
        reader,
        writer,
        unread: Vec::new(),
        number,
        shared,
    };
    while let Ok(true) = connection.turn().await {}
}

struct Connection {
    reader: OwnedReadHalf,
    writer: OwnedWriteHalf,
    unread: Vec<u8>,
    number: usize,
    shared: Arc<Shared>,
}

impl Connection {
    /// One request and its reply; false when the connection is done.
    async fn turn(&mut self) -> io::Result<bool> {
        let Some(request) = self.read_request().await? else {
            return Ok(false);
        };
        let (number, reply) = self.shared.record(request.clone());
        let request = RecordedRequest { number, ..request };
        let Message { head, parts } = match message(&reply, &request) {
            Some(message) => message,
            None => return Ok(false),
        };
        let client_left = wait_for_close(&mut self.reader, &mut self.unread);
        let is_complete = tokio::select! {
            delivered = deliver(&mut self.writer, &reply.delivery, &head, &parts) => delivered.ok(),
            () = client_left => None,
        };
        self.shared.update(number, |request| match is_complete {
            Some(true) => request.answered_at = Some(Instant::now()),
            Some(false) => {}
            None => request.is_abandoned = true,
        });
        let closes = request
            .header("connection")
            .is_some_and(|value| value.eq_ignore_ascii_case("close"));
        Ok(is_complete == Some(true) && !closes)
    }

    async fn read_request(&mut self) -> io::Result<Option<RecordedRequest>> {
        let head_end = loop {
            if let Some(at) = self
                .unread
                .windows(4)
                .position(|window| window == b"\r\n\r\n")
            {
                break at + 4;
            }
            if self.unread.len() > MAX_HEAD_BYTES || !self.read_more().await? {
                return Ok(None);
            }
        };
        let head = String::from_utf8_lossy(&self.unread[..head_end]).into_owned();
        self.unread.drain(..head_end);
        let mut lines = head.lines();
        let mut start = lines.next().unwrap_or_default().split(' ');
        let (method, path) = (
            start.next().unwrap_or_default().to_owned(),
            start.next().unwrap_or_default().to_owned(),
        );
        let headers: Vec<_> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length = length
            .and_then(|(_, value)| value.parse::<usize>().ok())
            .unwrap_or(0);
        while self.unread.len() < length {
            if !self.read_more().await? {
                return Ok(None);
            }
        }
        // Taken now: to parse a long history takes its time, and is not the
        // client's.
        let received_at = Instant::now();
        let body: Vec<u8> = self.unread.drain(..length).collect();
        Ok(Some(RecordedRequest {
            number: 0,
            connection: self.number,
            method,
            path,
            headers,
            body: serde_json::from_slice(&body).unwrap_or(Value::Null),
            received_at,
            answered_at: None,
            is_abandoned: false,
        }))
    }

    async fn read_more(&mut self) -> io::Result<bool> {
        Ok(self.reader.read_buf(&mut self.unread).await? > 0)
    }
}

/// Ends when the client closes its side. Reading is cancel-safe; bytes that
/// come early stay for the next request.
async fn wait_for_close(reader: &mut OwnedReadHalf, unread: &mut Vec<u8>) {
    while let Ok(count) = reader.read_buf(unread).await {
        if count == 0 {
            return;
        }
    }
}

/// A reply in bytes. Without a length the body is chunked.
struct Message {
    head: String,
    parts: Vec<Vec<u8>>,
}

fn message(reply: &Reply, request: &RecordedRequest) -> Option<Message> {
    let wire = Wire::of(request);
    let (status, content_type, parts) = match (&reply.content, wire) {
        (Content::Hangup, _) => return None,
        (Content::Json(document), _) => (200, "application/json", vec![document.to_string()]),
        (Content::Events(events, status), wire) => {
            let content_type = wire.map_or("text/event-stream", Wire::content_type);
            (*status, content_type, vec![events.clone()])
        }
        (_, None) => (404, "text/plain", vec!["no such wire".to_owned()]),
        (Content::Status(status), Some(wire)) => {
            (*status, "application/json", vec![wire.error(*status)])
        }
        (Content::Refusal(status, document), _) => {
            (*status, "application/json", vec![document.to_string()])
        }
        (Content::Answer(answer), Some(wire)) => {
            (200, wire.content_type(), wire.events(answer, request))
        }
    };
    let mut head = format!(
        "HTTP/1.1 {status} Scripted\r\ncontent-type: {content_type}\r\ntransfer-encoding: chunked\r\n"
    );
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    Some(Message {
        head,
        parts: parts.into_iter().map(String::into_bytes).collect(),
    })
}

/// Writes head and body; true when the reply is complete.
async fn deliver(
    writer: &mut OwnedWriteHalf,
    delivery: &Delivery,
    head: &str,
    parts: &[Vec<u8>],
) -> io::Result<bool> {
    if let Some(delay) = delivery.delay {
        tokio::time::sleep(delay).await;
    }
    writer.write_all(head.as_bytes()).await?;
    let mut budget = match delivery.end {
        End::Complete => usize::MAX,
        End::Cut(bytes) | End::Stall(bytes) => bytes,
    };
    for (at, part) in parts.iter().enumerate() {
        if let (Some(pause), true) = (delivery.pace, at > 0) {
            tokio::time::sleep(pause).await;
        }
        let part = &part[..part.len().min(budget)];
        budget -= part.len();
        let step = if delivery.is_bytewise {
            1
        } else {
            part.len().max(1)
        };
        for piece in part.chunks(step) {
            write_chunk(writer, piece).await?;
        }
        if budget == 0 {
            break;
        }
    }
    match delivery.end {
        End::Complete => {
            writer.write_all(b"0\r\n\r\n").await?;
            writer.flush().await?;
            Ok(true)
        }
        End::Cut(_) => {
            writer.shutdown().await?;
            Ok(false)
        }
        End::Stall(_) => std::future::pending().await,
    }
}

async fn write_chunk(writer: &mut OwnedWriteHalf, piece: &[u8]) -> io::Result<()> {
    let mut chunk = format!("{:x}\r\n", piece.len()).into_bytes();
    chunk.extend_from_slice(piece);
    chunk.extend_from_slice(b"\r\n");
    writer.write_all(&chunk).await?;
    writer.flush().await
}
