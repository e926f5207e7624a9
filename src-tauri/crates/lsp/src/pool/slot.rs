//! The place of one server in the pool: whether it runs, and what was when it
//! did not. Decisions take the time as a parameter and do nothing but decide.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::Status;
use crate::catalog::Entry;
use crate::error::{Fault, LspError};
use crate::server::Server;

/// Breakdowns after which a server is left alone.
const TRIES: u32 = 4;

/// Pause before the second start; it doubles with each.
const BACKOFF: Duration = Duration::from_millis(500);

/// How long a server that broke down too often is left alone.
const LEFT_ALONE: Duration = Duration::from_secs(600);

/// A server that ran so long before it broke down begins to count anew.
const STABLE: Duration = Duration::from_secs(300);

/// How long a missing program is not looked for again.
const MISSING_FOR: Duration = Duration::from_secs(60);

/// A server nobody asked anything for so long is sent away. It takes its time
/// to come back, and a pause between two requests is often some minutes.
const IDLE: Duration = Duration::from_secs(900);

/// What is to be done to get a server.
pub(super) enum Step {
    Use(Arc<Server>),
    /// Somebody starts it.
    Wait,
    /// The caller has to start it, after a pause.
    Start {
        after: Duration,
    },
    Refuse(LspError),
}

/// The place of one server.
pub(super) struct Slot {
    pub(super) entry: &'static Entry,
    pub(super) root: PathBuf,
    state: watch::Sender<State>,
}

struct State {
    phase: Phase,
    crashes: u32,
    /// When it was last started, or failed to.
    since: Instant,
    used: Instant,
}

enum Phase {
    Stopped,
    Starting,
    Running(Arc<Server>),
    Failed(LspError),
}

/// A server on its way. Dropped without an outcome, it did not start.
pub(super) struct Birth(Arc<Slot>);

impl Slot {
    pub(super) fn new(entry: &'static Entry, root: PathBuf) -> Self {
        let now = Instant::now();
        Self {
            entry,
            root,
            state: watch::Sender::new(State {
                phase: Phase::Stopped,
                crashes: 0,
                since: now,
                used: now,
            }),
        }
    }

    /// Decides. When it says to start, nobody else is told so.
    pub(super) fn step(&self, now: Instant) -> Step {
        let mut step = Step::Wait;
        self.state.send_if_modified(|state| {
            state.used = now;
            state.notice_end(now);
            step = state.step(self.entry, now);
            let starts = matches!(step, Step::Start { .. });
            if starts {
                state.phase = Phase::Starting;
            }
            starts
        });
        step
    }

    /// What became of a start; `None` before it is known.
    pub(super) fn outcome(&self) -> Option<Result<Arc<Server>, LspError>> {
        match &self.state.borrow().phase {
            Phase::Starting => None,
            Phase::Running(server) => Some(Ok(Arc::clone(server))),
            Phase::Failed(error) => Some(Err(error.clone())),
            Phase::Stopped => Some(Err(self.stopped())),
        }
    }

    pub(super) fn birth(self: &Arc<Self>) -> Birth {
        Birth(Arc::clone(self))
    }

    pub(super) fn watch(&self) -> watch::Receiver<impl Sized> {
        self.state.subscribe()
    }

    pub(super) fn running(&self) -> Option<Arc<Server>> {
        match &self.state.borrow().phase {
            Phase::Running(server) => Some(Arc::clone(server)),
            _ => None,
        }
    }

    pub(super) fn is_running(&self) -> bool {
        matches!(self.state.borrow().phase, Phase::Running(_))
    }

    /// Whether something would be lost with it.
    pub(super) fn is_needed(&self) -> bool {
        !matches!(self.state.borrow().phase, Phase::Stopped)
    }

    pub(super) fn used(&self) -> Instant {
        self.state.borrow().used
    }

    pub(super) fn status(&self) -> (Status, u32) {
        let state = self.state.borrow();
        let status = match &state.phase {
            Phase::Stopped => Status::Stopped,
            Phase::Starting => Status::Starting,
            Phase::Failed(LspError::Missing { install, .. }) => Status::Missing { install },
            Phase::Failed(error) => crashed(error),
            Phase::Running(server) => match (server.ended(), server.indexing()) {
                (Some(error), _) => crashed(&error),
                (None, Some(indexing)) => Status::Indexing(indexing),
                (None, None) => Status::Ready,
            },
        };
        (status, state.crashes)
    }

    pub(super) fn forgive(&self) {
        self.state.send_modify(|state| {
            state.crashes = 0;
            if let Phase::Failed(_) = state.phase {
                state.phase = Phase::Stopped;
            }
        });
    }

    /// Empties the place; what ran is for the caller to send away.
    pub(super) fn stop(&self) -> Option<Arc<Server>> {
        let error = self.stopped();
        let before = self.state.send_replace(State {
            phase: Phase::Failed(error),
            crashes: 0,
            since: Instant::now(),
            used: Instant::now(),
        });
        match before.phase {
            Phase::Running(server) => Some(server),
            _ => None,
        }
    }

    /// The same, when nobody is using it and has not for a while.
    pub(super) fn stop_idle(&self, now: Instant) -> Option<Arc<Server>> {
        if now.duration_since(self.used()) < IDLE {
            return None;
        }
        self.stop_unused()
    }

    /// The same, when nobody is using it.
    pub(super) fn stop_unused(&self) -> Option<Arc<Server>> {
        let mut stopped = None;
        self.state.send_if_modified(|state| {
            let is_unused =
                matches!(&state.phase, Phase::Running(server) if Arc::strong_count(server) == 1);
            if !is_unused {
                return false;
            }
            if let Phase::Running(server) = std::mem::replace(&mut state.phase, Phase::Stopped) {
                stopped = Some(server);
            }
            true
        });
        stopped
    }

    pub(super) fn stopped(&self) -> LspError {
        LspError::Broken {
            server: self.entry.name,
            fault: Fault::Stopped,
            stderr: String::new(),
        }
    }

    fn end_start(&self, change: impl FnOnce(&mut State)) {
        self.state.send_if_modified(|state| {
            let is_starting = matches!(state.phase, Phase::Starting);
            if is_starting {
                change(state);
            }
            is_starting
        });
    }
}

impl State {
    fn step(&self, entry: &Entry, now: Instant) -> Step {
        let since = now.duration_since(self.since);
        match &self.phase {
            Phase::Running(server) => Step::Use(Arc::clone(server)),
            Phase::Starting => Step::Wait,
            Phase::Stopped => Step::Start {
                after: Duration::ZERO,
            },
            Phase::Failed(error @ LspError::Missing { .. }) if since < MISSING_FOR => {
                Step::Refuse(error.clone())
            }
            Phase::Failed(error) if self.crashes >= TRIES && since < LEFT_ALONE => {
                Step::Refuse(LspError::GivenUp {
                    server: entry.name,
                    times: self.crashes,
                    last: error.to_string(),
                })
            }
            Phase::Failed(_) => Step::Start {
                after: self.pause().saturating_sub(since),
            },
        }
    }

    fn pause(&self) -> Duration {
        match self.crashes {
            0 => Duration::ZERO,
            crashes => BACKOFF * 2_u32.pow((crashes - 1).min(TRIES)),
        }
    }

    /// A server that ended by itself broke down.
    fn notice_end(&mut self, now: Instant) {
        let Phase::Running(server) = &self.phase else {
            return;
        };
        if let Some(error) = server.ended() {
            let is_stable = now.duration_since(self.since) >= STABLE;
            self.fail(error, now, is_stable);
        }
    }

    fn fail(&mut self, error: LspError, now: Instant, was_stable: bool) {
        let is_missing = matches!(error, LspError::Missing { .. });
        let left_alone = self.crashes >= TRIES;
        let before = if was_stable || left_alone {
            0
        } else {
            self.crashes
        };
        self.crashes = before + u32::from(!is_missing);
        self.since = now;
        self.phase = Phase::Failed(error);
    }
}

impl Birth {
    pub(super) fn done(self, started: Result<Server, LspError>) {
        self.0.end_start(|state| match started {
            Ok(server) => {
                state.phase = Phase::Running(Arc::new(server));
                state.since = Instant::now();
            }
            Err(error) => state.fail(error, Instant::now(), false),
        });
    }
}

impl Drop for Birth {
    fn drop(&mut self) {
        let error = self.0.stopped();
        self.0
            .end_start(|state| state.fail(error, Instant::now(), false));
    }
}

fn crashed(error: &LspError) -> Status {
    Status::Crashed {
        why: error.to_string(),
    }
}
