#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use crate::bash::{Decision, judge_command};

/// A project with secrets among its files, and a link that leads out.
fn project() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["src", "certs/deep", "docs", "clean"] {
        std::fs::create_dir_all(dir.path().join(folder)).unwrap();
    }
    for file in [".env", "src/main.rs", "certs/deep/server.pem", "clean/x.rs"] {
        std::fs::write(dir.path().join(file), "text\n").unwrap();
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/hosts", dir.path().join("docs/README.md")).unwrap();
    dir
}

#[test]
fn searches_that_open_secrets_ask() {
    let dir = project();
    for command in [
        "grep -r x .",
        "grep -d recurse x .",
        "egrep -nd rec x certs",
        "fgrep -drecurse x certs",
        "grep -r x c*",
        "grep -h -r x cert?/",
        "rg x certs",
        "rg x c*",
        "rg -g '*' x",
        "rg -g '**' x",
        "rg -ng '*' x",
        "rg -g.env x",
        "rg --iglob .ENV x",
        "rg -g '.e*' x src",
        "rg --glob='*.pem' x src",
        "rg x src -g '**/.env'",
        "rg --hidden x",
        "grep -r --include='.env*' x src",
        #[cfg(unix)]
        "diff src/main.rs docs",
        #[cfg(unix)]
        "diff docs clean",
    ] {
        let verdict = judge_command(command, dir.path());
        assert_eq!(verdict.decision, Decision::Ask, "{command}");
    }
}

#[test]
fn searches_that_do_not_are_plain() {
    let dir = project();
    for command in [
        "grep -r x src",
        "grep -rn --include='*.rs' x .",
        "rg x src",
        "rg -g '*.rs' x src",
        "rg -g '!target' x clean",
        "cat src/main.rs | rg x",
        "rg --files",
        "diff src clean",
    ] {
        let verdict = judge_command(command, dir.path());
        assert_eq!(
            (verdict.decision, verdict.reason),
            (
                Decision::Allow,
                "It only reads, inside the workspace.".to_owned()
            ),
            "{command}"
        );
    }
}
