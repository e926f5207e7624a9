//! Starts bash on a script, in a process group of its own.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;

use tokio::process::Child;

use crate::sandbox::Walls;
use crate::tree::Mark;
use crate::{Command, ExecError};

/// Where bash lives. Looked up here and not in `PATH`, so that nothing the
/// user's shell start-up files or a repository put there is taken for it.
const PLACES: &[&str] = &[
    "/bin/bash",
    "/usr/bin/bash",
    "/usr/local/bin/bash",
    "/opt/homebrew/bin/bash",
    "/run/current-system/sw/bin/bash",
];

/// Spawns `command`; its processes carry `mark`. Paths in `masked` are
/// protected and not there; `gateway` is the socket of the way out.
pub(crate) fn spawn(
    command: &Command,
    (masked, gateway): (&[PathBuf], Option<PathBuf>),
    mark: &Mark,
) -> Result<Child, ExecError> {
    let bash = bash().ok_or(ExecError::NoShell)?;
    let mut process = match &command.confined {
        None => tokio::process::Command::new(bash),
        Some((sandbox, limits)) => {
            let walls = Walls::new(limits, masked).open_at(gateway);
            let mut process = tokio::process::Command::new(sandbox.program());
            process
                .args(sandbox.arguments(&walls, &command.cwd))
                .arg(bash);
            process
        }
    };
    process
        .args(["--noprofile", "--norc", "-c"])
        .arg(&command.script)
        .current_dir(&command.cwd)
        .env_clear()
        .envs(command.environment.iter())
        .envs(command.confined.iter().map(|_| ("TMPDIR", "/tmp")))
        .env(Mark::VARIABLE, mark.value())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    detach(&mut process);
    process.spawn().map_err(ExecError::Spawn)
}

fn bash() -> Option<&'static Path> {
    static BASH: OnceLock<Option<&'static Path>> = OnceLock::new();
    *BASH.get_or_init(|| PLACES.iter().map(Path::new).find(|path| path.is_file()))
}

/// Gives the command its own process group, and its own session where we have
/// a terminal, so that nothing in it can ask for a password there or type
/// into it. The group alone lets the standard library use `posix_spawn`,
/// whose cost does not grow with our memory; the session needs a fork, which
/// only the small terminal program pays.
fn detach(process: &mut tokio::process::Command) {
    if File::open("/dev/tty").is_err() {
        process.process_group(0);
        return;
    }
    // SAFETY: setsid is async-signal-safe, and the closure does nothing else.
    unsafe {
        process.pre_exec(|| rustix::process::setsid().map(drop).map_err(Into::into));
    }
}
