//! A desktop for one test: nothing of the machine's own session is used.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use testkit::microphone::Microphone;

use crate::background::Background;

/// Longest anything on the desktop may take. Generous: CI machines are slow,
/// and a passing test never waits for it.
pub const PATIENCE: Duration = Duration::from_secs(45);

/// Desktops compete for two cores; one at a time is faster than all at once.
static TURN: Mutex<()> = Mutex::new(());

pub struct Desktop {
    name: String,
    display: String,
    bus: String,
    pub microphone: Microphone,
    monitor_log: PathBuf,
    hands: Hands,
    // Ended in this order: clients first, the X server last.
    _clients: Vec<Background>,
    _bus: Background,
    _screen: Background,
    _turn: MutexGuard<'static, ()>,
}

impl Desktop {
    /// A desktop whose artifacts carry `name`.
    pub fn start(name: &str) -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        std::fs::create_dir_all(artifacts()).unwrap();
        let (screen, display) = start_screen();
        let (bus_process, bus) = start_bus();
        let microphone = Microphone::start().unwrap();
        let mut desktop = Self {
            name: name.to_owned(),
            display,
            bus,
            microphone,
            monitor_log: artifacts().join(format!("{name}-dbus.log")),
            hands: Hands::new(),
            _clients: Vec::new(),
            _bus: bus_process,
            _screen: screen,
            _turn: turn,
        };
        desktop.start_clients();
        desktop
    }

    fn start_clients(&mut self) {
        let quiet = |command: &mut Command| {
            command.stdout(Stdio::null()).stderr(Stdio::null());
        };
        let mut manager = self.command("openbox");
        quiet(&mut manager);
        let mut compositor = self.command("picom");
        quiet(compositor.args(["--backend", "xrender", "--config", "/dev/null"]));
        let mut notifications = self.command("dunst");
        quiet(notifications.arg("-conf").arg(self.hands.configure()));
        let mut monitor = self.command("dbus-monitor");
        monitor
            .args([
                "--session",
                "interface='org.freedesktop.Notifications',member='Notify'",
            ])
            .stdout(File::create(&self.monitor_log).unwrap())
            .stderr(Stdio::null());
        self._clients = [
            &mut manager,
            &mut compositor,
            &mut notifications,
            &mut monitor,
        ]
        .into_iter()
        .map(Background::start)
        .collect();
        wait_for("the window manager", || {
            let root = self.output("xprop", &["-root", "_NET_SUPPORTING_WM_CHECK"]);
            root.contains("window id").then_some(())
        });
        wait_for("the D-Bus monitor", || {
            let log = std::fs::read_to_string(&self.monitor_log).unwrap_or_default();
            (!log.is_empty()).then_some(())
        });
    }

    /// A command on this desktop.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        for (key, value) in self.environment() {
            command.env(key, value);
        }
        command.env_remove("WAYLAND_DISPLAY");
        command
    }

    /// What leads a program to this desktop.
    pub fn environment(&self) -> Vec<(String, String)> {
        let mut environment = self.microphone.environment();
        environment.push(("DISPLAY".into(), self.display.clone()));
        environment.push(("DBUS_SESSION_BUS_ADDRESS".into(), self.bus.clone()));
        environment.push(("GTK_THEME".into(), "Adwaita".into()));
        environment.push(("NO_AT_BRIDGE".into(), "1".into()));
        environment
    }

    /// What a program on this desktop prints.
    pub fn output(&self, program: &str, args: &[&str]) -> String {
        let output = self
            .command(program)
            .args(args)
            .stderr(Stdio::null())
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Puts a PNG into the clipboard, for as long as the result lives.
    pub fn copy_picture(&self, file: &std::path::Path) -> Background {
        let mut clipboard = self.command("xclip");
        clipboard
            .args(["-quiet", "-selection", "clipboard", "-t", "image/png", "-i"])
            .arg(file)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Background::start(&mut clipboard)
    }

    pub fn xdotool(&self, args: &[&str]) -> String {
        self.output("xdotool", args)
    }

    /// Id of the visible window of this title.
    pub fn window(&self, title: &str) -> Option<String> {
        let found = self.xdotool(&["search", "--onlyvisible", "--name", &format!("^{title}$")]);
        found.lines().next().map(str::to_owned)
    }

    pub fn wait_for_window(&self, title: &str) -> String {
        wait_for(&format!("the window `{title}`"), || self.window(title))
    }

    /// Closes a window as the user does, through the window manager. Taken
    /// away by the X server instead, a window may end its program.
    pub fn close(&self, window: &str) {
        self.xdotool(&["windowfocus", "--sync", window]);
        self.xdotool(&["key", "alt+F4"]);
    }

    /// Gives the keyboard to a window that is not ours, as when the user
    /// works elsewhere.
    pub fn focus_elsewhere(&self) -> Background {
        let other = Background::start(
            self.command("xev")
                .args(["-geometry", "160x90+8+8"])
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        let id = self.wait_for_window("Event Tester");
        self.xdotool(&["windowfocus", "--sync", &id]);
        other
    }

    /// Clicks at a place in a window, in pixels from its upper left; negative
    /// ones count from the lower right.
    pub fn click(&self, window: &str, (x, y): (i32, i32)) {
        let geometry = self.xdotool(&["getwindowgeometry", "--shell", window]);
        let field = |name: &str| -> i32 {
            let line = geometry.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|value| value.parse().ok())
                .unwrap_or_else(|| panic!("no {name} in {geometry}"))
        };
        let x = if x < 0 { field("WIDTH=") + x } else { x };
        let y = if y < 0 { field("HEIGHT=") + y } else { y };
        self.xdotool(&[
            "mousemove",
            "--sync",
            "--window",
            window,
            &x.to_string(),
            &y.to_string(),
        ]);
        self.xdotool(&["click", "1"]);
    }

    /// Keeps a picture of the whole screen.
    pub fn screenshot(&self, moment: &str) {
        // The web view paints a moment after its document changed.
        std::thread::sleep(Duration::from_millis(700));
        let file = artifacts().join(format!("{}-{moment}.png", self.name));
        let status = self
            .command("import")
            .args(["-window", "root"])
            .arg(&file)
            .status()
            .unwrap();
        assert!(status.success(), "no screenshot of {moment}");
    }

    /// The buttons of all notifications on screen, with their ids.
    pub fn notification_buttons(&self) -> Vec<String> {
        self.use_menu("\u{0}")
    }

    /// Presses a button of a notification, as the user does.
    pub fn press_notification(&self, label: &str) {
        let offered = self.use_menu(label);
        assert!(
            offered.iter().any(|line| line.contains(label)),
            "{offered:?}"
        );
    }

    fn use_menu(&self, wanted: &str) -> Vec<String> {
        let folder = self.hands.0.path();
        std::fs::write(folder.join("wanted"), wanted).unwrap();
        let offered = folder.join("offered");
        // Without notifications no menu opens, and this file stays away.
        let _ = std::fs::remove_file(&offered);
        self.output("dunstctl", &["context"]);
        std::thread::sleep(Duration::from_millis(200));
        let text = std::fs::read_to_string(offered).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Says on the bus that a notification's button was pressed, as a program
    /// may that shows no notifications.
    pub fn forge_button(&self, id: &str, action: &str) {
        let id = format!("uint32:{id}");
        let action = format!("string:{action}");
        self.output(
            "dbus-send",
            &[
                "--session",
                "--type=signal",
                "/org/freedesktop/Notifications",
                "org.freedesktop.Notifications.ActionInvoked",
                &id,
                &action,
            ],
        );
    }

    /// All notifications so far, as D-Bus saw them.
    pub fn notifications(&self) -> String {
        std::fs::read_to_string(&self.monitor_log).unwrap()
    }
}

/// Stands in for the menu that dunst opens for a notification's buttons: it
/// keeps what was offered, and takes what was wanted.
struct Hands(tempfile::TempDir);

impl Hands {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Writes the menu's program and dunst's settings; the latter's file.
    fn configure(&self) -> PathBuf {
        let folder = self.0.path();
        let menu = folder.join("menu");
        let program = format!(
            "#!/bin/sh\ncd {} || exit 1\ncat > offered.new\nmv offered.new offered\ngrep -m1 -F -f wanted offered\n",
            folder.display()
        );
        std::fs::write(&menu, program).unwrap();
        std::fs::set_permissions(&menu, PermissionsExt::from_mode(0o755)).unwrap();
        let settings = folder.join("dunstrc");
        let text = format!("[global]\ndmenu = {}\n", menu.display());
        std::fs::write(&settings, text).unwrap();
        settings
    }
}

/// Where screenshots and logs are kept.
fn artifacts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../artifacts/e2e")
}

fn start_screen() -> (Background, String) {
    let mut server = Command::new("Xvfb");
    server.args([
        "-displayfd",
        "1",
        "-screen",
        "0",
        "1440x900x24",
        "-nolisten",
        "tcp",
        "-noreset",
    ]);
    let mut child = server
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let number = first_line(child.stdout.take().unwrap());
    (Background::from(child), format!(":{number}"))
}

fn start_bus() -> (Background, String) {
    let mut daemon = Command::new("dbus-daemon");
    daemon.args(["--session", "--nofork", "--print-address=1"]);
    let mut child = daemon
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let address = first_line(child.stdout.take().unwrap());
    (Background::from(child), address)
}

fn first_line(output: impl std::io::Read) -> String {
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).unwrap();
    line.trim().to_owned()
}

/// Looks again and again until `look` sees something.
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(started.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
