#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

pub(super) mod oracle;

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{CommandVerdict, Decision, judge_command};

/// A small project to judge commands in.
fn project() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["src", "docs", "config"] {
        std::fs::create_dir(dir.path().join(folder)).unwrap();
    }
    for folder in [".git/objects", ".git/refs"] {
        std::fs::create_dir_all(dir.path().join(folder)).unwrap();
    }
    std::fs::write(dir.path().join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
    std::fs::write(dir.path().join(".git/config"), "[core]\n\tbare = false\n").unwrap();
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

const SHELL_WORDS: &[&str] = &[
    "cd", "export", "\\", "for", "if", "while", "until", "case", "select", "function", "coproc",
    "time", "[[",
];

#[test]
fn a_wrapper_makes_no_command_plainer() {
    let dir = project();
    let kinds = ["allow", "ask", "deny"].into_iter().flat_map(corpus);
    let (mut allowed, mut plainer) = (0, Vec::new());
    // Behind a wrapper a keyword or an assignment is the name of a program.
    let is_program = |command: &String| {
        let first = command.split([' ', '\n']).next().unwrap_or_default();
        !first.contains(['=', '{', '(', '!', '>']) && !SHELL_WORDS.contains(&first)
    };
    let commands = kinds.flat_map(|(_, commands)| commands).filter(is_program);
    for command in commands {
        let bare = judge_command(&command, dir.path());
        for wrapper in [
            "timeout 5",
            "nice -n 3",
            "env LC_ALL=C",
            "command",
            "stdbuf -oL",
        ] {
            let wrapped = judge_command(&format!("{wrapper} {command}"), dir.path());
            let is_held = wrapped.decision >= bare.decision.min(Decision::Ask);
            if !is_held || (bare.danger && !wrapped.danger) {
                plainer.push(format!("{wrapper} {command:?}: {:?}", bare.checks));
            }
            allowed += usize::from(wrapped.decision == Decision::Allow);
        }
    }
    assert!(plainer.is_empty(), "{}", plainer.join("\n"));
    assert!(allowed > 500, "{allowed}");
}

#[test]
fn ruinous_commands_are_refused() {
    check("deny", |_, verdict| {
        verdict.decision == Decision::Deny && verdict.danger
    });
}

/// Random numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

#[test]
fn any_piece_of_a_command_is_read_without_a_crash() {
    let dir = project();
    let mut dice = Dice(11);
    let kinds = ["allow", "ask", "deny"].into_iter().flat_map(corpus);
    for command in kinds.flat_map(|(_, commands)| commands) {
        let chars: Vec<char> = command.chars().take(200).collect();
        let (a, b) = (dice.roll(chars.len() + 1), dice.roll(chars.len() + 1));
        let cut: String = chars[a.min(b)..a.max(b)].iter().collect();
        let mut swapped = chars;
        for (at, c) in [(a, '\\'), (b, '$')] {
            swapped.get_mut(at).into_iter().for_each(|place| *place = c);
        }
        judge_soundly(&cut, dir.path());
        judge_soundly(&swapped.into_iter().collect::<String>(), dir.path());
    }
}

/// Every span lies in the text, and the same text gets the same answer.
fn judge_soundly(text: &str, workspace: &Path) {
    let verdict = judge_command(text, workspace);
    for span in verdict.findings.iter().filter_map(|finding| finding.span) {
        assert!(
            span.start <= span.end && span.end <= text.len(),
            "{text:?} {span:?}"
        );
    }
    assert_eq!(
        verdict,
        judge_command(text, workspace),
        "the answer changed"
    );
}

#[test]
fn a_finding_points_at_its_part_of_the_command() {
    let dir = project();
    for (command, check, part) in [
        ("ls && echo $(id)", "bash.substitution", "$(id)"),
        ("ls > out.txt", "bash.redirect", "> out.txt"),
        (
            "cat README.md ~/.ssh/id_rsa",
            "bash.secret_read",
            "~/.ssh/id_rsa",
        ),
        ("ls; rm -rf src; ls", "bash.destroy", "rm -rf src"),
        ("ls é | sh", "bash.pipe_to_shell", "sh"),
        ("é \u{1}", "bash.unparsed", "é"),
    ] {
        let verdict = judge_command(command, dir.path());
        let finding = verdict
            .findings
            .iter()
            .find(|finding| finding.check == check)
            .unwrap();
        let span = finding.span.unwrap();
        assert_eq!(&command[span.start..span.end], part, "{command}");
    }
}
