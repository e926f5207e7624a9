#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::{Ground, Place, normal, protected, secret};

/// `ws`, a sibling `ws-evil` and a folder `other` in one temp dir.
fn grounds() -> (tempfile::TempDir, PathBuf, Ground) {
    let dir = tempfile::tempdir().unwrap();
    let ws = dir.path().join("ws");
    for folder in ["ws/src", "ws-evil", "other"] {
        std::fs::create_dir_all(dir.path().join(folder)).unwrap();
    }
    let ground = Ground::new(&ws);
    (dir, ws, ground)
}

fn look(ground: &Ground, path: &Path) -> Place {
    ground.place(path, ground.root())
}

#[test]
fn paths_compare_by_whole_components() {
    let (dir, ws, ground) = grounds();
    let cases = [
        (ws.join("src/main.rs"), true),
        (ws.join("./src/../new.rs"), true),
        (ws.join("not/yet/there.rs"), true),
        (dir.path().join("ws-evil/x"), false),
        (ws.join("../ws-evil/x"), false),
        (ws.join("src/../../other/x"), false),
        (PathBuf::from("src/main.rs"), true),
        (PathBuf::from("../other"), false),
        (PathBuf::from("/"), false),
        (ws.join("../ws/src"), true),
    ];
    for (path, inside) in cases {
        assert_eq!(look(&ground, &path).inside, inside, "{}", path.display());
    }
}

#[test]
fn links_are_followed_in_parents_and_when_they_dangle() {
    let (dir, ws, ground) = grounds();
    symlink(dir.path().join("other"), ws.join("folder")).unwrap();
    symlink(dir.path().join("other/not-there"), ws.join("dangling")).unwrap();
    symlink("src", ws.join("within")).unwrap();
    symlink("loop", ws.join("loop")).unwrap();
    let other = dir.path().join("other").canonicalize().unwrap();
    let place = look(&ground, &ws.join("folder/new/file"));
    assert!(!place.inside && place.linked);
    assert_eq!(place.resolved, other.join("new/file"));
    let place = look(&ground, &ws.join("dangling"));
    assert!(!place.inside && place.linked);
    assert_eq!(place.resolved, other.join("not-there"));
    let place = look(&ground, &ws.join("within/main.rs"));
    assert!(place.inside && place.linked);
    let place = look(&ground, &ws.join("loop/x"));
    assert!(!place.inside && !place.known);
    // The kernel climbs from where the link leads, not from its name.
    let place = look(&ground, &ws.join("folder/../ws/src"));
    assert_eq!(place.resolved, ground.root().join("src"));
}

#[test]
fn a_workspace_behind_a_link_is_the_same_workspace() {
    let (dir, ws, _) = grounds();
    let alias = dir.path().join("alias");
    symlink(&ws, &alias).unwrap();
    let ground = Ground::new(&alias);
    for path in [
        alias.join("src/x"),
        ws.canonicalize().unwrap().join("src/x"),
        PathBuf::from("src/x"),
    ] {
        let place = look(&ground, &path);
        assert!(place.inside && !place.linked, "{}", path.display());
    }
}

#[test]
fn a_file_with_two_names_is_noticed() {
    let (dir, ws, ground) = grounds();
    let original = dir.path().join("other/file");
    std::fs::write(&original, "x").unwrap();
    std::fs::hard_link(&original, ws.join("second")).unwrap();
    std::fs::write(ws.join("single"), "x").unwrap();
    assert!(look(&ground, &ws.join("second")).hard_linked());
    assert!(!look(&ground, &ws.join("single")).hard_linked());
    assert!(!look(&ground, &ws.join("src")).hard_linked());
}

#[test]
fn protected_places_are_known_under_any_spelling() {
    let yes = [
        "/w/.git",
        "/w/.git/config",
        "/w/.git/hooks/pre-commit",
        "/w/sub/.GIT/config",
        "/w/.Git/x",
        "/w/.git./x",
        "/w/.git /x",
        "/w/.g\u{200c}it/config",
        "/w/.git::$INDEX/x",
        "/w/git~1/config",
        "/w/.claude/settings.json",
        "/w/.cUrSoR/mcp.json",
        "/w/.codex/config.toml",
        "/w/.vscode/settings.json",
        "/w/.v\u{17f}code/tasks.json",
        "/w/.idea/x",
        "/w/.mcp.json",
        "/w/.zed/settings.json",
        "/w/.familiar/rules.toml",
        "/w/.envrc",
        "/w/.gitmodules",
        "/h/.gitconfig",
        "/h/.bashrc",
        "/h/.ZSHRC",
        "/h/.profile",
        "/h/.ssh/authorized_keys",
        "/h/.gnupg/x",
        "/h/.config/autostart/x.desktop",
        "/h/.config/familiar/settings.toml",
        "/h/.config/systemd/user/x.service",
        "/h/.config/git/config",
        "/etc/hosts",
        "/usr/bin/ls",
        "/dev/sda",
        "/proc/self/mem",
        "/h/.npmrc",
        "/w/.cargo/config.toml",
        "/h/.local/bin/x",
        "/w/CLAUDE.md",
    ];
    for path in yes {
        assert!(protected(Path::new(path)).is_some(), "{path}");
    }
    let no = [
        "/w/src/main.rs",
        "/w/.gitignore",
        "/w/.github/workflows/x.yml",
        "/w/git/x",
        "/w/etc/hosts",
        "/w/.env.example",
        "/w/ssh/x",
        "/dev/null",
        "/w/.config/x",
        "/w/Cargo.toml",
    ];
    for path in no {
        assert_eq!(protected(Path::new(path)), None, "{path}");
    }
}

#[test]
fn secrets_are_known_and_their_templates_are_not() {
    let yes = [
        "/h/.ssh/id_rsa",
        "/w/.env",
        "/w/.ENV",
        "/w/.env.production",
        "/w/prod.env",
        "/h/.aws/credentials",
        "/etc/shadow",
        "/proc/self/environ",
        "/proc/42/environ",
        "/proc/self/root/etc/passwd",
        "/w/key.pem",
        "/w/tls.key",
        "/h/.netrc",
        "/h/.git-credentials",
        "/h/.docker/config.json",
        "/h/.config/gh/hosts.yml",
        "/h/.bash_history",
        "/w/credentials.json",
        "/w/service-account-1.json",
        "/w/id_ed25519",
        "/w/secrets/prod.yaml",
        "/w/secrets/db",
        "/w/Secret.txt",
        "/w/db-passwords.csv",
        "/w/api_keys.json",
        "/w/cookies.txt",
        "/w/passwords",
        "/w/env.production",
        "/w/kubeconfig.yaml",
        "/w/AuthKey_X1.p8",
        "/etc/kubernetes/admin.conf",
    ];
    for path in yes {
        assert!(secret(Path::new(path)).is_some(), "{path}");
    }
    for path in [
        "/w/.env.example",
        "/w/.env.sample",
        "/w/src/env.rs",
        "/w/environment.ts",
        "/w/key.rs",
        "/w/README.md",
        "/proc/cpuinfo",
        "/w/proc/environ.rs",
        "/w/src/secrets/mod.rs",
        "/w/src/token",
        "/w/src/tokens.ts",
        "/w/docs/passwords.md",
        "/w/tokenizer.json",
        "/w/special_tokens_map.json",
        "/w/design/tokens/color-tokens.json",
        "/w/secret.yaml.example",
        "/w/keyboard.json",
    ] {
        assert_eq!(secret(Path::new(path)), None, "{path}");
    }
}

#[test]
fn spelling_alone_is_made_normal() {
    for (path, expected) in [
        ("/a/./b/../c", "/a/c"),
        ("/../../x", "/x"),
        ("/a//b/", "/a/b"),
        ("/", "/"),
    ] {
        assert_eq!(normal(Path::new(path)), PathBuf::from(expected));
    }
}
