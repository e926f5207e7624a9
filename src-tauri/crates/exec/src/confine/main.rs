//! `familiar-confine [--write FOLDER]... [--gateway SOCKET] -- PROGRAM
//! [ARGUMENT]...` becomes the program, after it has given up what no confined command may do.
//!
//! It stands between bubblewrap and bash, because Landlock, once in force,
//! forbids the mounts that bubblewrap makes. Whatever fails here ends it
//! before the program starts.

#[cfg(target_os = "linux")]
mod gateway;
#[cfg(target_os = "linux")]
mod landlock;
#[cfg(target_os = "linux")]
mod seccomp;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// What a shell says of a program that it may not run.
const NOT_RUN: u8 = 126;

/// What it was asked for.
struct Order {
    writable: Vec<PathBuf>,
    /// The socket of the way out.
    gateway: Option<PathBuf>,
    program: OsString,
    arguments: Vec<OsString>,
}

fn main() -> ExitCode {
    let why = match read(std::env::args_os().skip(1)) {
        Some(order) => confine_and_become(order),
        None => "usage: familiar-confine [--write FOLDER]... [--gateway SOCKET] -- PROGRAM [ARGUMENT]...".to_owned(),
    };
    eprintln!("familiar-confine: {why}");
    ExitCode::from(NOT_RUN)
}

fn read(mut words: impl Iterator<Item = OsString>) -> Option<Order> {
    let mut writable = Vec::new();
    let mut gateway = None;
    loop {
        let word = words.next()?;
        match word.to_str()? {
            "--write" => writable.push(words.next()?.into()),
            "--gateway" => gateway = Some(words.next()?.into()),
            "--" => break,
            _ => return None,
        }
    }
    Some(Order {
        writable,
        gateway,
        program: words.next()?,
        arguments: words.collect(),
    })
}

/// Comes back only with the reason why it did not work.
#[cfg(target_os = "linux")]
fn confine_and_become(order: Order) -> String {
    use std::os::unix::process::CommandExt;
    // Landlock first: the filter forbids its system calls to what comes after.
    if let Err(why) = landlock::restrict(&order.writable) {
        return why;
    }
    if let Err(why) = seccomp::restrict() {
        return why;
    }
    let variables = match order.gateway.map(gateway::serve).transpose() {
        Ok(variables) => variables.unwrap_or_default(),
        Err(error) => return format!("the way out: {error}"),
    };
    let error = std::process::Command::new(&order.program)
        .args(&order.arguments)
        .envs(variables)
        .exec();
    format!("`{}`: {error}", order.program.display())
}

#[cfg(not(target_os = "linux"))]
fn confine_and_become(_: Order) -> String {
    "there is no confinement on this system yet".to_owned()
}
