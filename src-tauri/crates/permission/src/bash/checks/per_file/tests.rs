#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::os::unix::fs::symlink;
use std::path::Path;

use crate::bash::{CommandVerdict, Decision, judge_command};

/// A project whose folders hide different traps.
fn project() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str| {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "text\n").unwrap();
    };
    for path in [
        "clean/a.rs",
        "clean/deep/b.rs",
        "secret/deep/.env",
        "secret/a.rs",
        "odd/a b.rs",
        "dash/-x",
        "at/@x",
        "options/a=b.txt",
        "vendored/node_modules/.env",
        "brackets/[l]inked",
        "letters/x",
        "linked/a.rs",
    ] {
        write(path);
    }
    symlink("/etc/hosts", dir.path().join("linked/out.txt")).unwrap();
    symlink("../secret/deep/.env", dir.path().join("linked/note.md")).unwrap();
    symlink("/etc/hosts", dir.path().join("brackets/link")).unwrap();
    symlink("/etc/hosts", dir.path().join("letters/é")).unwrap();
    let pipe = std::process::Command::new("mkfifo")
        .arg(dir.path().join("pipe"))
        .status();
    assert!(pipe.unwrap().success());
    dir
}

fn judge(command: &str, folder: &Path) -> CommandVerdict {
    judge_command(command, folder)
}

#[test]
fn names_are_handed_on_only_where_no_trap_lies() {
    let dir = project();
    let plain = [
        "find clean -exec cat {} +",
        "find clean -type f -print0 | xargs -0 cat",
        "find clean | xargs wc -l",
        "grep -rl x clean | xargs head -n 3",
        "rg -l x clean | xargs cat",
        "find clean -name '*.rs' -type f -exec cat {} +",
        "find linked -type f -exec cat {} +",
        // It shows nothing of what is in them.
        "find secret -exec wc -l {} +",
        "find odd -print0 | xargs -0 ls -l",
    ];
    for command in plain {
        let verdict = judge(command, dir.path());
        assert_eq!(verdict.decision, Decision::Allow, "{command}: {verdict:?}");
    }
    let trapped = [
        "find secret -exec cat {} +",
        "find secret -type f -print0 | xargs -0 cat",
        "find vendored -type f -exec cat {} +",
        "find linked -exec cat {} +",
        "find linked -name '*.md' -exec cat {} +",
        "find linked -name '*.txt' | xargs cat",
        "find odd | xargs cat",
        "find odd | xargs wc -l",
        "find dash | xargs cat",
        "find at | xargs cat",
        "rg -l x odd | xargs cat",
        "find secret -type f -name '*' -exec cat {} +",
        "find secret -type f -name '.e*' -exec cat {} +",
        "find letters -name '?' -exec cat {} +",
        "find linked -name '*.txt' -exec ls {} +",
        "find . -maxdepth 1 -name pipe -exec cat {} +",
        "grep -rl x linked | xargs cat",
    ];
    for command in trapped {
        let verdict = judge(command, dir.path());
        assert_eq!(verdict.decision, Decision::Ask, "{command}");
    }
}

#[test]
fn a_wildcard_that_matches_a_trap_asks() {
    let dir = project();
    for command in [
        "cat linked/*",
        "cat linked/o*",
        "cat linked/[o]*",
        "for f in linked/*; do cat \"$f\"; done",
        "cd dash && wc *",
        "cd at && strings *x",
        "cd options && awk '{print}' *.txt",
        "grep -v l* linked/*.txt",
        "head -n 1* linked/o*",
        "cat letters/?",
        "sort -k 1* letters/x",
        "grep -v --exclude *.rs linked/a.rs clean/a.rs",
        "cat brackets/\"[l]ink\"*",
        "cat brackets/l[[:lower:]]nk",
    ] {
        let verdict = judge(command, dir.path());
        assert_eq!(verdict.decision, Decision::Ask, "{command}");
    }
    for command in [
        "cat clean/*.rs",
        "cat clean/[a]*",
        "for f in clean/*; do cat \"$f\"; done",
        "cat linked/*.rs",
    ] {
        let verdict = judge(command, dir.path());
        assert_eq!(verdict.decision, Decision::Allow, "{command}: {verdict:?}");
    }
}
