//! One download: the network on one side, a thread that writes and hashes on
//! the other, a bounded channel between them.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use futures::StreamExt;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{InstallError, Progress, publish};
use crate::catalog::CatalogModel;

const CONNECT_LIMIT: Duration = Duration::from_secs(15);

/// A server that sends nothing for so long is taken for dead.
const STALL_LIMIT: Duration = Duration::from_secs(60);

const TELL_EVERY: Duration = Duration::from_millis(100);

/// Pieces of the file that may wait for the disk.
const PIECES: usize = 32;

pub(super) async fn fetch(
    model: &CatalogModel,
    target: &Path,
    progress: impl FnMut(Progress) + Send,
    cancel: CancellationToken,
) -> Result<(), InstallError> {
    let (tx, rx) = mpsc::channel(PIECES);
    let path = target.to_owned();
    let sha256 = model.sha256.clone();
    let writer = tokio::task::spawn_blocking(move || write(rx, &path, &sha256));
    let received = tokio::select! {
        // Dropping the download drops the channel, and the writer throws its
        // temporary file away.
        () = cancel.cancelled() => Err(InstallError::Cancelled),
        received = receive(model, tx, progress) => received,
    };
    let written = writer.await.map_err(|error| InstallError::Disk {
        path: target.to_owned(),
        source: std::io::Error::other(error),
    })?;
    match (received, written) {
        // A full disk ends the download too; the disk's reason is the true one.
        (Err(_), Err(disk @ InstallError::Disk { .. })) => Err(disk),
        (Err(error), _) => Err(error),
        (Ok(()), written) => written,
    }
}

/// A piece of the file, or its end.
enum Piece {
    Bytes(bytes::Bytes),
    End,
}

async fn receive(
    model: &CatalogModel,
    tx: mpsc::Sender<Piece>,
    mut progress: impl FnMut(Progress),
) -> Result<(), InstallError> {
    let client = reqwest::Client::builder()
        .connect_timeout(CONNECT_LIMIT)
        .read_timeout(STALL_LIMIT)
        .user_agent("familiar")
        .build()
        .map_err(unreachable)?;
    let response = client.get(&model.url).send().await.map_err(unreachable)?;
    if !response.status().is_success() {
        return Err(InstallError::Refused {
            status: response.status().as_u16(),
        });
    }
    let total = model.bytes;
    if let Some(length) = response.content_length().filter(|length| *length != total) {
        return Err(wrong_size(length, total));
    }
    let mut received = 0;
    let mut told: Option<Instant> = None;
    let mut stream = response.bytes_stream();
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(unreachable)?;
        received += piece.len() as u64;
        if received > total {
            return Err(wrong_size(received, total));
        }
        hand_over(&tx, Piece::Bytes(piece)).await?;
        if received == total || told.is_none_or(|told| told.elapsed() >= TELL_EVERY) {
            told = Some(Instant::now());
            progress(Progress { received, total });
        }
    }
    if received < total {
        return Err(wrong_size(received, total));
    }
    hand_over(&tx, Piece::End).await
}

async fn hand_over(tx: &mpsc::Sender<Piece>, piece: Piece) -> Result<(), InstallError> {
    // The writer only goes away with an error of its own, which counts more.
    tx.send(piece).await.map_err(|_| InstallError::Cancelled)
}

fn write(mut rx: mpsc::Receiver<Piece>, target: &Path, sha256: &str) -> Result<(), InstallError> {
    let disk = |source: std::io::Error| InstallError::Disk {
        path: target.to_owned(),
        source,
    };
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder).map_err(disk)?;
    let mut hash = Sha256::new();
    loop {
        match rx.blocking_recv() {
            Some(Piece::Bytes(bytes)) => {
                hash.update(&bytes);
                file.write_all(&bytes).map_err(disk)?;
            }
            Some(Piece::End) => break,
            None => return Err(InstallError::Cancelled),
        }
    }
    if hex(&hash.finalize()) != sha256 {
        return Err(InstallError::WrongChecksum);
    }
    publish(file, target)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn wrong_size(received: u64, expected: u64) -> InstallError {
    InstallError::WrongSize { received, expected }
}

fn unreachable(error: reqwest::Error) -> InstallError {
    let mut detail = error.without_url().to_string();
    detail.truncate(200);
    InstallError::Unreachable { detail }
}
