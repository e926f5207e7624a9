//! Attacks on coding agents that were made public, one test each, named
//! after its advisory. The comment of a test names the guards it holds: it
//! fails when one of them is taken out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod boundary;
mod changelog;
mod filters;
mod governance;

use std::path::PathBuf;

use permission::{CallPlan, Decision, Gate, RuleTexts, Rules, Verdict, judge_command};
use protocol::{Access, PermissionMode, PermissionRequest, ToolCall, ToolCallId};
use serde_json::{Value, json};

/// Every mode in which something may run.
const ACTING: [PermissionMode; 4] = [
    PermissionMode::Ask,
    PermissionMode::Edits,
    PermissionMode::Auto,
    PermissionMode::Bypass,
];

/// A small project beside another folder, and the gate in front of it.
struct Door {
    dir: tempfile::TempDir,
    gate: Gate,
}

impl Door {
    fn new() -> Self {
        Self::with_rules(&[], &[])
    }

    fn with_rules(allow: &[&str], deny: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["ws/src", "ws-evil"] {
            std::fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        for file in ["ws/README.md", "ws/src/main.rs", "ws-evil/x"] {
            std::fs::write(dir.path().join(file), "text\n").unwrap();
        }
        let list = |rules: &[&str]| rules.iter().map(|rule| (*rule).into()).collect();
        let texts = RuleTexts {
            allow: list(allow),
            deny: list(deny),
            ..RuleTexts::default()
        };
        let rules = Rules::parse(&texts).unwrap();
        let root = dir.path().canonicalize().unwrap().join("ws");
        let gate = Gate::with_rules(root, rules);
        Self { dir, gate }
    }

    fn ws(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join("ws")
    }

    fn judge(&self, tool: &str, input: Value, access: Access, mode: PermissionMode) -> Verdict {
        let call = ToolCall {
            id: ToolCallId::from("call-1"),
            name: tool.to_owned(),
            input,
        };
        let plan = CallPlan {
            title: "Do".to_owned(),
            subject: "subject".to_owned(),
            question: "Do it?".to_owned(),
            accesses: vec![access],
        };
        self.gate.judge(&call, &plan, mode)
    }

    fn run(&self, command: &str, mode: PermissionMode) -> Verdict {
        let access = Access::Execute {
            command: command.to_owned(),
            cwd: self.ws().display().to_string(),
        };
        self.judge("bash", json!({}), access, mode)
    }

    fn read(&self, path: &str, mode: PermissionMode) -> Verdict {
        let path = self.ws().join(path).display().to_string();
        self.judge("read", json!({}), Access::Read { path }, mode)
    }

    fn write(&self, path: &str, mode: PermissionMode) -> Verdict {
        let path = self.ws().join(path).display().to_string();
        self.judge("edit", json!({}), Access::Write { path }, mode)
    }

    /// A link in the project.
    fn link(&self, name: &str, target: &str) {
        std::os::unix::fs::symlink(target, self.ws().join(name)).unwrap();
    }
}

fn asked(verdict: Verdict) -> PermissionRequest {
    match verdict {
        Verdict::Ask(request) => *request,
        other => panic!("not asked: {other:?}"),
    }
}

fn is_allowed(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Allow(_))
}

fn is_denied(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Deny(_))
}

/// Each command is held back, and this check calls it dangerous.
fn dangers(cases: &[(&str, &str)]) {
    held(cases, true);
}

/// Each command is held back by this check.
fn asks(cases: &[(&str, &str)]) {
    held(cases, false);
}

fn held(cases: &[(&str, &str)], as_danger: bool) {
    let door = Door::new();
    for (command, check) in cases {
        let verdict = judge_command(command, &door.ws());
        assert_ne!(verdict.decision, Decision::Allow, "{command:?}");
        let mut found = verdict.findings.iter();
        assert!(
            found.any(|finding| finding.check == *check && (finding.danger || !as_danger)),
            "{command:?}: {check} is not among {:?}",
            verdict.findings
        );
    }
}

/// Each command runs unasked: the guard holds back no more than it should.
fn passes(commands: &[&str]) {
    let door = Door::new();
    for command in commands {
        let verdict = judge_command(command, &door.ws());
        assert_eq!(
            verdict.decision,
            Decision::Allow,
            "{command:?}: {verdict:?}"
        );
    }
}
