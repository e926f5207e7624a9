//! System packages. On Debian and Ubuntu what is missing is installed when root
//! or passwordless sudo is there; otherwise the step ends with the command to
//! paste. Other systems are told what is needed, in Debian's names.

use std::process::Stdio;

use crate::invocation::Invocation;
use crate::step::{Failure, Note, Step};

/// What the app needs to build: GTK and WebKit for the window, the tray, SVG,
/// ALSA for sound, CMake for whisper.cpp. No clang: the
/// bindings of whisper-rs come ready (see `.cargo/config.toml`).
pub const BUILD: &[&str] = &[
    "build-essential",
    "pkg-config",
    "cmake",
    "libwebkit2gtk-4.1-dev",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "libasound2-dev",
];

/// What the app uses when it runs: the sandbox.
pub const USE: &[&str] = &["bubblewrap"];

/// What stands in for a desktop where there is none.
pub const DESKTOP: &[&str] = &["xvfb", "openbox", "picom", "dbus-x11"];

/// What the tests use: of the real window a notification daemon, a sound
/// server whose sink is the microphone, a voice, a driver and a pair of hands;
/// of the sandbox programs that try to reach the network.
pub const TEST: &[&str] = &[
    "clangd",
    "curl",
    "dunst",
    "espeak-ng",
    "git",
    "imagemagick",
    "iputils-ping",
    "libasound2-plugins",
    "netcat-openbsd",
    "openssh-client",
    "pulseaudio",
    "pulseaudio-utils",
    "python3",
    "python3-venv",
    "webkit2gtk-driver",
    "wget",
    "x11-utils",
    "xclip",
    "xdotool",
];

pub fn packages(wanted: Vec<&'static str>) -> Step {
    Step::new("system packages", move || provide(&wanted))
}

fn provide(wanted: &[&'static str]) -> Result<Note, Failure> {
    let os_release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !is_debian(&os_release) {
        return Ok(Note::Says(format!(
            "not Debian or Ubuntu, so nothing is installed; needed, in Debian's names: {}",
            wanted.join(" ")
        )));
    }
    let missing = missing(&installed(wanted), wanted);
    if missing.is_empty() {
        return Ok(Note::Says(format!("all {} are there", wanted.len())));
    }
    println!("        missing: {}", missing.join(" "));
    let Some(rights) = rights() else {
        return Err(Failure::new(
            "System packages are missing, and this account may not install them.",
        )
        .fix(by_hand(&missing)));
    };
    for invocation in [update(rights), install(rights, &missing)] {
        println!("        $ {invocation}");
        invocation
            .run()
            .map_err(|failure| failure.fix(by_hand(&missing)))?;
    }
    Ok(Note::Says(format!("installed {}", missing.len())))
}

/// Debian and what is built from it, Ubuntu among them.
fn is_debian(os_release: &str) -> bool {
    os_release
        .lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(key, _)| matches!(*key, "ID" | "ID_LIKE"))
        .any(|(_, value)| {
            value
                .trim_matches('"')
                .split(' ')
                .any(|id| id == "debian" || id == "ubuntu")
        })
}

/// dpkg's own table of the wanted packages. It ends with an error when it does
/// not know one, and still prints the others, so its status says nothing.
fn installed(wanted: &[&str]) -> String {
    let output = Invocation::new("dpkg-query")
        .args(&["-W", "-f", "${Package}\\t${db:Status-Status}\\n"])
        .args(wanted)
        .command()
        .stderr(Stdio::null())
        .output();
    output
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default()
}

fn missing(table: &str, wanted: &[&'static str]) -> Vec<&'static str> {
    let has = |name: &str| {
        table
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .any(|(package, status)| package == name && status == "installed")
    };
    wanted.iter().copied().filter(|name| !has(name)).collect()
}

#[derive(Clone, Copy)]
enum Rights {
    Root,
    Sudo,
}

fn rights() -> Option<Rights> {
    let user = Invocation::new("id").args(&["-u"]).output().ok()?;
    if user.trim() == "0" {
        return Some(Rights::Root);
    }
    let sudo = Invocation::new("sudo").args(&["-n", "true"]).output();
    sudo.is_ok().then_some(Rights::Sudo)
}

fn apt_get(rights: Rights) -> Invocation {
    let lead: &[&str] = match rights {
        Rights::Root => &[],
        Rights::Sudo => &["sudo", "-n"],
    };
    let words = [
        lead,
        &[
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "-q",
            "-y",
        ],
        &["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"],
    ]
    .concat();
    Invocation::new(words[0]).args(&words[1..])
}

fn update(rights: Rights) -> Invocation {
    apt_get(rights).args(&["update"])
}

fn install(rights: Rights, missing: &[&str]) -> Invocation {
    apt_get(rights)
        .args(&["install", "--no-install-recommends"])
        .args(missing)
}

fn by_hand(missing: &[&str]) -> String {
    format!(
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends {}",
        missing.join(" ")
    )
}

#[cfg(test)]
mod tests;
