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

/// A tree is gone when so many looks in a row find nothing of it: one alone
/// may come while a process becomes another program.
const QUIET_LOOKS: u32 = 3;

/// The same, when each of them leaves doubts.
const UNSURE_LOOKS: u32 = 20;

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
    leader: Option<Leader>,
    mark: Mark,
}

/// The first process of a tree.
#[derive(Debug, Clone, Copy)]
struct Leader {
    pid: i32,
    /// In clock ticks since boot; 0 when it was gone before we could look.
    born: u64,
}

impl Leader {
    fn of(pid: i32) -> Self {
        #[cfg(target_os = "linux")]
        let born = crate::proc_table::Process::read(pid).map_or(0, |process| process.started);
        #[cfg(not(target_os = "linux"))]
        let born = 0;
        Self { pid, born }
    }
}

impl Tree {
    /// The tree below the process `leader`.
    pub(crate) fn new(leader: Option<u32>, mark: Mark) -> Self {
        Self {
            leader: leader
                .and_then(|pid| i32::try_from(pid).ok())
                .map(Leader::of),
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

fn kill(leader: Leader, mark: &Mark) {
    let mut is_asked = false;
    let grace = Instant::now() + TERM_GRACE;
    let is_gone = until_quiet(leader, mark, grace, |tree| {
        if !is_asked {
            tree.signal(Signal::TERM);
            tree.signal(Signal::CONT);
        }
        is_asked = true;
    });
    if !is_gone {
        kill_now(leader, mark, Instant::now() + KILL_LIMIT);
    }
}

fn kill_now(leader: Leader, mark: &Mark, limit: Instant) {
    until_quiet(leader, mark, limit, |tree| tree.signal(Signal::KILL));
}

/// Looks again and again until nothing is left, and does something with what
/// is; false when the time is over before.
fn until_quiet(leader: Leader, mark: &Mark, limit: Instant, mut act: impl FnMut(&Living)) -> bool {
    let (mut quiet, mut empty) = (0, 0);
    while Instant::now() < limit {
        let tree = Living::look(leader, mark);
        if tree.is_empty() {
            empty += 1;
            quiet += u32::from(tree.is_sure());
        } else {
            (quiet, empty) = (0, 0);
            act(&tree);
        }
        if quiet >= QUIET_LOOKS || empty >= UNSURE_LOOKS {
            return true;
        }
        std::thread::sleep(LOOK_EVERY);
    }
    false
}

/// What lives of a tree.
#[cfg(target_os = "linux")]
struct Living(crate::proc_table::Look);

#[cfg(target_os = "linux")]
impl Living {
    fn look(leader: Leader, mark: &Mark) -> Self {
        Self(crate::proc_table::look(leader.pid, leader.born, &mark.id))
    }

    fn is_empty(&self) -> bool {
        self.0.members.is_empty()
    }

    fn is_sure(&self) -> bool {
        self.0.is_sure
    }

    fn signal(&self, signal: Signal) {
        for process in &self.0.members {
            process.signal(signal);
        }
    }
}

/// What lives of a process group.
#[cfg(not(target_os = "linux"))]
struct Living(Option<Pid>);

#[cfg(not(target_os = "linux"))]
impl Living {
    fn look(leader: Leader, _mark: &Mark) -> Self {
        let group = Pid::from_raw(leader.pid);
        Self(group.filter(|group| rustix::process::test_kill_process_group(*group).is_ok()))
    }

    fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    fn is_sure(&self) -> bool {
        true
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.0 {
            let _gone = kill_process_group(group, signal);
        }
    }
}
