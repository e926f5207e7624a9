//! One command from spawn to end: reads both streams, watches the clock and
//! the cancel, and stops reading soon after the shell is gone even when a
//! background process keeps the pipes open.

use std::process::ExitStatus;
use std::time::Duration;

use protocol::OutputStream;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStderr, ChildStdout};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::capture::{Capture, Captured};
use crate::clean::Cleaner;
use crate::gateway::Gateway;
use crate::sandbox::Masks;
use crate::tree::{Mark, Tree};
use crate::{Command, ExecError, Exit, Finished, shell};

/// How long output is still read after the shell has exited. What it wrote
/// is in the pipe by then; only a background process can add to it.
const DRAIN_GRACE: Duration = Duration::from_millis(150);

/// Size of one read.
const CHUNK_BYTES: usize = 16 * 1024;

pub(crate) async fn run(
    command: Command,
    on_output: impl FnMut(OutputStream, &str) + Send,
    cancel: &CancellationToken,
) -> Result<Finished, ExecError> {
    let started = Instant::now();
    if cancel.is_cancelled() {
        return Ok(never_started());
    }
    let mark = Mark::new();
    let limits = command.confined.as_ref().map(|(_, limits)| limits);
    let masks = limits.map(Masks::of).transpose()?;
    let masked = masks.as_ref().map(Masks::paths).unwrap_or_default();
    let gateway = command.gateway().map_err(ExecError::Spawn)?;
    let socket = gateway.as_ref().map(Gateway::socket);
    let mut child = shell::spawn(&command, (masked, socket), &mark)?;
    let tree = Tree::new(child.id(), mark);
    let mut streams = Streams::new(&mut child, on_output);

    let exit = streams
        .read_until_exit(&mut child, started + command.timeout, cancel)
        .await;
    let refused_hosts = gateway.iter().flat_map(Gateway::refused).collect();
    // Before a tree is killed, so that nothing of it gets out any more.
    drop(gateway);
    if matches!(exit, Exit::TimedOut | Exit::Cancelled) {
        tree.kill().await;
        let _status = child.wait().await;
        streams.drain().await;
    } else {
        streams.drain().await;
        tree.release();
    }
    Ok(Finished {
        exit,
        left_running: streams.is_open(),
        output: streams.finish(),
        duration: started.elapsed(),
        refused_hosts,
    })
}

fn never_started() -> Finished {
    Finished {
        exit: Exit::Cancelled,
        output: Captured::default(),
        duration: Duration::ZERO,
        left_running: false,
        refused_hosts: Vec::new(),
    }
}

fn exit_of(status: std::io::Result<ExitStatus>) -> Exit {
    use std::os::unix::process::ExitStatusExt;
    match status {
        Ok(status) => match (status.code(), status.signal()) {
            (Some(code), _) => Exit::Code(code),
            (None, signal) => Exit::Signal(signal.unwrap_or(0)),
        },
        Err(error) => {
            tracing::error!(%error, "the exit status of a command is lost");
            Exit::Signal(0)
        }
    }
}

/// One pipe and what is needed to make text of it.
struct Pipe<R> {
    reader: Option<R>,
    buffer: Vec<u8>,
    cleaner: Cleaner,
}

impl<R: AsyncReadExt + Unpin> Pipe<R> {
    fn new(reader: Option<R>) -> Self {
        Self {
            reader,
            buffer: vec![0; CHUNK_BYTES],
            cleaner: Cleaner::default(),
        }
    }

    /// The size of the next chunk, now in the buffer; 0 at the end. Pending
    /// for ever once it has ended. Cancel-safe, because one `read` is.
    async fn read(&mut self) -> usize {
        match &mut self.reader {
            Some(reader) => reader.read(&mut self.buffer).await.unwrap_or(0),
            None => std::future::pending().await,
        }
    }

    /// Appends the text of the chunk of this size to `text`.
    fn take(&mut self, size: usize, text: &mut String) {
        if size == 0 {
            self.reader = None;
            self.cleaner.finish(text);
        } else {
            self.cleaner.feed(&self.buffer[..size], text);
        }
    }
}

/// Both pipes of a command, and where their text goes.
struct Streams<F> {
    stdout: Pipe<ChildStdout>,
    stderr: Pipe<ChildStderr>,
    capture: Capture,
    on_output: F,
    text: String,
}

impl<F: FnMut(OutputStream, &str)> Streams<F> {
    fn new(child: &mut Child, on_output: F) -> Self {
        Self {
            stdout: Pipe::new(child.stdout.take()),
            stderr: Pipe::new(child.stderr.take()),
            capture: Capture::default(),
            on_output,
            text: String::with_capacity(CHUNK_BYTES),
        }
    }

    fn is_open(&self) -> bool {
        self.stdout.reader.is_some() || self.stderr.reader.is_some()
    }

    async fn read_until_exit(
        &mut self,
        child: &mut Child,
        deadline: Instant,
        cancel: &CancellationToken,
    ) -> Exit {
        loop {
            tokio::select! {
                biased;
                () = cancel.cancelled() => return Exit::Cancelled,
                () = sleep_until(deadline) => return Exit::TimedOut,
                status = child.wait() => return exit_of(status),
                () = self.read_one(), if self.is_open() => {}
            }
        }
    }

    /// Reads what is left in the pipes, for a bounded time.
    async fn drain(&mut self) {
        let deadline = Instant::now() + DRAIN_GRACE;
        while self.is_open() && Instant::now() < deadline {
            tokio::select! {
                () = self.read_one() => {}
                () = sleep_until(deadline) => {}
            }
        }
    }

    async fn read_one(&mut self) {
        let (stream, size) = tokio::select! {
            size = self.stdout.read() => (OutputStream::Stdout, size),
            size = self.stderr.read() => (OutputStream::Stderr, size),
        };
        self.text.clear();
        match stream {
            OutputStream::Stdout => self.stdout.take(size, &mut self.text),
            OutputStream::Stderr => self.stderr.take(size, &mut self.text),
        }
        self.capture.push(&self.text);
        self.show(stream);
    }

    fn show(&mut self, stream: OutputStream) {
        if !self.text.is_empty() {
            (self.on_output)(stream, &self.text);
        }
    }

    fn finish(mut self) -> Captured {
        self.text.clear();
        self.stdout.cleaner.finish(&mut self.text);
        self.stderr.cleaner.finish(&mut self.text);
        self.capture.push(&self.text);
        self.capture.finish()
    }
}
