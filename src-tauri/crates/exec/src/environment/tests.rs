#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::ffi::OsString;
use std::path::Path;

use super::Environment;

fn rebuild(variables: &[(&str, &str)], workspace: &Path) -> Environment {
    let variables = variables
        .iter()
        .map(|(name, value)| (OsString::from(name), OsString::from(value)));
    Environment::rebuild(variables, workspace)
}

#[test]
fn secrets_and_strangers_are_left_behind() {
    let secrets = [
        "ANTHROPIC_API_KEY",
        "OPENAI_API_KEY",
        "GITHUB_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "NPM_TOKEN",
        "DATABASE_URL",
        "BASH_ENV",
        "ENV",
        "PROMPT_COMMAND",
        "LD_PRELOAD",
        "GIT_SSH_COMMAND",
        "BASH_FUNC_ls%%",
        "DBUS_SESSION_BUS_ADDRESS",
        "PS4",
        "IFS",
        "SHELLOPTS",
        "BASHOPTS",
    ];
    let variables: Vec<_> = secrets.iter().map(|name| (*name, "planted")).collect();
    let environment = rebuild(&variables, Path::new("/w"));
    for name in secrets {
        assert_eq!(environment.get(name), None, "{name}");
    }
    assert!(environment.iter().all(|(_, value)| value != "planted"));
}

#[test]
fn the_usual_variables_are_kept() {
    let environment = rebuild(
        &[
            ("HOME", "/home/u"),
            ("LC_ALL", "C.UTF-8"),
            ("CARGO_HOME", "/home/u/.cargo"),
            ("TERM", "xterm-256color"),
        ],
        Path::new("/w"),
    );
    for (name, value) in [
        ("HOME", "/home/u"),
        ("LC_ALL", "C.UTF-8"),
        ("CARGO_HOME", "/home/u/.cargo"),
        ("TERM", "dumb"),
    ] {
        assert_eq!(environment.get(name).unwrap(), value, "{name}");
    }
}

#[test]
fn a_proxy_with_a_password_is_dropped() {
    let environment = rebuild(
        &[
            ("http_proxy", "http://proxy:3128"),
            ("https_proxy", "http://me:secret@proxy:3128"),
        ],
        Path::new("/w"),
    );
    assert_eq!(environment.get("http_proxy").unwrap(), "http://proxy:3128");
    assert_eq!(environment.get("https_proxy"), None);
}

#[test]
fn the_path_loses_what_the_workspace_could_plant() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = dir.path().join("ws");
    std::fs::create_dir_all(workspace.join("bin")).unwrap();
    std::fs::create_dir_all(dir.path().join("ws-evil-twin")).unwrap();
    let link = dir.path().join("link");
    std::os::unix::fs::symlink(workspace.join("bin"), &link).unwrap();
    let twin = dir.path().join("ws-evil-twin");
    let path = format!(
        "{}:/usr/bin:.::node_modules/.bin:{}:{}:/bin",
        workspace.join("bin").display(),
        link.display(),
        twin.display()
    );
    let environment = rebuild(&[("PATH", &path)], &workspace);
    assert_eq!(
        environment.get("PATH").unwrap(),
        format!("/usr/bin:{}:/bin", twin.display()).as_str()
    );
}

#[test]
fn without_a_usable_path_there_is_a_default() {
    for variables in [&[("PATH", "")][..], &[("PATH", ".:bin")], &[]] {
        let environment = rebuild(variables, Path::new("/w"));
        assert_eq!(
            environment.get("PATH").unwrap(),
            super::DEFAULT_PATH,
            "{variables:?}"
        );
    }
}

#[test]
fn values_of_our_own_replace_others() {
    let environment = rebuild(&[("HOME", "/h"), ("PATH", "/usr/bin")], Path::new("/w")).with(&[
        ("HOME".into(), "/other".into()),
        ("GIT_AUTHOR_NAME".into(), "A. Nonymous".into()),
    ]);
    for (name, value) in [("HOME", "/other"), ("GIT_AUTHOR_NAME", "A. Nonymous")] {
        let all = environment.iter().filter(|(other, _)| *other == name);
        assert_eq!(all.count(), 1);
        assert_eq!(environment.get(name), Some(value.as_ref()));
    }
}
