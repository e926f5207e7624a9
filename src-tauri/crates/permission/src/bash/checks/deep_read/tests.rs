#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use crate::bash::{Decision, judge_command};

/// A project with secrets among its files, and a link that leads out.
fn project() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["src", "certs/deep", "docs", "clean"] {
        std::fs::create_dir_all(dir.path().join(folder)).unwrap();
    }
    std::fs::create_dir_all(dir.path().join("deep/a/b/c/d/e")).unwrap();
    std::fs::write(dir.path().join("deep/a/b/c/d/e/.env"), "text\n").unwrap();
    for file in [".env", "src/main.rs", "certs/deep/server.pem", "clean/x.rs"] {
        std::fs::write(dir.path().join(file), "text\n").unwrap();
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/hosts", dir.path().join("docs/README.md")).unwrap();
    dir
}

#[test]
fn searches_that_open_secrets_ask() {
    let dir = project();
    for command in [
        "grep -r x .",
        "grep -d recurse x .",
        "egrep -nd rec x certs",
        "fgrep -drecurse x certs",
        "grep -r x c*",
        "grep -h -r x cert?/",
        "rg x certs",
        "rg x c*",
        "rg -g '*' x",
        "rg -g '**' x",
        "rg -ng '*' x",
        "rg -g.env x",
        "rg --iglob .ENV x",
        "rg -g '.e*' x src",
        "rg --glob='*.pem' x src",
        "rg x src -g '**/.env'",
        "rg --hidden x",
        "grep -r --include='.env*' x src",
        "grep -r -f src/main.rs",
        "grep -rf src/main.rs",
        "grep -r -e x -f src/main.rs",
        "grep -r --exclude-from=src/main.rs x",
        "grep -rv -e --include=zzz .",
        "grep -rv --regexp --include=zzz .",
        "grep -r --exclude --include=zzz x .",
        "grep -r --include='[[:punct:]]env' x .",
        "grep -r x --include='**' --include='*.rs' .",
        "grep -r x --include='!*' --include='*.rs' .",
        "grep -r -e x --color -e '--include=*.rs' .",
        "true | grep -r x",
        "grep -r x deep",
        #[cfg(unix)]
        "diff src/main.rs docs",
        #[cfg(unix)]
        "diff docs clean",
    ] {
        let verdict = judge_command(command, dir.path());
        assert_eq!(verdict.decision, Decision::Ask, "{command}");
    }
}

#[test]
fn searches_that_do_not_are_plain() {
    let dir = project();
    for command in [
        "grep -r x src",
        "grep -rn --include='*.rs' x .",
        "rg x src",
        "rg -g '*.rs' x src",
        "rg -g '!target' x clean",
        "cat src/main.rs | rg x",
        "rg --files",
        "diff src clean",
    ] {
        let verdict = judge_command(command, dir.path());
        assert_eq!(
            (verdict.decision, verdict.reason),
            (
                Decision::Allow,
                "It only reads, inside the workspace.".to_owned()
            ),
            "{command}"
        );
    }
}

#[test]
fn a_login_in_the_settings_of_git_is_a_secret() {
    let dir = project();
    let config = dir.path().join(".git/config");
    std::fs::create_dir_all(config.parent().unwrap()).unwrap();
    let judge = |text: &str, command: &str| {
        std::fs::write(&config, text).unwrap();
        judge_command(command, dir.path()).danger
    };
    let plain = "[remote \"origin\"]\n\turl = https://example.org/x\n";
    let login = "[remote \"origin\"]\n\turl = https://token@example.org/x\n";
    std::fs::remove_file(dir.path().join(".env")).unwrap();
    std::fs::remove_dir_all(dir.path().join("certs")).unwrap();
    std::fs::remove_dir_all(dir.path().join("deep")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("../.git/config", dir.path().join("clean/c.txt")).unwrap();
    for command in [
        "cat .git/config",
        "cat .git/conf*",
        "head .git/config",
        "grep -r url .git",
        "cd .git && grep -r url",
        "grep -r url .",
        "grep -r url --include=config .",
        "diff -rN .git src",
        #[cfg(unix)]
        "cat clean/*.txt",
        #[cfg(unix)]
        "for f in clean/*; do cat \"$f\"; done",
        #[cfg(unix)]
        "find clean -name '*.txt' -exec cat {} +",
    ] {
        assert!(!judge(plain, command), "{command}");
        assert!(judge(login, command), "{command}");
    }
}

#[test]
fn a_search_that_is_told_to_read_hidden_files_asks() {
    let dir = project();
    std::fs::remove_dir_all(dir.path().join("certs")).unwrap();
    let decides = |text: &str| {
        std::fs::write(dir.path().join("src/.ignore"), text).unwrap();
        std::fs::write(dir.path().join("src/.env"), "text\n").unwrap();
        judge_command("rg x src", dir.path()).decision
    };
    assert_eq!(decides("*.log\n"), Decision::Allow);
    assert_eq!(decides("!keep.log\n"), Decision::Allow);
    assert_eq!(decides("!.env\n"), Decision::Ask);
    assert_eq!(decides("!.en?\n"), Decision::Ask);
}

#[cfg(unix)]
#[test]
fn comparing_folders_follows_no_link_to_a_secret() {
    let dir = project();
    std::os::unix::fs::symlink("../.env", dir.path().join("clean/n.txt")).unwrap();
    for command in [
        "diff clean src",
        "diff -N clean src",
        "diff clean src/main.rs",
        "diff c* src",
    ] {
        let verdict = judge_command(command, dir.path());
        assert_eq!(verdict.decision, Decision::Ask, "{command}");
    }
}
