//! Commands of a session: one that is waited for, and those that go on in the
//! background while the model does something else. All end with the session.
//!
//! What a command is and how it runs is not known here.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use protocol::OutputStream;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::{OutputSink, ToolOutput};

/// Jobs in the background at the same time: more are a mistake of the model.
pub const RUNNING_MAX: usize = 16;

/// Ended jobs that can still be asked for.
const ENDED_KEPT: usize = 32;

/// Output kept of a job until it is read, in bytes.
pub const UNREAD_BYTES: usize = 256 * 1024;

/// What is shown live, in bytes. A flood is not worth drawing; its tail is
/// in the result.
const LIVE_BYTES: usize = 512 * 1024;

const LIVE_CUT: &str = "\n… more output; the live view stops here …\n";

/// The jobs of one session.
pub struct Jobs {
    kept: Mutex<VecDeque<Arc<Job>>>,
    count: AtomicU64,
    tasks: TaskTracker,
    over: CancellationToken,
}

/// One command.
pub struct Job {
    /// `job-1`; the user and the model name it so.
    pub id: String,
    /// The command, as given.
    pub title: String,
    /// When it began.
    pub started: Instant,
    /// Fires when it shall stop.
    pub cancel: CancellationToken,
    output: Mutex<Unread>,
    end: watch::Sender<Option<End>>,
}

/// How a job ended.
#[derive(Debug, Clone)]
pub struct End {
    /// What the tool answers of it.
    pub output: ToolOutput,
    /// When.
    pub at: Instant,
}

/// Output that nobody has read.
#[derive(Default)]
struct Unread {
    text: VecDeque<u8>,
    /// Bytes that were dropped, because nobody read them in time.
    missed: u64,
    /// Who sees it at once, as long as the job is waited for.
    live: Option<OutputSink>,
    /// Bytes that were seen so.
    shown: usize,
}

/// What a job printed since it was last asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The output, without its beginning when there was too much.
    pub text: String,
    /// Bytes of that beginning.
    pub missed: u64,
}

impl Jobs {
    /// None yet. They run on `tasks`, and end when `over` fires or this is
    /// dropped.
    #[must_use]
    pub fn new(tasks: TaskTracker, over: CancellationToken) -> Self {
        Self {
            kept: Mutex::default(),
            count: AtomicU64::new(0),
            tasks,
            over,
        }
    }

    /// Starts a job that is waited for; `live` sees its output.
    pub fn start<F>(
        &self,
        title: String,
        live: OutputSink,
        work: impl FnOnce(Arc<Job>) -> F,
    ) -> Arc<Job>
    where
        F: Future<Output = ToolOutput> + Send + 'static,
    {
        let number = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let output = Unread {
            live: Some(live),
            ..Unread::default()
        };
        let job = Arc::new(Job {
            id: format!("job-{number}"),
            title,
            started: Instant::now(),
            cancel: self.over.child_token(),
            output: Mutex::new(output),
            end: watch::Sender::new(None),
        });
        let ending = Ending(Arc::clone(&job));
        let work = work(Arc::clone(&job));
        self.tasks.spawn(async move {
            let output = work.await;
            ending.0.ended(output);
        });
        job
    }

    /// Lets a job go on in the background: it is listed from now on, and
    /// nobody sees its output before asking.
    pub fn keep(&self, job: &Arc<Job>) {
        lock(&job.output).live = None;
        let mut kept = lock(&self.kept);
        kept.push_back(Arc::clone(job));
        while kept.iter().filter(|job| job.end().is_some()).count() > ENDED_KEPT {
            let oldest = kept.iter().position(|job| job.end().is_some());
            oldest.map(|at| kept.remove(at));
        }
    }

    /// The background jobs, oldest first.
    #[must_use]
    pub fn list(&self) -> Vec<Arc<Job>> {
        lock(&self.kept).iter().cloned().collect()
    }

    /// The background job of this name.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Arc<Job>> {
        lock(&self.kept).iter().find(|job| job.id == id).cloned()
    }

    /// Whether one more may go on in the background.
    #[must_use]
    pub fn has_room(&self) -> bool {
        let running = |job: &&Arc<Job>| job.end().is_none();
        lock(&self.kept).iter().filter(running).count() < RUNNING_MAX
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        self.over.cancel();
    }
}

impl Job {
    /// Takes output as it comes. Must not block.
    pub fn push(&self, stream: OutputStream, text: &str) {
        let mut output = lock(&self.output);
        output.text.extend(text.as_bytes());
        let over = output.text.len().saturating_sub(UNREAD_BYTES);
        if over > 0 {
            output.text.drain(..over);
            output.missed += over as u64;
        }
        if output.shown > LIVE_BYTES {
            return;
        }
        output.shown += text.len();
        let ends = output.shown > LIVE_BYTES;
        let live = output.live.clone();
        drop(output);
        if let Some(live) = live {
            live(stream, text);
            if ends {
                live(stream, LIVE_CUT);
            }
        }
    }

    /// What it printed since this was last called.
    pub fn news(&self) -> News {
        let mut output = lock(&self.output);
        let mut bytes: Vec<u8> = output.text.drain(..).collect();
        let mut missed = std::mem::take(&mut output.missed);
        // A character that was cut in two is missed as a whole.
        let broken = bytes
            .iter()
            .take_while(|byte| (0x80..0xc0).contains(*byte))
            .count();
        if missed > 0 && broken > 0 {
            bytes.drain(..broken);
            missed += broken as u64;
        }
        News {
            text: String::from_utf8_lossy(&bytes).into_owned(),
            missed,
        }
    }

    /// How it ended; `None` while it runs.
    #[must_use]
    pub fn end(&self) -> Option<End> {
        self.end.borrow().clone()
    }

    /// Waits for its end.
    pub async fn wait(&self) -> End {
        let mut end = self.end.subscribe();
        loop {
            if let Some(end) = end.borrow_and_update().clone() {
                return end;
            }
            if end.changed().await.is_err() {
                return lost();
            }
        }
    }

    fn ended(&self, output: ToolOutput) {
        self.end.send_replace(Some(End {
            output,
            at: Instant::now(),
        }));
    }
}

/// A task that is dropped, or panics, ends its job all the same.
struct Ending(Arc<Job>);

impl Drop for Ending {
    fn drop(&mut self) {
        if self.0.end().is_none() {
            self.0.ended(lost().output);
        }
    }
}

fn lost() -> End {
    End {
        output: ToolOutput::failed("It ended, and nobody knows how."),
        at: Instant::now(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
