//! Asks bash itself what its commands are given.

use std::io::{Seek, Write};
use std::process::{Command, Stdio};

/// What bash prints for each line, in a shell of its own and a sandbox.
pub(in crate::bash) fn printed(lines: &[String]) -> Vec<Vec<String>> {
    let mut file = tempfile::tempfile().unwrap();
    for line in lines {
        write!(file, "({line}\n)\nprintf '#end\\0'\n").unwrap();
    }
    file.rewind().unwrap();
    let output = Command::new("bwrap")
        .args(["--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev"])
        .args(["--proc", "/proc", "--tmpfs", "/tmp", "--chdir", "/tmp"])
        .args(["--die-with-parent", "--new-session"])
        .args(["bash", "--noprofile", "--norc"])
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("LC_ALL", "C.UTF-8")
        .env("HOME", "/home")
        .stdin(Stdio::from(file))
        .output()
        .expect("bubblewrap and bash are installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.split_terminator("#end\0");
    lines
        .map(|line| line.split_terminator('\0').map(str::to_owned).collect())
        .collect()
}
