//! All servers of a program: started when first needed, one for each root,
//! started anew after a breakdown, within limits, and sent away when idle.

mod slot;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::catalog::Entry;
use crate::error::LspError;
use crate::files;
use crate::launch::Launch;
use crate::memory;
use crate::server::{FileEvent, Indexing, Server, blocking};
use slot::{Slot, Step};

/// Servers that run at one time. Each takes some hundred megabytes.
const RUNNING: usize = 6;

/// Roots remembered.
const SLOTS: usize = 100;

/// How often idle servers are looked for.
const SWEEP: Duration = Duration::from_secs(30);

/// All servers.
pub struct Pool {
    launch: Arc<dyn Launch>,
    servers: &'static [Entry],
    /// `None` after the end.
    slots: Arc<Mutex<Option<Slots>>>,
    tasks: Mutex<JoinSet<()>>,
}

type Slots = HashMap<(&'static str, PathBuf), Arc<Slot>>;

/// How a server is, for a person to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerState {
    /// Its name.
    pub name: &'static str,
    /// Where its project begins.
    pub root: PathBuf,
    /// How it is.
    pub status: Status,
    /// How often it broke down lately.
    pub crashes: u32,
    /// Its process.
    pub pid: Option<u32>,
    /// What it and the processes below it have in memory; Linux only.
    pub memory_bytes: Option<u64>,
}

/// How a server is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum Status {
    /// Not needed now.
    Stopped,
    /// It does not answer yet.
    Starting,
    /// It answers, and reads the project.
    Indexing(Indexing),
    /// It answers.
    Ready,
    /// It broke down; the next call starts it again.
    Crashed {
        /// Why.
        why: String,
    },
    /// There is no such program.
    Missing {
        /// How a person gets it.
        install: &'static str,
    },
}

impl Pool {
    /// A pool without a running server. `servers` is [`crate::SERVERS`] but in
    /// tests.
    #[must_use]
    pub fn new(launch: Arc<dyn Launch>, servers: &'static [Entry]) -> Self {
        Self {
            launch,
            servers,
            slots: Arc::new(Mutex::new(Some(HashMap::new()))),
            tasks: Mutex::default(),
        }
    }

    /// The server for `path`, started when it does not run. After a breakdown
    /// it waits a little before it starts it again.
    ///
    /// # Errors
    /// When there is none, it cannot be started, or broke down too often.
    pub async fn server(&self, path: &Path, workspace: &Path) -> Result<Arc<Server>, LspError> {
        let entry = self.entry(path)?;
        let (path, workspace) = (path.to_owned(), workspace.to_owned());
        let root = blocking(move || {
            let (path, workspace) = (files::real(&path)?, files::real(&workspace)?);
            Ok(entry.root_of(&path, &workspace))
        })
        .await?;
        let slot = self.slot(entry, root)?;
        let mut changes = slot.watch();
        match slot.step(Instant::now()) {
            Step::Use(server) => return Ok(server),
            Step::Refuse(error) => return Err(error),
            Step::Start { after } => self.start(&slot, after),
            Step::Wait => {}
        }
        loop {
            if let Some(outcome) = slot.outcome() {
                return outcome;
            }
            if changes.changed().await.is_err() {
                return Err(slot.stopped());
            }
        }
    }

    /// Tells all servers of files that somebody changed below their roots.
    pub fn files_changed(&self, events: &[(PathBuf, FileEvent)]) {
        for server in self.all().iter().filter_map(|slot| slot.running()) {
            let below = events
                .iter()
                .filter(|(path, _)| path.starts_with(server.root()));
            let below: Vec<_> = below.cloned().collect();
            if below.is_empty() {
                continue;
            }
            if let Err(error) = server.files_changed(&below) {
                tracing::debug!(%error, "a server was not told of changed files");
            }
        }
    }

    /// How each server is, by name and root.
    #[must_use]
    pub fn states(&self) -> Vec<ServerState> {
        let states = self.all().into_iter().map(|slot| {
            let (status, crashes) = slot.status();
            let pid = slot.running().and_then(|server| server.pid());
            ServerState {
                name: slot.entry.name,
                root: slot.root.clone(),
                status,
                crashes,
                pid,
                memory_bytes: pid.and_then(memory::of_tree),
            }
        });
        let mut states: Vec<ServerState> = states.collect();
        states.sort_by(|a, b| (a.name, &a.root).cmp(&(b.name, &b.root)));
        states
    }

    /// Forgets breakdowns and missing programs: the person did something.
    pub fn forgive(&self) {
        self.all().iter().for_each(|slot| slot.forgive());
    }

    /// Sends all servers away, for good.
    pub async fn shutdown(&self) {
        let slots = lock(&self.slots).take().unwrap_or_default();
        let mut goodbyes = JoinSet::new();
        for server in slots.into_values().filter_map(|slot| slot.stop()) {
            goodbyes.spawn(async move { server.shutdown().await });
        }
        lock(&self.tasks).abort_all();
        while goodbyes.join_next().await.is_some() {}
    }

    fn entry(&self, path: &Path) -> Result<&'static Entry, LspError> {
        self.servers
            .iter()
            .find(|entry| entry.language_of(path).is_some())
            .ok_or_else(|| LspError::NoServer {
                path: path.to_owned(),
            })
    }

    fn slot(&self, entry: &'static Entry, root: PathBuf) -> Result<Arc<Slot>, LspError> {
        let mut slots = lock(&self.slots);
        let new = Arc::new(Slot::new(entry, root.clone()));
        let Some(slots) = slots.as_mut() else {
            return Err(new.stopped());
        };
        if slots.len() >= SLOTS {
            slots.retain(|_, slot| slot.is_needed());
        }
        if slots.len() >= SLOTS {
            return Err(LspError::Busy { server: entry.name });
        }
        Ok(Arc::clone(slots.entry((entry.name, root)).or_insert(new)))
    }

    fn all(&self) -> Vec<Arc<Slot>> {
        let slots = lock(&self.slots);
        slots.iter().flat_map(HashMap::values).cloned().collect()
    }

    /// Starts a server in a task of the pool: a caller that goes away does
    /// not take it along.
    fn start(&self, slot: &Arc<Slot>, after: Duration) {
        let birth = slot.birth();
        if lock(&self.slots).is_none() {
            return;
        }
        self.make_room();
        let mut tasks = lock(&self.tasks);
        while tasks.try_join_next().is_some() {}
        if tasks.is_empty() {
            tasks.spawn(sweep(Arc::clone(&self.slots)));
        }
        let (slot, launch) = (Arc::clone(slot), Arc::clone(&self.launch));
        tasks.spawn(async move {
            tokio::time::sleep(after).await;
            let started = Server::start(slot.entry, &slot.root, launch.as_ref()).await;
            birth.done(started);
        });
    }

    /// Sends the server away that was not used for longest, when too many run.
    fn make_room(&self) {
        let running = self.all().into_iter().filter(|slot| slot.is_running());
        let mut running: Vec<Arc<Slot>> = running.collect();
        if running.len() < RUNNING {
            return;
        }
        running.sort_by_key(|slot| slot.used());
        let unused = running.iter().find_map(|slot| slot.stop_unused());
        if let Some(server) = unused {
            lock(&self.tasks).spawn(async move { server.shutdown().await });
        }
    }
}

/// Sends idle servers away, for as long as there is a pool.
async fn sweep(slots: Arc<Mutex<Option<Slots>>>) {
    loop {
        tokio::time::sleep(SWEEP).await;
        let all: Vec<Arc<Slot>> = {
            let slots = lock(&slots);
            slots.iter().flat_map(HashMap::values).cloned().collect()
        };
        for slot in all {
            if let Some(server) = slot.stop_idle(Instant::now()) {
                server.shutdown().await;
            }
        }
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
