//! What the shell holds for the whole run of the app.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use engine::Engine;
use protocol::{ErrorInfo, ErrorKind, SessionId};
use tokio_util::task::TaskTracker;
use voice::Voice;

use crate::ipc::relay::{Listener, Relay};
use crate::ipc::types::HotkeyStatus;
use crate::notify;
use crate::tray::Marks;

/// The shell's state, managed by tauri.
pub struct Shell {
    /// The agent.
    pub engine: Engine,
    /// The microphone.
    pub voice: Voice,
    /// The way to the window.
    pub relay: Relay,
    /// Where the window listens.
    pub listener: Arc<Listener>,
    /// The permission questions that stand in notifications.
    pub questions: notify::Questions,
    /// What to tell the user when there is no session bus.
    pub no_bus: Option<ErrorInfo>,
    tasks: TaskTracker,
    focused: AtomicBool,
    files_waiting: AtomicBool,
    current: Mutex<Option<SessionId>>,
    hotkey: Mutex<HotkeyStatus>,
    marks: Mutex<Option<Marks>>,
}

impl Shell {
    /// A shell around these parts.
    pub fn new(engine: Engine, voice: Voice, relay: Relay, no_bus: Option<ErrorInfo>) -> Self {
        Self {
            engine,
            voice,
            relay,
            listener: Arc::new(Listener::default()),
            questions: notify::Questions::default(),
            no_bus,
            tasks: TaskTracker::new(),
            focused: AtomicBool::new(false),
            files_waiting: AtomicBool::new(false),
            current: Mutex::new(None),
            hotkey: Mutex::new(HotkeyStatus::default()),
            marks: Mutex::new(None),
        }
    }

    /// Runs a task of the shell, owned by it.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks
            .spawn_on(task, tauri::async_runtime::handle().inner());
    }

    /// Runs work that blocks, off the runtime's threads; owned by the shell.
    pub fn spawn_blocking(&self, work: impl FnOnce() + Send + 'static) {
        self.tasks
            .spawn_blocking_on(work, tauri::async_runtime::handle().inner());
    }

    /// The main window has the keyboard.
    pub fn is_focused(&self) -> bool {
        self.focused.load(Ordering::Relaxed)
    }

    /// Remembers whether the main window has the keyboard.
    pub fn set_focused(&self, focused: bool) {
        self.focused.store(focused, Ordering::Relaxed);
    }

    /// The composer holds files for what is said next.
    pub fn are_files_waiting(&self) -> bool {
        self.files_waiting.load(Ordering::Relaxed)
    }

    /// Remembers whether the composer holds files.
    pub fn set_files_waiting(&self, waiting: bool) {
        self.files_waiting.store(waiting, Ordering::Relaxed);
    }

    /// The session that voice speaks to: the one last opened.
    pub fn current(&self) -> Option<SessionId> {
        lock(&self.current).clone()
    }

    /// Voice speaks to this session from now on.
    pub fn set_current(&self, id: &SessionId) {
        *lock(&self.current) = Some(id.clone());
    }

    /// How the global key fares.
    pub fn hotkey(&self) -> HotkeyStatus {
        lock(&self.hotkey).clone()
    }

    /// Remembers how the global key fares.
    pub fn set_hotkey(&self, status: HotkeyStatus) {
        *lock(&self.hotkey) = status;
    }

    /// Keeps the tray's items.
    pub fn set_marks(&self, marks: Marks) {
        *lock(&self.marks) = Some(marks);
    }

    /// Runs `work` with the tray's items, if there is a tray.
    pub fn with_marks(&self, work: impl FnOnce(&Marks)) {
        if let Some(marks) = lock(&self.marks).as_ref() {
            work(marks);
        }
    }

    /// The folder new sessions work in.
    ///
    /// # Errors
    /// When none was chosen yet.
    pub fn workspace(&self) -> Result<PathBuf, ErrorInfo> {
        self.engine
            .settings()
            .workspace
            .map(PathBuf::from)
            .ok_or_else(|| {
                ErrorInfo::new(
                    ErrorKind::WorkspaceGone,
                    "No folder is chosen to work in.",
                    "Choose one at the top of the window.",
                )
            })
    }
}

/// The branch checked out in `workspace`, read from `.git/HEAD` without
/// running git: a repository's config can make git run programs.
pub fn branch(workspace: &Path) -> Option<String> {
    let head = std::fs::read_to_string(workspace.join(".git/HEAD")).ok()?;
    let name = head.trim().strip_prefix("ref: refs/heads/")?;
    Some(name.to_owned())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
