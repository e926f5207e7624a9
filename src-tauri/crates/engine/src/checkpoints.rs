//! Snapshots around what the agent does: one when a message comes in, one
//! before and one after each call that can change files.
//!
//! It owns each session's timeline and runs its work on threads that may
//! block. A snapshot that fails is told once per session and stops nothing.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use checkpoint::{Cause, CheckpointError, Checkpoints, Limits, Timeline};
use permission::CallPlan;
use protocol::{Access, ErrorInfo, EventKind, MessageId, NoticeLevel, SessionId, ToolCall};
use tokio::sync::OwnedMutexGuard;
use tokio_util::task::TaskTracker;

use crate::clock::now_ms;
use crate::door::{job_failed, off_runtime};
use crate::session::Session;

mod view;

pub use view::{Rewind, RewindAction, RewindChange, RewindEntry, RewindNote};

/// The quota is looked at with the first message, and then each time after
/// so many.
const MESSAGES_PER_SWEEP: u32 = 50;

/// The snapshots of all sessions.
pub(crate) struct Keeper {
    folder: PathBuf,
    tasks: TaskTracker,
    recorders: Mutex<HashMap<SessionId, Arc<Recorder>>>,
    messages: AtomicU32,
}

/// The snapshots of one session.
struct Recorder {
    /// Opened by the first who needs it; taken in turn, in order of asking.
    timeline: Arc<tokio::sync::Mutex<Option<Timeline>>>,
    /// The user knows that there are no snapshots.
    told: AtomicBool,
}

/// When a call is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CallSide {
    Before,
    After,
}

impl Keeper {
    /// Touches no disk yet.
    pub fn new(folder: PathBuf, tasks: TaskTracker) -> Self {
        Self {
            folder,
            tasks,
            recorders: Mutex::new(HashMap::new()),
            messages: AtomicU32::new(0),
        }
    }

    /// Begins the snapshot of a message and does not wait for it: the next
    /// one does, and a model takes longer to answer.
    pub async fn at_message(&self, session: &Arc<Session>, message: &MessageId) {
        let cause = Cause::Message {
            message: message.clone(),
        };
        let is_due = self
            .messages
            .fetch_add(1, Ordering::Relaxed)
            .is_multiple_of(MESSAGES_PER_SWEEP);
        let work = self.record(session, cause, Vec::new()).await;
        if is_due {
            let folder = self.folder.clone();
            self.tasks.spawn(async move {
                // After the snapshot, which is what may need the space.
                work.await.ok();
                sweep(folder).await;
            });
        }
    }

    /// Takes the snapshot before or after a call that may change files.
    pub async fn at_call(
        &self,
        session: &Arc<Session>,
        call: &ToolCall,
        plan: &CallPlan,
        side: CallSide,
    ) {
        let call = call.id.clone();
        let cause = match side {
            CallSide::Before => Cause::BeforeCall { call },
            CallSide::After => Cause::AfterCall { call },
        };
        let written = plan.accesses.iter().filter_map(|access| match access {
            Access::Write { path } => Some(PathBuf::from(path)),
            _ => None,
        });
        let work = self.record(session, cause, written.collect()).await;
        if let Err(error) = work.await {
            tracing::warn!(%error, "a checkpoint ended early");
        }
    }

    async fn record(
        &self,
        session: &Arc<Session>,
        cause: Cause,
        written: Vec<PathBuf>,
    ) -> tokio::task::JoinHandle<()> {
        let recorder = self.recorder(&session.id);
        let timeline = Arc::clone(&recorder.timeline).lock_owned().await;
        let (session, folder) = (Arc::clone(session), self.folder.clone());
        self.tasks.spawn_blocking(move || {
            let taken = with_timeline(timeline, &folder, &session, |timeline| {
                timeline.snapshot(cause, &written, now_ms())
            });
            if let Err(error) = taken {
                recorder.tell(&session, &error);
            }
        })
    }

    /// Does something with a session's timeline on a thread that may block.
    /// It is carried to its end even when the caller is gone.
    pub async fn with<T: Send + 'static>(
        &self,
        session: &Arc<Session>,
        work: impl FnOnce(&mut Timeline) -> Result<T, CheckpointError> + Send + 'static,
    ) -> Result<T, ErrorInfo> {
        let timeline = Arc::clone(&self.recorder(&session.id).timeline)
            .lock_owned()
            .await;
        let (session, folder) = (Arc::clone(session), self.folder.clone());
        let done = self
            .tasks
            .spawn_blocking(move || with_timeline(timeline, &folder, &session, work))
            .await;
        match done {
            Ok(done) => done.map_err(ErrorInfo::from),
            Err(error) => Err(job_failed(&error)),
        }
    }

    /// Forgets a session's snapshots.
    pub async fn forget(&self, id: &SessionId) -> Result<(), ErrorInfo> {
        let timeline = Arc::clone(&self.recorder(id).timeline).lock_owned().await;
        self.recorders
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(id);
        let (id, folder) = (id.clone(), self.folder.clone());
        off_runtime(move || {
            drop(timeline);
            Ok(Checkpoints::open(&folder, Limits::default())?.forget(&id)?)
        })
        .await
    }

    fn recorder(&self, id: &SessionId) -> Arc<Recorder> {
        let mut recorders = self
            .recorders
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let recorder = recorders.entry(id.clone()).or_insert_with(|| {
            Arc::new(Recorder {
                timeline: Arc::default(),
                told: AtomicBool::new(false),
            })
        });
        Arc::clone(recorder)
    }
}

impl Recorder {
    fn tell(&self, session: &Session, error: &CheckpointError) {
        tracing::warn!(%error, session = %session.id, "no checkpoint was taken");
        if self.told.swap(true, Ordering::Relaxed) {
            return;
        }
        session.emit(EventKind::Notice {
            level: NoticeLevel::Warning,
            text: format!(
                "{error} Changes of files cannot be rewound. {}",
                error.hint()
            ),
        });
    }
}

fn with_timeline<T>(
    mut held: OwnedMutexGuard<Option<Timeline>>,
    folder: &std::path::Path,
    session: &Session,
    work: impl FnOnce(&mut Timeline) -> Result<T, CheckpointError>,
) -> Result<T, CheckpointError> {
    let timeline = match held.take() {
        Some(timeline) => held.insert(timeline),
        None => {
            let all = Checkpoints::open(folder, Limits::default())?;
            held.insert(all.timeline(&session.id, &session.workspace)?)
        }
    };
    work(timeline)
}

async fn sweep(folder: PathBuf) {
    let swept =
        tokio::task::spawn_blocking(move || Checkpoints::open(&folder, Limits::default())?.sweep());
    match swept.await {
        Ok(Ok(swept)) => tracing::debug!(?swept, "checkpoints were swept"),
        Ok(Err(error)) => tracing::warn!(%error, "checkpoints could not be swept"),
        Err(error) => tracing::warn!(%error, "the sweep of checkpoints ended early"),
    }
}
