//! Files that something runs or obeys by itself, beyond what every tool
//! guards: a person may well edit them, a command that writes them is looked
//! at twice.

use std::path::{Component, Path};

use crate::path::Ground;

const PROJECT: &str = "it says what runs on other machines or in other tools";
const HOME: &str = "it configures programs of the whole account";
const PYTHON: &str = "Python runs it at every start";

/// Names, lower case, at any depth.
const NAMES: &[&str] = &[
    ".gitattributes",
    ".gitlab-ci.yml",
    ".travis.yml",
    ".drone.yml",
    ".circleci",
    ".woodpecker",
    ".buildkite",
    "jenkinsfile",
    "azure-pipelines.yml",
    "bitbucket-pipelines.yml",
    "workflows",
    "init.gradle",
    "init.gradle.kts",
    ".mvn",
    ".bundle",
    ".mailcap",
    ".forward",
    ".procmailrc",
    ".hgrc",
    "hgrc",
    ".hg",
    ".svn",
    ".node_modules",
    ".nvmrc",
    ".tool-versions",
    ".mise.toml",
    "mise.toml",
    ".dir-locals.el",
    "gradle-wrapper.properties",
    ".envrc",
    "rust-toolchain",
    "rust-toolchain.toml",
    ".pre-commit-config.yaml",
    "lefthook.yml",
];
const ENDINGS: &[&str] = &[".desktop", ".service", ".timer", ".plist", ".xresources"];

/// Why a command that writes to `path` is looked at twice.
pub(super) fn loaded(path: &Path, ground: &Ground) -> Option<&'static str> {
    let parts: Vec<String> = path
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy().to_lowercase()),
            _ => None,
        })
        .collect();
    let name = parts.last()?;
    if matches!(name.as_str(), "sitecustomize.py" | "usercustomize.py") || name.ends_with(".pth") {
        return Some(PYTHON);
    }
    let named = parts.iter().any(|part| NAMES.contains(&part.as_str()));
    let bin = parts
        .windows(2)
        .any(|pair| pair == ["node_modules", ".bin"]);
    if named || bin || ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        return Some(PROJECT);
    }
    if ground.relative(path).is_some() {
        return None;
    }
    let below = below_home(path, ground)?;
    let first = below
        .components()
        .next()?
        .as_os_str()
        .to_string_lossy()
        .to_lowercase();
    let obeyed =
        first.starts_with('.') && first != ".cache" || matches!(first.as_str(), "bin" | "library");
    obeyed.then_some(HOME)
}

/// The rest of a path in some home folder; empty for the folder itself.
pub(super) fn below_home<'p>(path: &'p Path, ground: &Ground) -> Option<&'p Path> {
    if let Some(rest) = ground.home().and_then(|home| path.strip_prefix(home).ok()) {
        return Some(rest);
    }
    if let Ok(rest) = path.strip_prefix("/root") {
        return Some(rest);
    }
    let rest = path
        .strip_prefix("/home")
        .or_else(|_| path.strip_prefix("/Users"))
        .ok()?;
    let mut parts = rest.components();
    parts.next()?;
    Some(parts.as_path())
}
