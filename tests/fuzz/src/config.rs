//! The layers of the settings: whatever they say, a project only tightens, the
//! system is never undercut, and no key is passed over in silence.
//!
//! An input is the system's file, the user's, the project's, and lines
//! `NAME=value` of the environment.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use engine::fuzzing::{Merged, merged};
use engine::{Home, settings_schema};
use permission::{Decision, Gate};
use protocol::{Access, PermissionMode};

use crate::ground::{NOWHERE, scratch};
use crate::pieces::pieces;
use crate::probe::{decide, read, run, write};

pub fn config(data: &[u8]) {
    let mut parts = pieces(data);
    let mut next = || parts.next().unwrap_or_default();
    let [system, user, project, variables] = [next(), next(), next(), next()];
    let environment: BTreeMap<String, String> = variables
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (format!("FAMILIAR_{name}"), value.to_owned()))
        .collect();
    let nothing = BTreeMap::new();
    let with = |system: &str, user: &str, project: &str, variables: &BTreeMap<String, String>| {
        in_folder(|root| merge(root, [system, user, project], variables))
    };
    let all = with(&system, &user, &project, &environment);
    let free = with(&system, &user, "", &environment);
    let alone = with(&system, "", "", &nothing);

    assert!(all.mode <= free.mode, "the project loosened the mode");
    assert_eq!(all.settings, free.settings, "the project changed settings");
    if let Some(loosest) = alone.loosest {
        assert!(all.mode <= loosest, "looser than the system allows");
    }
    let bypass = PermissionMode::Bypass;
    for access in probes() {
        for mode in [all.mode, bypass] {
            let said = on(&all, &access, mode);
            assert!(
                said >= on(&free, &access, mode),
                "the project loosened {access:?}"
            );
        }
        let said = on(&all, &access, bypass);
        assert!(
            said >= on(&alone, &access, bypass),
            "the system was undercut: {access:?}"
        );
    }
    all_are_named(&user, &all.notices);
    all_are_named(&system, &all.notices);
}

/// What rules of a settings file are likely to speak of.
fn probes() -> [Access; 6] {
    let at = |path: &str| format!("{NOWHERE}/{path}");
    [
        run("rm -rf src", NOWHERE),
        run("cargo test", NOWHERE),
        run("git push", NOWHERE),
        read(&at("src/main.rs")),
        write(&at("src/main.rs")),
        write("/opt/elsewhere"),
    ]
}

fn on(merged: &Merged, access: &Access, mode: PermissionMode) -> Decision {
    let gate = Gate::with_rules(NOWHERE.into(), merged.rules.clone());
    decide(&gate, access, mode)
}

/// A key that means nothing is told, by its name.
fn all_are_named(text: &str, notices: &[String]) {
    static KNOWN: OnceLock<Vec<String>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let schema = settings_schema();
        let keys = schema["properties"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        keys.keys().cloned().collect()
    });
    let Ok(table) = text.parse::<toml::Table>() else {
        let is_told = notices.iter().any(|notice| notice.contains("TOML"));
        assert!(is_told, "broken TOML was passed over: {text:?}");
        return;
    };
    let lost = notices.iter().any(|notice| notice.contains("TOML"));
    for key in table.keys().filter(|key| !known.contains(key)) {
        let is_told = notices
            .iter()
            .any(|notice| notice.contains(&format!("`{key}`")));
        assert!(is_told || lost, "{key:?} was passed over: {notices:?}");
    }
}

fn merge(root: &Path, texts: [&str; 3], variables: &BTreeMap<String, String>) -> Merged {
    let home = Home::below(&root.join("home"));
    let workspace = root.join("project");
    let files = [
        home.system_settings_file(),
        home.settings_file(),
        workspace.join(".familiar/settings.toml"),
    ];
    for (file, text) in files.iter().zip(texts) {
        put(file, text);
    }
    merged(&home, variables, &workspace)
}

/// As a careful keeper would leave it; no file where nothing is to be said.
#[expect(clippy::expect_used, reason = "without files nothing is tried")]
fn put(file: &Path, text: &str) {
    if text.is_empty() {
        std::fs::remove_file(file).ok();
        return;
    }
    let folder = file.parent().expect("a file lies in a folder");
    if !folder.exists() {
        std::fs::create_dir_all(folder).expect("a folder can be made");
        only_ours(folder, 0o700);
    }
    std::fs::write(file, text).expect("a file can be written");
    only_ours(file, 0o600);
}

#[cfg(unix)]
fn only_ours(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).ok();
}

#[cfg(not(unix))]
fn only_ours(_: &Path, _: u32) {}

/// One folder for each thread, in memory where there is such a place.
#[expect(clippy::expect_used, reason = "without a folder nothing is tried")]
fn in_folder<T>(run: impl FnOnce(&Path) -> T) -> T {
    thread_local! {
        static FOLDER: tempfile::TempDir = scratch().expect("a temporary folder can be made");
    }
    FOLDER.with(|folder| run(folder.path()))
}
