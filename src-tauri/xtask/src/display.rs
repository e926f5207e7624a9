//! A display where there is none: Xvfb with a window manager and a compositor
//! (the pet is transparent), and a D-Bus session around the app. All of it ends
//! with the value that holds it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::invocation::Invocation;
use crate::step::Failure;

pub fn is_absent() -> bool {
    let unset = |name| std::env::var_os(name).is_none_or(|value| value.is_empty());
    cfg!(target_os = "linux") && unset("DISPLAY") && unset("WAYLAND_DISPLAY")
}

pub struct VirtualDisplay {
    /// As DISPLAY wants it, such as ":99".
    pub name: String,
    processes: Vec<Child>,
}

impl VirtualDisplay {
    pub fn open() -> Result<Self, Failure> {
        let server = Invocation::new("Xvfb").args(&[
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1440x900x24",
            "-nolisten",
            "tcp",
        ]);
        let mut display = Self {
            name: String::new(),
            processes: vec![start(&server, Stdio::piped())?],
        };
        // Xvfb chooses a free number and says it once it takes connections.
        let mut number = String::new();
        if let Some(said) = display.processes[0].stdout.take() {
            BufReader::new(said)
                .read_line(&mut number)
                .map_err(|error| Failure::of(&server, format!("It said nothing: {error}.")))?;
        }
        if number.trim().is_empty() {
            return Err(Failure::of(&server, "It ended before it had a display."));
        }
        display.name = format!(":{}", number.trim());
        for invocation in [
            Invocation::new("openbox"),
            Invocation::new("picom").args(&["--backend", "xrender"]),
        ] {
            let invocation = invocation.env("DISPLAY", &display.name);
            display.processes.push(start(&invocation, Stdio::null())?);
        }
        Ok(display)
    }
}

impl Drop for VirtualDisplay {
    fn drop(&mut self) {
        for process in self.processes.iter_mut().rev() {
            // It may have ended before, by the same Ctrl-C.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn start(invocation: &Invocation, stdout: Stdio) -> Result<Child, Failure> {
    invocation
        .command()
        .stdout(stdout)
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| Failure::of(invocation, format!("It could not be started: {error}.")))
}

/// Inside a D-Bus session of its own, unless one is there.
pub fn in_session(invocation: &str, arguments: &[String]) -> Invocation {
    if std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some() {
        return Invocation::new(invocation).args(arguments);
    }
    Invocation::new("dbus-run-session")
        .args(&["--", invocation])
        .args(arguments)
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
