//! The process tree of one command, and its end.
//!
//! A process can leave its group and session and lose its parent, but not
//! the mark in its environment unless it sets out to. Processes are looked
//! up only when something is to be killed, so a normal run pays nothing.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use rustix::process::Signal;
#[cfg(not(target_os = "linux"))]
use rustix::process::{Pid, kill_process_group};

/// How long processes may clean up after SIGTERM.
const TERM_GRACE: Duration = Duration::from_millis(300);

/// How long killing is repeated for processes that keep forking.
const KILL_LIMIT: Duration = Duration::from_secs(2);

/// Pause between two looks at the tree.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What marks the processes of one command.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    id: String,
    value: String,
}

impl Mark {
    /// The variable that holds it.
    pub(crate) const VARIABLE: &str = "FAMILIAR_RUN";

    /// A mark no other command has. When we run inside a command ourselves,
    /// the outer mark stays in the value, so that the outer kill finds all.
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let now = SystemTime::UNIX_EPOCH
            .elapsed()
            .unwrap_or_default()
            .as_nanos();
        let id = format!(
            "{:x}.{:x}.{:x}",
            std::process::id(),
            now,
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let value = std::env::var(Self::VARIABLE)
            .map_or_else(|_| id.clone(), |outer| format!("{outer}/{id}"));
        Self { id, value }
    }

    pub(crate) fn value(&self) -> &str {
        &self.value
    }
}

/// The tree of a started command. Dropped before [`Tree::release`] it kills.
#[derive(Debug)]
pub(crate) struct Tree {
    leader: Option<i32>,
    mark: Mark,
}

impl Tree {
    /// The tree below the process `leader`.
    pub(crate) fn new(leader: Option<u32>, mark: Mark) -> Self {
        Self {
            leader: leader.and_then(|pid| i32::try_from(pid).ok()),
            mark,
        }
    }

    /// The command ended by itself: what it left in the background stays.
    pub(crate) fn release(mut self) {
        self.leader = None;
    }

    /// Ends all processes: politely, then not. Off the runtime threads.
    pub(crate) async fn kill(mut self) {
        let Some(leader) = self.leader.take() else {
            return;
        };
        let mark = self.mark.clone();
        if let Err(error) = tokio::task::spawn_blocking(move || kill(leader, &mark)).await {
            tracing::error!(%error, "killing a process tree failed");
        }
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        if let Some(leader) = self.leader {
            kill_now(leader, &self.mark, Instant::now() + KILL_LIMIT);
        }
    }
}

fn kill(leader: i32, mark: &Mark) {
    signal(leader, mark, Signal::TERM);
    signal(leader, mark, Signal::CONT);
    let grace = Instant::now() + TERM_GRACE;
    while Instant::now() < grace {
        if !lives(leader, mark) {
            return;
        }
        std::thread::sleep(LOOK_EVERY);
    }
    kill_now(leader, mark, Instant::now() + KILL_LIMIT);
}

fn kill_now(leader: i32, mark: &Mark, limit: Instant) {
    while lives(leader, mark) && Instant::now() < limit {
        signal(leader, mark, Signal::KILL);
        std::thread::sleep(LOOK_EVERY);
    }
}

#[cfg(target_os = "linux")]
fn lives(leader: i32, mark: &Mark) -> bool {
    !crate::proc_table::tree(leader, &mark.id).is_empty()
}

#[cfg(target_os = "linux")]
fn signal(leader: i32, mark: &Mark, signal: Signal) {
    for process in crate::proc_table::tree(leader, &mark.id) {
        process.signal(signal);
    }
}

#[cfg(not(target_os = "linux"))]
fn lives(leader: i32, _mark: &Mark) -> bool {
    Pid::from_raw(leader)
        .is_some_and(|group| rustix::process::test_kill_process_group(group).is_ok())
}

#[cfg(not(target_os = "linux"))]
fn signal(leader: i32, _mark: &Mark, signal: Signal) {
    if let Some(group) = Pid::from_raw(leader) {
        let _gone = kill_process_group(group, signal);
    }
}
