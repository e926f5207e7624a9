//! What a server is busy with, from its progress messages: so that one can
//! wait until it has read the project.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// Jobs of a server remembered at one time; they have a handful.
const JOBS: usize = 64;

/// The longest text of a job, in characters: one line of a window.
const TEXT_CHARS: usize = 120;

/// How long there must be no job before a server counts as done: between two
/// of its jobs rust-analyzer pauses for some tenths of a second.
const QUIET: Duration = Duration::from_millis(700);

/// What a server is busy with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Indexing {
    /// In the server's words.
    pub what: String,
    /// How much of it is done, when it says so.
    pub percent: Option<u32>,
}

/// How waiting for a server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It has nothing left to do.
    Quiet,
    /// It is still busy: what it answers may be incomplete.
    Busy,
}

/// All jobs.
pub(crate) struct Activity {
    state: watch::Sender<State>,
}

struct State {
    jobs: Vec<Job>,
    /// rust-analyzer says by itself whether it is done.
    quiescent: Option<bool>,
    changed: Instant,
}

struct Job {
    token: String,
    title: String,
    message: String,
    percent: Option<u32>,
}

#[derive(Deserialize)]
struct Progress {
    token: serde_json::Value,
    value: Step,
}

#[derive(Deserialize)]
struct Step {
    kind: Kind,
    #[serde(default)]
    title: String,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    percentage: Option<f64>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Begin,
    Report,
    End,
}

impl Activity {
    pub(crate) fn new() -> Self {
        Self {
            state: watch::Sender::new(State {
                jobs: Vec::new(),
                quiescent: None,
                changed: Instant::now(),
            }),
        }
    }

    /// Takes `$/progress`. What is no progress of work is passed over.
    pub(crate) fn progress(&self, params: &str) {
        let Ok(progress) = serde_json::from_str::<Progress>(params) else {
            return;
        };
        let token = clip(&progress.token.to_string());
        self.state
            .send_modify(|state| state.take(token, progress.value));
    }

    /// Takes `experimental/serverStatus`.
    pub(crate) fn status(&self, params: &str) {
        #[derive(Deserialize)]
        struct Status {
            quiescent: bool,
        }
        if let Ok(status) = serde_json::from_str::<Status>(params) {
            self.state.send_modify(|state| {
                state.quiescent = Some(status.quiescent);
                state.changed = Instant::now();
            });
        }
    }

    /// Something was begun that makes a server busy in a moment.
    pub(crate) fn touch(&self) {
        self.state
            .send_modify(|state| state.changed = Instant::now());
    }

    /// Wakes who waits: there is no more to come.
    pub(crate) fn end(&self) {
        self.state.send_modify(|state| {
            state.jobs.clear();
            state.quiescent = None;
        });
    }

    pub(crate) fn now(&self) -> Option<Indexing> {
        let state = self.state.borrow();
        let job = state.jobs.first()?;
        let what = if job.message.is_empty() {
            job.title.clone()
        } else {
            format!("{}: {}", job.title, job.message)
        };
        Some(Indexing {
            what,
            percent: job.percent,
        })
    }

    /// Waits until there has been nothing to do for a while.
    pub(crate) async fn settle(&self, limit: Duration) -> Settled {
        let deadline = Instant::now() + limit;
        let mut changes = self.state.subscribe();
        loop {
            let (is_idle, quiet_at) = {
                let state = changes.borrow_and_update();
                (state.is_idle(), state.changed + QUIET)
            };
            let now = Instant::now();
            if is_idle && now >= quiet_at {
                return Settled::Quiet;
            }
            if now >= deadline {
                return Settled::Busy;
            }
            let wake = if is_idle { quiet_at } else { deadline };
            tokio::select! {
                _changed = changes.changed() => {}
                () = sleep_until(wake.min(deadline)) => {}
            }
        }
    }
}

impl State {
    fn is_idle(&self) -> bool {
        self.jobs.is_empty() && self.quiescent != Some(false)
    }

    fn take(&mut self, token: String, step: Step) {
        let at = self.jobs.iter().position(|job| job.token == token);
        match (step.kind, at) {
            (Kind::Begin, None) if self.jobs.len() < JOBS => {
                let mut job = Job {
                    token,
                    title: clip(&step.title),
                    message: String::new(),
                    percent: None,
                };
                job.report(&step);
                self.jobs.push(job);
                self.changed = Instant::now();
            }
            (Kind::Begin | Kind::Report, Some(at)) => self.jobs[at].report(&step),
            (Kind::End, Some(at)) => {
                self.jobs.remove(at);
                self.changed = Instant::now();
            }
            (Kind::Begin | Kind::Report | Kind::End, None) => {}
        }
    }
}

impl Job {
    fn report(&mut self, step: &Step) {
        if let Some(message) = &step.message {
            self.message = clip(message);
        }
        // A cast of a float keeps to its bounds.
        self.percent = step
            .percentage
            .map(|percent| percent.clamp(0.0, 100.0) as u32)
            .or(self.percent);
    }
}

fn clip(text: &str) -> String {
    text.chars().take(TEXT_CHARS).collect()
}
