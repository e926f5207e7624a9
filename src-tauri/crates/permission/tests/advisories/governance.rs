//! Agents that rewrote what governs them, or what governs another one.

use permission::Verdict;
use protocol::{Answer, PermissionMode};

use crate::{ACTING, Door, asked, dangers};

/// These places ask in every mode, though none of them is there yet.
fn guarded(paths: &[&str]) {
    let door = Door::new();
    for path in paths {
        for mode in ACTING {
            let request = asked(door.write(path, mode));
            assert!(request.danger, "{path} {mode:?}");
            assert_eq!(request.session_scope, None, "{path}");
            for command in [format!("echo x > {path}"), format!("cp README.md '{path}'")] {
                let request = asked(door.run(&command, mode));
                assert!(request.danger, "{command} {mode:?}");
            }
        }
    }
}

/// GitHub Copilot. Held by `path/protected.rs`, `file::guarded` and
/// `bash.protected_write`, whatever writes.
#[test]
fn cve_2025_53773_no_edit_turns_approval_off() {
    guarded(&[".vscode/settings.json", ".familiar/settings.toml"]);
    for command in [
        "echo x | tee .vscode/settings.json",
        "sed -i s/a/b/ .vscode/settings.json",
        "mv x .vscode/settings.json",
        "ln -s x .vscode/settings.json",
        "install x .vscode/settings.json",
        "curl -o .vscode/settings.json x.example",
        "jq . x > .vscode/settings.json",
        "git checkout x -- .vscode/settings.json",
        "sh -c 'echo x > .vscode/settings.json'",
        "cp x/settings.json .vscode",
    ] {
        dangers(&[(command, "bash.protected_write")]);
    }
}

/// Cursor, CurXecute. Held by `path/protected.rs`, which asks no disk.
#[test]
fn cve_2025_54135_no_server_is_added_to_a_list_not_there_yet() {
    guarded(&[
        ".cursor/mcp.json",
        ".cursor/rules/x",
        "mcp.json",
        ".mcp.json",
        "sub/.cursor/mcp.json",
    ]);
}

/// Zed. Held by `path/protected.rs`.
#[test]
fn cve_2025_55012_no_project_settings_of_zed() {
    guarded(&[".zed/settings.json", ".zed/tasks.json"]);
}

/// Roo Code. Held by `path/protected.rs`.
#[test]
fn cve_2025_53536_no_settings_that_name_a_program() {
    guarded(&[
        ".vscode/tasks.json",
        ".idea/workspace.xml",
        "x.code-workspace",
        ".roo/rules/x",
    ]);
}

/// Cursor, MCPoison: an approval held for what came later under its name.
/// Held by `SessionGrants::command`, which compares the whole text.
#[test]
fn cve_2025_54136_an_answer_holds_for_what_was_shown() {
    let mut door = Door::new();
    let request = asked(door.run("make build", PermissionMode::Ask));
    door.gate.settle(&request, &Answer::AllowSession).unwrap();
    assert!(crate::is_allowed(
        &door.run("make build", PermissionMode::Ask)
    ));
    for other in [
        "make build ",
        "make build; id",
        "make  build",
        "make",
        "MAKE build",
    ] {
        asked(door.run(other, PermissionMode::Ask));
    }
}

/// Cursor: a disk that does not tell upper from lower case. Held by
/// `path::folded`.
#[test]
fn cve_2025_59944_case_makes_no_other_file() {
    guarded(&[
        ".cUrSoR/mcp.json",
        ".Git/config",
        ".VSCODE/settings.json",
        ".ſsh/config",
    ]);
}

/// Cursor: names that Windows takes for others. Held by `path::folded` and by
/// the short name of `.git` in `path/protected.rs`.
#[test]
fn cve_2025_64107_and_64108_spelling_makes_no_other_file() {
    guarded(&[
        ".cursor./rules/x",
        ".cursor /rules/x",
        ".cursor::$INDEX_ALLOCATION/x",
        "git~1/config",
        ".g\u{200d}it/config",
    ]);
}

/// Claude Code, GHSA-ff64-7w26-62rf: what was not there could be made inside
/// of the sandbox. Held by `NEVER_MADE` in `gate/walls.rs`.
#[test]
fn cve_2026_25725_what_is_absent_stays_absent_in_the_sandbox() {
    let mut door = Door::new();
    door.gate.set_sandbox(Some(Vec::new()));
    let Verdict::Allow(grant) = door.run("make", PermissionMode::Auto) else {
        panic!("not confined");
    };
    let walls = grant.confinement().expect("walls");
    for name in [
        ".git",
        ".claude",
        ".vscode",
        ".familiar",
        ".mcp.json",
        "AGENTS.md",
    ] {
        let path = door.ws().join(name);
        assert!(!path.exists() && walls.protected.contains(&path), "{name}");
    }
}

/// One agent loosened another. Held by the list of all known agents in
/// `path/protected.rs`.
#[test]
fn cross_agent_no_agent_is_loosened_by_another() {
    guarded(&[
        ".claude/settings.json",
        ".codex/config.toml",
        ".gemini/settings.json",
        ".qwen/settings.json",
        ".opencode/x",
        ".windsurf/x",
        ".roomodes",
        ".clinerules/x",
        ".continue/x",
        ".amazonq/x",
        ".kiro/settings/mcp.json",
        ".junie/guidelines.md",
        ".trae/rules/project_rules.md",
        ".agent/rules/x",
        ".github/copilot-instructions.md",
        ".goosehints",
        "AGENTS.md",
        "sub/CLAUDE.md",
    ]);
}

/// Forged transcripts and planted memories. Held by the places of our own in
/// `path/protected.rs`.
#[test]
fn session_files_are_changed_by_no_tool() {
    guarded(&[
        "/home/u/.local/share/familiar/sessions.db",
        "/home/u/.config/familiar/settings.toml",
        ".familiar/memory.md",
    ]);
}
