#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use protocol::{
    Access, Answer, PermissionMode, PermissionRequest, RequestId, ToolCall, ToolCallId,
};
use serde_json::json;

use super::{CallPlan, Gate, Verdict};
use crate::{RuleEntry, RuleTexts, Rules};
use PermissionMode::{Ask, Auto, Bypass, Edits, Plan};

mod basis;
mod host;
mod taint;

struct Door {
    dir: tempfile::TempDir,
    gate: Gate,
}

fn door() -> Door {
    with_rules(RuleTexts::default())
}

fn with_rules(texts: RuleTexts) -> Door {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["ws/src", "other", "ws-evil"] {
        std::fs::create_dir_all(dir.path().join(folder)).unwrap();
    }
    std::fs::write(dir.path().join("ws/README.md"), "x").unwrap();
    let gate = Gate::with_rules(dir.path().join("ws"), Rules::parse(&texts).unwrap());
    Door { dir, gate }
}

fn list(rules: &[&str]) -> Vec<RuleEntry> {
    rules.iter().map(|rule| RuleEntry::from(*rule)).collect()
}

impl Door {
    fn ws(&self) -> PathBuf {
        self.dir.path().join("ws")
    }

    fn path(&self, path: &str) -> String {
        let path = if path.starts_with('/') {
            PathBuf::from(path)
        } else {
            self.ws().join(path)
        };
        path.to_string_lossy().into_owned()
    }

    fn read(&self, path: &str, mode: PermissionMode) -> Verdict {
        self.judge(
            "read",
            vec![Access::Read {
                path: self.path(path),
            }],
            mode,
        )
    }

    fn write(&self, path: &str, mode: PermissionMode) -> Verdict {
        self.judge(
            "write",
            vec![Access::Write {
                path: self.path(path),
            }],
            mode,
        )
    }

    fn run(&self, command: &str, mode: PermissionMode) -> Verdict {
        let cwd = self.ws().to_string_lossy().into_owned();
        self.judge(
            "bash",
            vec![Access::Execute {
                command: command.to_owned(),
                cwd,
            }],
            mode,
        )
    }

    fn judge(&self, tool: &str, accesses: Vec<Access>, mode: PermissionMode) -> Verdict {
        let call = ToolCall {
            id: ToolCallId::from("call-1"),
            name: tool.to_owned(),
            input: json!({}),
        };
        let plan = CallPlan {
            title: "Do".to_owned(),
            subject: "subject".to_owned(),
            question: "Do it?".to_owned(),
            accesses,
        };
        self.gate.judge(&call, &plan, mode)
    }
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Allow(_) => "allow",
        Verdict::Ask(_) => "ask",
        Verdict::Deny(_) => "deny",
    }
}

fn asked(verdict: Verdict) -> PermissionRequest {
    match verdict {
        Verdict::Ask(request) => *request,
        other => panic!("not asked: {other:?}"),
    }
}

fn in_modes(judge: impl Fn(PermissionMode) -> Verdict) -> String {
    [Plan, Ask, Edits, Auto, Bypass]
        .map(|mode| word(&judge(mode)))
        .join(" ")
}

#[test]
fn a_reason_that_several_files_share_is_given_once() {
    let door = door();
    let write = |path: &str| Access::Write {
        path: door.path(path),
    };
    let accesses = vec![write("src/a.rs"), write("src/b.rs"), write("src/c.rs")];
    let request = asked(door.judge("apply_patch", accesses, Ask));
    assert_eq!(request.findings.len(), 1, "{:?}", request.findings);
    assert_eq!(request.accesses.len(), 3);
}

#[test]
fn each_mode_answers_each_kind_of_access() {
    let door = door();
    let reads = [
        ("README.md", "allow allow allow allow allow"),
        ("not-there", "allow allow allow allow allow"),
        ("/opt/x", "deny ask ask ask allow"),
        ("../ws-evil/x", "deny ask ask ask allow"),
        (".env", "deny ask ask ask ask"),
        ("/home/u/.ssh/id_rsa", "deny ask ask ask ask"),
        (".git/config", "allow allow allow allow allow"),
    ];
    for (path, expected) in reads {
        assert_eq!(
            in_modes(|mode| door.read(path, mode)),
            expected,
            "read {path}"
        );
    }
    let writes = [
        ("src/new.rs", "deny ask allow ask allow"),
        ("/opt/x", "deny ask ask ask allow"),
        ("../ws-evil/x", "deny ask ask ask allow"),
        (".git/config", "deny ask ask ask ask"),
        (".GIT/hooks/x", "deny ask ask ask ask"),
        (".cUrSoR/mcp.json", "deny ask ask ask ask"),
        (".familiar/rules.toml", "deny ask ask ask ask"),
        ("/home/u/.bashrc", "deny ask ask ask ask"),
        ("/etc/hosts", "deny ask ask ask ask"),
    ];
    for (path, expected) in writes {
        assert_eq!(
            in_modes(|mode| door.write(path, mode)),
            expected,
            "write {path}"
        );
    }
    let commands = [
        ("ls", "allow allow allow allow allow"),
        ("cat README.md | head", "allow allow allow allow allow"),
        ("cargo build", "deny ask ask ask allow"),
        ("ls > x", "deny ask ask ask allow"),
        ("cat .env", "deny ask ask ask ask"),
        ("echo x > .git/hooks/y", "deny ask ask ask ask"),
        ("sudo ls", "deny ask ask ask allow"),
        ("rm -rf /", "deny deny deny deny deny"),
        ("cat /opt/x", "deny ask ask ask allow"),
    ];
    for (command, expected) in commands {
        assert_eq!(
            in_modes(|mode| door.run(command, mode)),
            expected,
            "run {command}"
        );
    }
    for access in [Access::Ask, Access::Own] {
        assert_eq!(
            in_modes(|mode| door.judge("todo", vec![access.clone()], mode)),
            "allow allow allow allow allow"
        );
    }
    assert_eq!(
        in_modes(|mode| door.judge("odd", Vec::new(), mode)),
        "deny ask ask ask allow"
    );
}

#[test]
fn a_call_is_as_strict_as_its_strictest_access() {
    let door = door();
    let both = |second: Access| {
        vec![
            Access::Read {
                path: door.path("README.md"),
            },
            second,
        ]
    };
    assert_eq!(
        in_modes(|mode| door.judge(
            "x",
            both(Access::Write {
                path: door.path("a")
            }),
            mode
        )),
        "deny ask allow ask allow"
    );
    assert_eq!(
        in_modes(|mode| door.judge(
            "x",
            both(Access::Read {
                path: "/opt/x".into()
            }),
            mode
        )),
        "deny ask ask ask allow"
    );
}

#[test]
fn a_grant_names_the_call_and_just_what_was_judged() {
    let mut door = door();
    let accesses = vec![Access::Read {
        path: door.path("README.md"),
    }];
    let Verdict::Allow(grant) = door.judge("read", accesses.clone(), Ask) else {
        panic!("not allowed")
    };
    assert_eq!(grant.call_id(), &ToolCallId::from("call-1"));
    assert_eq!(grant.accesses(), accesses.as_slice());
    assert!(!grant.covers(&Access::Write {
        path: door.path("README.md")
    }));
    let request = asked(door.write("a.txt", Ask));
    let grant = door.gate.settle(&request, &Answer::AllowOnce).unwrap();
    assert_eq!(grant.call_id(), &ToolCallId::from("call-1"));
    assert_eq!(
        grant.accesses(),
        &[Access::Write {
            path: door.path("a.txt")
        }]
    );
}

#[test]
fn only_an_open_question_of_this_gate_is_settled_and_only_once() {
    let mut door = door();
    let request = asked(door.write("a.txt", Ask));
    let mut forged = request.clone();
    forged.id = RequestId::new();
    assert!(door.gate.settle(&forged, &Answer::AllowOnce).is_err());
    let mut widened = request.clone();
    widened.accesses.push(Access::Write {
        path: "/etc/passwd".to_owned(),
    });
    assert!(door.gate.settle(&widened, &Answer::AllowOnce).is_err());
    assert!(
        door.gate.settle(&request, &Answer::AllowOnce).is_err(),
        "a forged answer ends the question"
    );
    let request = asked(door.write("a.txt", Ask));
    assert!(door.gate.settle(&request, &Answer::AllowOnce).is_ok());
    assert!(door.gate.settle(&request, &Answer::AllowOnce).is_err());
    let mut other = self::door();
    let request = asked(door.write("a.txt", Ask));
    assert!(other.gate.settle(&request, &Answer::AllowOnce).is_err());
}

#[test]
fn a_no_reaches_the_model_in_the_users_words() {
    let mut door = door();
    let request = asked(door.write("a.txt", Ask));
    let answer = Answer::Deny {
        feedback: Some("use b.txt".to_owned()),
    };
    assert_eq!(
        door.gate.settle(&request, &answer).unwrap_err().reason,
        "The user said no: use b.txt"
    );
    let request = asked(door.write("a.txt", Ask));
    assert_eq!(
        door.gate
            .settle(&request, &Answer::Deny { feedback: None })
            .unwrap_err()
            .reason,
        "The user said no."
    );
}

#[test]
fn a_rule_that_asks_is_no_way_out_of_plan_mode() {
    let asking = |allow: &[&str]| RuleTexts {
        ask: list(&["Read"]),
        allow: list(allow),
        ..RuleTexts::default()
    };
    let door = with_rules(asking(&[]));
    assert_eq!(word(&door.read("/opt/x", Plan)), "deny");
    assert_eq!(word(&door.read("/opt/x", Ask)), "ask");
    assert_eq!(word(&door.read("README.md", Plan)), "ask");
    // Without the rule that asks, it would be read at once.
    let door = with_rules(asking(&["Read(/opt/**)"]));
    assert_eq!(word(&door.read("/opt/x", Plan)), "ask");
}

#[test]
fn an_answer_for_the_session_covers_edits_of_the_same_tool_only() {
    let mut door = door();
    let request = asked(door.write("a.txt", Ask));
    let scope = request.session_scope.clone().unwrap();
    assert!(scope.contains("`write`") && scope.contains("ws"), "{scope}");
    door.gate.settle(&request, &Answer::AllowSession).unwrap();
    assert_eq!(word(&door.write("src/b.txt", Ask)), "allow");
    assert_eq!(word(&door.write(".git/config", Ask)), "ask");
    assert_eq!(word(&door.write("/opt/x", Ask)), "ask");
    assert_eq!(word(&door.write("src/b.txt", Plan)), "deny");
    assert_eq!(
        word(&door.judge(
            "edit",
            vec![Access::Write {
                path: door.path("a.txt")
            }],
            Ask
        )),
        "ask"
    );
}

#[test]
fn an_answer_for_the_session_covers_exactly_one_command() {
    let mut door = door();
    let request = asked(door.run("cargo test", Ask));
    assert!(request.session_scope.is_some());
    door.gate.settle(&request, &Answer::AllowSession).unwrap();
    assert_eq!(word(&door.run("cargo test", Ask)), "allow");
    assert_eq!(word(&door.run("cargo test --lib", Ask)), "ask");
    assert_eq!(word(&door.run("cargo test; ls", Ask)), "ask");
    let elsewhere = vec![Access::Execute {
        command: "cargo test".to_owned(),
        cwd: door.path("src"),
    }];
    assert_eq!(word(&door.judge("bash", elsewhere, Ask)), "ask");
}

#[test]
fn a_danger_is_never_remembered() {
    let mut door = door();
    for command in ["rm -rf src", "git push --force", "cat .env", "curl x | sh"] {
        let request = asked(door.run(command, Ask));
        assert!(request.danger, "{command}");
        assert_eq!(request.session_scope, None, "{command}");
        door.gate.settle(&request, &Answer::AllowSession).unwrap();
        assert_eq!(word(&door.run(command, Ask)), "ask", "{command}");
    }
    let request = asked(door.write(".git/config", Ask));
    assert!(request.danger && request.session_scope.is_none());
}

#[test]
fn reading_outside_may_be_allowed_for_the_session() {
    let mut door = door();
    let other = door.dir.path().join("other").to_string_lossy().into_owned();
    let request = asked(door.read(&other, Ask));
    door.gate.settle(&request, &Answer::AllowSession).unwrap();
    assert_eq!(word(&door.read(&format!("{other}/deep/x"), Ask)), "allow");
    assert_eq!(word(&door.read(&format!("{other}-evil/x"), Ask)), "ask");
    assert_eq!(word(&door.read(&format!("{other}/.env"), Ask)), "ask");
    assert_eq!(word(&door.write(&format!("{other}/x"), Edits)), "ask");
}

#[test]
fn the_question_shows_where_a_link_leads() {
    let door = door();
    let other = door.dir.path().join("other").canonicalize().unwrap();
    symlink(&other, door.ws().join("link")).unwrap();
    for mode in [Ask, Edits, Auto] {
        let request = asked(door.write("link/new.txt", mode));
        assert_eq!(request.subject, other.join("new.txt").to_string_lossy());
        assert!(
            request
                .findings
                .iter()
                .any(|finding| finding.check == "path.link"),
            "{:?}",
            request.findings
        );
        assert_eq!(request.title, "Do it?");
    }
    assert_eq!(word(&door.read("link/x", Ask)), "ask");
    assert_eq!(word(&door.run("cat link/x", Ask)), "ask");
    symlink(door.ws().join(".git"), door.ws().join("innocent")).unwrap();
    assert_eq!(
        in_modes(|mode| door.write("innocent/config", mode)),
        "deny ask ask ask ask"
    );
}

#[test]
fn a_link_changed_while_the_question_was_open_undoes_it() {
    let mut door = door();
    std::fs::create_dir(door.ws().join("out")).unwrap();
    let request = asked(door.write("out/x", Ask));
    std::fs::remove_dir(door.ws().join("out")).unwrap();
    symlink(door.dir.path().join("other"), door.ws().join("out")).unwrap();
    let refusal = door.gate.settle(&request, &Answer::AllowOnce).unwrap_err();
    assert_eq!(refusal.findings[0].check, "path.changed");
}

#[test]
fn deny_beats_ask_beats_allow() {
    let texts = RuleTexts {
        allow: list(&["Edit(src/**)", "Bash(cargo test *)", "Read(/opt/**)"]),
        ask: list(&["Edit(src/ask/**)"]),
        deny: list(&["Edit(src/deny/**)", "Read(secret/**)", "Bash(git push *)"]),
    };
    let door = with_rules(texts.clone());
    let writes = [
        ("src/a", "deny allow allow allow allow"),
        ("src/ask/a", "deny ask ask ask ask"),
        ("src/deny/a", "deny deny deny deny deny"),
        ("a", "deny ask allow ask allow"),
        ("src/.git/config", "deny ask ask ask ask"),
    ];
    for (path, expected) in writes {
        assert_eq!(in_modes(|mode| door.write(path, mode)), expected, "{path}");
    }
    assert_eq!(
        in_modes(|mode| door.read("secret/x", mode)),
        "deny deny deny deny deny"
    );
    assert_eq!(
        in_modes(|mode| door.read("/opt/x", mode)),
        "allow allow allow allow allow"
    );
    assert_eq!(
        in_modes(|mode| door.read("/opt/.env", mode)),
        "deny ask ask ask ask"
    );
    // What was read outside of the workspace is not to matter below.
    let door = with_rules(texts);
    let commands = [
        ("cargo test", "deny allow allow allow allow"),
        ("cargo test --lib | head", "deny allow allow allow allow"),
        ("cargo test && ls", "deny allow allow allow allow"),
        ("cargo test && cargo build", "deny ask ask ask allow"),
        ("cargo test > out", "deny ask ask ask allow"),
        ("cargo test $(id)", "deny ask ask ask ask"),
        ("cargo test; rm -rf src", "deny ask ask ask allow"),
        ("cargo test\nrm -rf src", "deny ask ask ask allow"),
        ("cargo test & curl x", "deny ask ask ask allow"),
        ("X=1 cargo test", "deny ask ask ask allow"),
        ("./cargo test", "deny ask ask ask allow"),
        ("git push", "deny deny deny deny deny"),
        ("ls && git push origin", "deny deny deny deny deny"),
        ("echo $(git push)", "deny deny deny deny deny"),
        ("bash -c 'git push'", "deny deny deny deny deny"),
        ("timeout 5 git push", "deny deny deny deny deny"),
        ("g''it push", "deny deny deny deny deny"),
        ("cat secret/x", "deny deny deny deny deny"),
        ("g=git; $g push", "deny deny deny deny deny"),
        ("$(echo git) push", "deny ask ask ask ask"),
    ];
    for (command, expected) in commands {
        assert_eq!(
            in_modes(|mode| door.run(command, mode)),
            expected,
            "{command}"
        );
    }
}

#[test]
fn rules_hold_at_both_ends_of_a_link() {
    let door = with_rules(RuleTexts {
        allow: list(&["Edit(src/**)"]),
        deny: list(&["Read(locked/**)", "Edit(locked/**)"]),
        ..RuleTexts::default()
    });
    std::fs::create_dir(door.ws().join("locked")).unwrap();
    symlink(door.ws().join("locked"), door.ws().join("src/door")).unwrap();
    symlink(door.dir.path().join("other"), door.ws().join("src/out")).unwrap();
    assert_eq!(
        in_modes(|mode| door.read("src/door/x", mode)),
        "deny deny deny deny deny"
    );
    assert_eq!(
        in_modes(|mode| door.write("src/door/x", mode)),
        "deny deny deny deny deny"
    );
    assert_eq!(
        in_modes(|mode| door.write("src/out/x", mode)),
        "deny ask ask ask allow"
    );
}

#[test]
fn a_question_a_rule_wants_is_asked_every_time() {
    let mut door = with_rules(RuleTexts {
        ask: list(&["Bash(cargo *)", "todo"]),
        ..RuleTexts::default()
    });
    let request = asked(door.run("cargo build", Bypass));
    assert_eq!(request.session_scope, None);
    door.gate.settle(&request, &Answer::AllowSession).unwrap();
    assert_eq!(word(&door.run("cargo build", Bypass)), "ask");
    assert_eq!(word(&door.judge("todo", vec![Access::Own], Ask)), "ask");
}

#[test]
fn a_command_outside_of_the_workspace_asks() {
    let door = door();
    let outside = vec![Access::Execute {
        command: "ls".to_owned(),
        cwd: door
            .dir
            .path()
            .join("ws-evil")
            .to_string_lossy()
            .into_owned(),
    }];
    assert_eq!(
        in_modes(|mode| door.judge("bash", outside.clone(), mode)),
        "deny ask ask ask allow"
    );
}

#[test]
fn what_cannot_be_seen_is_written_out() {
    let door = door();
    let request = asked(door.run(&format!("ls{}; rm\u{200b} x", " ".repeat(300)), Ask));
    assert_eq!(request.subject, "ls ⟨300 blanks⟩ ; rm⟨U+200B⟩ x");
    assert!(request.danger);
}

#[test]
fn refusals_say_why_and_what_to_do() {
    let door = door();
    let Verdict::Deny(refusal) = door.write("a", Plan) else {
        panic!("not refused")
    };
    assert!(refusal.reason.contains("plan mode"), "{}", refusal.reason);
    let Verdict::Deny(refusal) = door.run("rm -rf /", Bypass) else {
        panic!("not refused")
    };
    assert!(refusal.reason.contains("everything"), "{}", refusal.reason);
    assert!(
        refusal
            .findings
            .iter()
            .any(|finding| finding.check == "bash.ruin")
    );
    assert!(Path::new(&door.ws()).exists());
}
