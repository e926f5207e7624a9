//! The processes of this machine, as `/proc` lists them.

use std::collections::HashSet;
use std::fs;

use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open, pidfd_send_signal};

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) pid: i32,
    parent: i32,
    group: i32,
    session: i32,
    /// Clock ticks since boot; with the pid it names a process for good.
    pub(crate) started: u64,
    dead: bool,
}

impl Process {
    /// The process `pid`, when there is one.
    pub(crate) fn read(pid: i32) -> Option<Self> {
        parse(pid, &fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    /// Sends `signal` to this very process, never to a later one that got
    /// the same number.
    pub(crate) fn signal(&self, signal: Signal) {
        let Some(pid) = Pid::from_raw(self.pid) else {
            return;
        };
        let handle = pidfd_open(pid, PidfdFlags::empty());
        if Self::read(self.pid).is_none_or(|now| now.started != self.started) {
            return;
        }
        let sent = match handle {
            Ok(handle) => pidfd_send_signal(handle, signal),
            Err(_) => kill_process(pid, signal),
        };
        if let Err(error) = sent {
            tracing::debug!(pid = self.pid, %error, "signal not delivered");
        }
    }

    fn carries(&self, id: &str) -> Carries {
        // Another user's cannot be read, and was not started by us.
        let Ok(environment) = fs::read(format!("/proc/{}/environ", self.pid)) else {
            return Carries::No;
        };
        let mut places = environment.windows(id.len());
        if places.any(|place| place == id.as_bytes()) {
            Carries::Yes
        } else if environment.is_empty() && !self.is_kernel() && !self.dead {
            Carries::Unsure
        } else {
            Carries::No
        }
    }

    /// A thread of the kernel, which has no environment.
    fn is_kernel(&self) -> bool {
        [self.pid, self.parent].contains(&KERNEL)
    }
}

/// The ancestor of all threads of the kernel.
const KERNEL: i32 = 2;

/// Whether a process has the mark.
#[derive(PartialEq)]
enum Carries {
    Yes,
    No,
    /// While a process becomes another program its environment reads as
    /// empty for a moment.
    Unsure,
}

/// What one look at the table found.
#[derive(Debug)]
pub(crate) struct Look {
    /// All living processes of the tree.
    pub(crate) members: Vec<Process>,
    /// False when a process may belong to it that does not show yet.
    pub(crate) is_sure: bool,
}

/// Looks for the tree below `leader`: its descendants, its group and session,
/// and whoever inherited the mark `id` in the environment, wherever it went,
/// with their descendants. None of them is older than `born`, in ticks.
pub(crate) fn look(leader: i32, born: u64, id: &str) -> Look {
    let all: Vec<Process> = list();
    let own = std::process::id() as i32;
    let mut is_sure = true;
    let mut members: HashSet<i32> = all
        .iter()
        .filter(|process| process.started >= born && process.pid != own)
        .filter(|process| {
            let carries = process.carries(id);
            is_sure &= carries != Carries::Unsure;
            [process.pid, process.group, process.session].contains(&leader)
                || carries == Carries::Yes
        })
        .map(|process| process.pid)
        .collect();
    let mut grown = true;
    while grown {
        let before = members.len();
        members.extend(
            all.iter()
                .filter(|process| members.contains(&process.parent))
                .map(|process| process.pid)
                .collect::<Vec<_>>(),
        );
        grown = members.len() > before;
    }
    let members = all
        .into_iter()
        .filter(|process| members.contains(&process.pid) && !process.dead)
        .collect();
    Look { members, is_sure }
}

fn list() -> Vec<Process> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(Process::read)
        .collect()
}

/// Reads `pid (name) state ppid pgrp session …`; the name may hold anything,
/// also parentheses. Field 22 is the start time.
fn parse(pid: i32, stat: &str) -> Option<Process> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace();
    let state = fields.next()?;
    Some(Process {
        pid,
        parent: fields.next()?.parse().ok()?,
        group: fields.next()?.parse().ok()?,
        session: fields.next()?.parse().ok()?,
        started: fields.nth(15)?.parse().ok()?,
        dead: matches!(state, "Z" | "X" | "x"),
    })
}
