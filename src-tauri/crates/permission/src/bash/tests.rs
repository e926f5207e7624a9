#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{CommandVerdict, Decision, judge_command};

/// A small project to judge commands in.
fn project() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["src", "docs", "config"] {
        std::fs::create_dir(dir.path().join(folder)).unwrap();
    }
    for file in [
        "README.md",
        "src/main.rs",
        "docs/guide.md",
        "docs/my notes.md",
        "package.json",
    ] {
        std::fs::write(dir.path().join(file), "text\n").unwrap();
    }
    dir
}

fn corpus(kind: &str) -> Vec<(PathBuf, Vec<String>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("test_data/bash")
        .join(kind);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|file| (file.clone(), commands(&file)))
        .collect()
}

fn commands(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines
        .map(|line| line["cmd"].as_str().unwrap().to_owned())
        .collect()
}

/// Judges every command of a kind; gives back those that miss.
fn check(kind: &str, fits: impl Fn(&Path, &CommandVerdict) -> bool) {
    let dir = project();
    let mut missed = Vec::new();
    let mut count = 0;
    for (file, commands) in corpus(kind) {
        for command in commands {
            count += 1;
            let verdict = judge_command(&command, dir.path());
            if !fits(&file, &verdict) {
                let name = file.file_stem().unwrap().to_string_lossy().into_owned();
                missed.push(format!(
                    "{name}: {command:?} -> {:?} danger={} {:?} {}",
                    verdict.decision, verdict.danger, verdict.checks, verdict.reason
                ));
            }
        }
    }
    assert!(
        count > 50,
        "the corpus of `{kind}` has {count} commands only"
    );
    assert!(
        missed.is_empty(),
        "{} of {count} missed:\n{}",
        missed.len(),
        missed.join("\n")
    );
}

#[test]
fn plainly_read_only_commands_run_unasked() {
    check("allow", |_, verdict| {
        verdict.decision == Decision::Allow && !verdict.danger && verdict.checks.is_empty()
    });
}

#[test]
fn what_is_not_plain_asks_and_what_is_dangerous_says_so() {
    check("ask", |file, verdict| {
        let dangerous = file
            .file_stem()
            .unwrap()
            .to_string_lossy()
            .starts_with("danger_");
        verdict.decision == Decision::Ask
            && (!dangerous || verdict.danger)
            && !verdict.checks.is_empty()
            && !verdict.reason.is_empty()
    });
}

#[test]
fn ruinous_commands_are_refused() {
    check("deny", |_, verdict| {
        verdict.decision == Decision::Deny && verdict.danger
    });
}
