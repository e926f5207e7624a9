//! The program `fam` as scripts use it: flags in, lines and exit codes out.

use std::io::Write;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};
use testkit::{ModelServer, Reply, Script, Workspace};

use crate::installed::installed;

/// With a home, a workspace and a server of its own.
pub struct Fam {
    home: tempfile::TempDir,
    pub workspace: Workspace,
    pub server: ModelServer,
}

impl Fam {
    pub fn new(script: impl Into<Script>) -> Self {
        let workspace = Workspace::new().with_file("notes.txt", "one\ntwo\n");
        Self::within(workspace, script)
    }

    /// The same in a workspace that is there already.
    pub fn within(workspace: Workspace, script: impl Into<Script>) -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            workspace,
            server: ModelServer::start_blocking(script),
        }
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(&installed("FAM_BIN", "release/fam"), arguments)
    }

    /// The same with a copy of the program.
    pub fn command_of(&self, program: &std::path::Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.workspace.root())
            .env("FAMILIAR_HOME", self.home.path())
            .env("ANTHROPIC_API_KEY", "none-needed")
            .env("ANTHROPIC_BASE_URL", self.server.base_url())
            .stdin(Stdio::null());
        command
    }

    pub fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    pub fn call(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What it prints when all goes well.
    fn says(&self, arguments: &[&str]) -> String {
        let output = self.call(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn with_input(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = piped(self.command(arguments).stdin(Stdio::piped()));
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap()
    }
}

fn piped(command: &mut Command) -> Child {
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The model wants this command run.
pub fn bash(command: &str) -> Reply {
    Reply::tool("bash", json!({ "command": command }))
}

#[test]
fn exit_codes_tell_how_it_ended() {
    let check = |script: Vec<Reply>, arguments: &[&str], code: i32| {
        let output = Fam::new(script).call(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
    };
    check(vec![Reply::text("Hello.")], &["run", "hello"], 0);
    check(vec![Reply::status(401)], &["run", "hello"], 1);
    check(vec![], &["run", "--provider", "nobody", "hello"], 2);
    check(vec![], &["run", "--max-cost", "-1", "hello"], 2);
    check(vec![], &["run", " "], 2);
    check(
        vec![bash("true"), bash("true")],
        &[
            "run",
            "--permission-mode",
            "bypass",
            "--max-turns",
            "1",
            "go",
        ],
        3,
    );
    check(vec![bash("rm notes.txt")], &["run", "go"], 3);
}

#[cfg(unix)]
#[test]
fn an_interrupt_cancels_and_says_so() {
    let fam = Fam::new(vec![bash("sleep 30")]);
    let child = piped(&mut fam.command(&["run", "--json", "--permission-mode", "bypass", "go"]));
    let waited = std::time::Instant::now();
    while fam.server.requests().is_empty() {
        assert!(waited.elapsed().as_secs() < 30, "no request came");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let id = i32::try_from(child.id()).unwrap();
    // SAFETY: a signal to a child that has not been waited for.
    assert_eq!(unsafe { libc::kill(id, libc::SIGINT) }, 0);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let last = events(&output).pop().unwrap();
    assert_eq!(last["reason"], "cancelled");
}

/// The lines of `--json`.
pub fn events(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn json_is_one_event_a_line_numbered_without_gaps() {
    let fam = Fam::new(vec![bash("cat notes.txt"), Reply::text("Two lines.")]);
    let output = fam.with_input(&["run", "--json", "-"], "what is in the notes?");
    assert!(output.status.success());
    let events = events(&output);
    let numbers: Vec<u64> = events
        .iter()
        .map(|event| event["seq"].as_u64().unwrap())
        .collect();
    let counted: Vec<u64> = (numbers[0]..).take(numbers.len()).collect();
    assert_eq!(numbers, counted);
    let kinds: Vec<&str> = events
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    for kind in ["turn_started", "message_added", "tool_call_finished"] {
        assert!(kinds.contains(&kind), "{kind} is not among {kinds:?}");
    }
    assert_eq!(kinds.last(), Some(&"turn_finished"));
}

#[test]
fn a_session_is_resumed_listed_found_and_written_out() {
    let fam = Fam::new(vec![Reply::text("Blue."), Reply::text("As I said.")]);
    fam.says(&["run", "what colour is the sky"]);
    let list: Value = serde_json::from_str(&fam.says(&["session", "list", "--json"])).unwrap();
    let id = list[0]["id"].as_str().unwrap();
    fam.says(&["run", "--resume", &id[..8], "again"]);
    let second = &fam.server.requests()[1];
    assert_eq!(second.body["messages"].as_array().unwrap().len(), 3);
    assert!(fam.says(&["session", "search", "colour"]).contains(id));
    let shown = fam.says(&["session", "show", id]);
    assert!(shown.contains("Blue.") && shown.contains("As I said."));
    let missing = fam.call(&["run", "--resume", "nothing-like-it", "again"]);
    assert_eq!(missing.status.code(), Some(1));
}

#[test]
fn files_go_back_to_before_a_request_and_forth_again() {
    let fam = Fam::new(vec![
        bash("echo 1 > notes.txt; echo x > new.txt"),
        Reply::text("Done."),
        bash("rm notes.txt"),
        Reply::text("Done."),
    ]);
    let notes = || std::fs::read_to_string(fam.workspace.path("notes.txt")).ok();
    fam.says(&["run", "--permission-mode", "bypass", "first"]);
    let list: Value = serde_json::from_str(&fam.says(&["session", "list", "--json"])).unwrap();
    let id = list[0]["id"].as_str().unwrap();
    fam.says(&[
        "run",
        "--resume",
        id,
        "--permission-mode",
        "bypass",
        "second",
    ]);
    assert_eq!(notes(), None);

    let plan = fam.says(&["session", "rewind", id, "--to", "1", "--dry-run"]);
    assert!(
        plan.contains("create   notes.txt") && plan.contains("delete   new.txt"),
        "{plan}"
    );
    assert_eq!(notes(), None, "a plan changes nothing");
    fam.says(&["session", "rewind", id, "--to", "1"]);
    assert_eq!(notes().as_deref(), Some("one\ntwo\n"));
    assert!(!fam.workspace.path("new.txt").exists());
    fam.says(&["session", "undo", id]);
    assert_eq!(notes(), None);
    fam.says(&["session", "redo", id]);
    assert_eq!(notes().as_deref(), Some("one\ntwo\n"));

    fam.says(&["session", "rewind", id, "--scope", "chat"]);
    let shown = fam.says(&["session", "show", id]);
    assert!(
        shown.contains("first") && !shown.contains("second"),
        "{shown}"
    );
    let beyond = fam.call(&["session", "rewind", id, "--to", "9"]);
    assert_eq!(beyond.status.code(), Some(2));
}

#[test]
fn permission_test_judges_and_runs_nothing() {
    let fam = Fam::new(Vec::new());
    let lines = "{\"cmd\":\"ls -la\"}\n{\"cmd\":\"rm -rf notes.txt; touch made\"}\n";
    let output = fam.with_input(&["permission", "test", "--jsonl"], lines);
    assert!(output.status.success());
    let verdicts = events(&output);
    let decisions: Vec<&Value> = verdicts.iter().map(|one| &one["decision"]).collect();
    assert_eq!(decisions, ["allow", "ask"]);
    for field in ["cmd", "decision", "danger", "checks", "reason"] {
        assert!(!verdicts[1][field].is_null(), "{field}");
    }
    assert!(fam.workspace.path("notes.txt").exists() && !fam.workspace.path("made").exists());
    let broken = fam.with_input(&["permission", "test", "--jsonl"], "{\"cmd\"\n");
    assert_eq!(events(&broken)[0]["decision"], "deny");
}
