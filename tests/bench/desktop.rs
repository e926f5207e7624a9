//! A desktop for one measurement: a virtual display with a window manager and
//! a compositor, and a D-Bus session, all ending with the value.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::Measured;

pub struct Desktop {
    pub display: String,
    pub bus: String,
    processes: Vec<Child>,
}

impl Desktop {
    pub fn start() -> Measured<Self> {
        let mut desktop = Self {
            display: String::new(),
            bus: String::new(),
            processes: Vec::new(),
        };
        let screen = ["-screen", "0", "1440x900x24", "-nolisten", "tcp"];
        let mut server = Command::new("Xvfb");
        server.args(["-displayfd", "1"]).args(screen);
        desktop.display = format!(":{}", desktop.first_line(server)?);
        let mut bus = Command::new("dbus-daemon");
        bus.args(["--session", "--nofork", "--print-address=1"]);
        desktop.bus = desktop.first_line(bus)?;
        for words in [&["openbox"][..], &["picom", "--backend", "xrender"]] {
            let mut command = Command::new(words[0]);
            command
                .args(&words[1..])
                .env("DISPLAY", &desktop.display)
                .stdout(Stdio::null());
            desktop.spawn(command)?;
        }
        Ok(desktop)
    }

    /// A program on this desktop that nothing of the user's reaches.
    pub fn command(&self, program: &std::path::Path) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("GDK_BACKEND", "x11")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("ANTHROPIC_API_KEY")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// How many windows of a process can be seen.
    pub fn window_count(&self, process: u32) -> usize {
        let found = Command::new("xdotool")
            .args(["search", "--onlyvisible", "--pid", &process.to_string()])
            .env("DISPLAY", &self.display)
            .stderr(Stdio::null())
            .output();
        found.map_or(0, |found| {
            String::from_utf8_lossy(&found.stdout).lines().count()
        })
    }

    /// Starts it and waits for the line that says where it is.
    fn first_line(&mut self, mut command: Command) -> Measured<String> {
        command.stdout(Stdio::piped());
        let said = self.spawn(command)?.stdout.take();
        let mut line = String::new();
        BufReader::new(said.ok_or("no output")?).read_line(&mut line)?;
        match line.trim() {
            "" => Err("the display or the bus ended before it was up".into()),
            line => Ok(line.to_owned()),
        }
    }

    fn spawn(&mut self, mut command: Command) -> Measured<&mut Child> {
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("`{program}` could not be started: {error}"))?;
        self.processes.push(child);
        self.processes.last_mut().ok_or_else(|| "no process".into())
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        for process in self.processes.iter_mut().rev() {
            // It may have ended with the display already.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
