//! Confining a command. bubblewrap gives it a file system that is read-only
//! but for its workspace, processes and a network of its own; Landlock and a
//! filter of system calls hold inside, put in force by `familiar-confine`.
//!
//! There is no half of it: where one part is missing there is no [`Sandbox`].

#[cfg(unix)]
mod mask;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use protocol::Confinement;
use tokio::sync::OnceCell;
use tokio::time::timeout;

#[cfg(unix)]
pub(crate) use mask::Masks;

#[cfg(unix)]
use crate::Dial;

/// Where bubblewrap lives. Not looked up in `PATH`, like bash.
const PLACES: &[&str] = &[
    "/usr/bin/bwrap",
    "/bin/bwrap",
    "/usr/local/bin/bwrap",
    "/run/current-system/sw/bin/bwrap",
];

/// The program that stands between bubblewrap and bash.
const HELPER: &str = "familiar-confine";

/// Folders of services whose sockets give away the machine to whoever may
/// connect; the others live in `/run`.
const SERVICES: &[&str] = &[
    "/var/lib/lxd",
    "/var/lib/incus",
    "/var/snap/lxd",
    "/var/lib/docker",
    "/var/lib/libvirt",
];

/// Where a confined command finds the socket of its way out.
const GATEWAY: &str = "/run/familiar-gateway";

/// Longest wait for the trial; it takes some 10 ms.
const TRIAL_LIMIT: Duration = Duration::from_secs(5);

/// Most characters of what the trial said.
const WORDS_CHARS: usize = 300;

/// The means of this machine to confine commands, tried out.
#[derive(Debug, Clone)]
pub struct Sandbox {
    bwrap: PathBuf,
    helper: PathBuf,
    #[cfg(unix)]
    dial: Dial,
}

/// Why commands cannot be confined here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSandbox {
    /// bubblewrap is not installed.
    #[error("bubblewrap is not installed; install it with the system's package manager")]
    NoBubblewrap,
    /// Our own program is not where it belongs.
    #[error("`{}` is missing; install Familiar again", path.display())]
    NoHelper {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A trial did not work.
    #[error("a trial run failed: {said}")]
    Failed {
        /// What it said.
        said: String,
    },
    /// Not on this system.
    #[error("confining commands is not supported on this system yet")]
    NotSupported,
}

/// Set once it was found; what was missing is looked for again.
static FOUND: OnceCell<Sandbox> = OnceCell::const_new();

impl Sandbox {
    /// The sandbox of this machine, with the helper beside this program.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn of_machine() -> Result<&'static Self, NoSandbox> {
        FOUND
            .get_or_try_init(async || Self::find(&own_folder()).await)
            .await
    }

    /// Finds what is needed and tries it, with the helper in `folder`.
    ///
    /// # Errors
    /// What is missing, or what the trial said.
    pub async fn find(folder: &Path) -> Result<Self, NoSandbox> {
        if !cfg!(target_os = "linux") {
            return Err(NoSandbox::NotSupported);
        }
        let bwrap = PLACES.iter().map(PathBuf::from).find(|path| path.is_file());
        let helper = folder.join(HELPER);
        if !helper.is_file() {
            return Err(NoSandbox::NoHelper { path: helper });
        }
        let sandbox = Self {
            bwrap: bwrap.ok_or(NoSandbox::NoBubblewrap)?,
            helper,
            #[cfg(unix)]
            dial: Dial::default(),
        };
        sandbox.tried().await.map(|()| sandbox)
    }

    /// The same, with another idea of where names lead: for tests.
    #[cfg(unix)]
    #[must_use]
    pub fn dialing(self, dial: Dial) -> Self {
        Self { dial, ..self }
    }

    #[cfg(unix)]
    pub(crate) fn dial(&self) -> &Dial {
        &self.dial
    }

    async fn tried(&self) -> Result<(), NoSandbox> {
        let failed = |said: String| NoSandbox::Failed {
            said: said.trim().chars().take(WORDS_CHARS).collect(),
        };
        let walls = Walls::new(&Confinement::default(), &[]);
        let run = tokio::process::Command::new(&self.bwrap)
            .args(self.arguments(&walls, Path::new("/")))
            .arg("true")
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        match timeout(TRIAL_LIMIT, run).await {
            Err(_) => Err(failed("it did not end".to_owned())),
            Ok(Err(error)) => Err(failed(error.to_string())),
            Ok(Ok(output)) if output.status.success() => Ok(()),
            Ok(Ok(output)) => Err(failed(String::from_utf8_lossy(&output.stderr).into_owned())),
        }
    }

    /// The program to start in place of one that is to be confined.
    pub(crate) fn program(&self) -> &Path {
        &self.bwrap
    }

    /// What comes before the confined program and its own arguments.
    pub(crate) fn arguments(&self, walls: &Walls, cwd: &Path) -> Vec<OsString> {
        let mut list = Arguments::default();
        list.add(["--unshare-all", "--die-with-parent", "--new-session"]);
        list.add(["--cap-drop", "ALL", "--ro-bind", "/", "/"]);
        list.add(["--dev", "/dev", "--proc", "/proc"]);
        // Sockets of the desktop, of containers and of key agents live there.
        list.add(["--tmpfs", "/tmp", "--tmpfs", "/run"]);
        for folder in SERVICES.iter().map(Path::new).filter(|path| path.is_dir()) {
            list.hide(folder);
        }
        list.bind("--ro-bind", &self.helper);
        if let Some(socket) = &walls.gateway {
            list.add([
                OsStr::new("--ro-bind"),
                socket.as_os_str(),
                OsStr::new(GATEWAY),
            ]);
        }
        for (around, path) in &walls.hidden {
            if *around {
                list.hide(path);
            }
        }
        for path in &walls.writable {
            list.bind("--bind", path);
        }
        for (around, path) in &walls.hidden {
            if !*around {
                list.hide(path);
            }
        }
        for path in &walls.kept {
            list.bind("--ro-bind", path);
        }
        for path in &walls.masked {
            list.add([
                OsStr::new("--ro-bind"),
                OsStr::new("/dev/null"),
                path.as_os_str(),
            ]);
        }
        list.add([OsStr::new("--chdir"), cwd.as_os_str(), OsStr::new("--")]);
        list.add([&self.helper]);
        for path in &walls.writable {
            list.add([OsStr::new("--write"), path.as_os_str()]);
        }
        if walls.gateway.is_some() {
            list.add(["--gateway", GATEWAY]);
        }
        list.add(["--"]);
        list.0
    }
}

/// Where this program is. Cargo puts its tests one folder below the programs.
fn own_folder() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let folder = program.parent().unwrap_or(Path::new("/"));
    match folder.parent() {
        Some(above) if folder.ends_with("deps") => above.to_owned(),
        _ => folder.to_owned(),
    }
}

/// A confinement as it looks on disk at this moment.
#[derive(Debug, Default)]
pub(crate) struct Walls {
    writable: Vec<PathBuf>,
    /// Protected and there.
    kept: Vec<PathBuf>,
    /// Protected and not there.
    masked: Vec<PathBuf>,
    /// True for a folder that lies around a writable one.
    hidden: Vec<(bool, PathBuf)>,
    /// The socket of the way out.
    gateway: Option<PathBuf>,
}

impl Walls {
    /// With these of the protected paths masked.
    pub(crate) fn new(limits: &Confinement, masked: &[PathBuf]) -> Self {
        let around = |path: &Path| {
            limits
                .writable
                .iter()
                .any(|folder| folder.starts_with(path))
        };
        Self {
            writable: limits.writable.clone(),
            kept: limits
                .protected
                .iter()
                .filter(|path| !masked.contains(path))
                .cloned()
                .collect(),
            masked: masked.to_vec(),
            hidden: limits
                .hidden
                .iter()
                .filter(|path| path.exists())
                .map(|path| (around(path), path.clone()))
                .collect(),
            gateway: None,
        }
    }

    /// With a way out at this socket.
    #[cfg(unix)]
    pub(crate) fn open_at(mut self, socket: Option<PathBuf>) -> Self {
        self.gateway = socket;
        self
    }
}

#[derive(Default)]
struct Arguments(Vec<OsString>);

impl Arguments {
    fn add<T: AsRef<OsStr>>(&mut self, words: impl IntoIterator<Item = T>) {
        self.0
            .extend(words.into_iter().map(|word| word.as_ref().to_owned()));
    }

    fn bind(&mut self, how: &str, path: &Path) {
        self.add([OsStr::new(how), path.as_os_str(), path.as_os_str()]);
    }

    fn hide(&mut self, path: &Path) {
        if path.is_dir() {
            self.add([OsStr::new("--tmpfs"), path.as_os_str()]);
        } else {
            self.add([
                OsStr::new("--ro-bind"),
                OsStr::new("/dev/null"),
                path.as_os_str(),
            ]);
        }
    }
}
