//! The environment of a command, rebuilt from an allow list on every run.
//!
//! Keys of providers and other secrets never reach a command, because what
//! is not named here is not passed on. Nothing from the workspace gets in.

#[cfg(test)]
mod tests;

use std::ffi::{OsStr, OsString};
use std::path::Path;

/// Variables passed on as they are.
const PASSED: &[&str] = &[
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TMPDIR",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_CACHE_HOME",
    "XDG_STATE_HOME",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "GOPATH",
    "GOROOT",
    "GOCACHE",
    "GOMODCACHE",
    "NVM_DIR",
    "VOLTA_HOME",
    "FNM_DIR",
    "PNPM_HOME",
    "BUN_INSTALL",
    "DENO_DIR",
    "PYENV_ROOT",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "RBENV_ROOT",
    "JAVA_HOME",
    "GRADLE_USER_HOME",
    "ANDROID_HOME",
    "DOTNET_ROOT",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
    "SSH_AUTH_SOCK",
];

/// Proxies, passed on unless they carry a user name or password.
const PROXIES: &[&str] = &[
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
];

/// Values of our own: plain text, no pager, no prompt nobody can answer.
const SET: &[(&str, &str)] = &[
    ("TERM", "dumb"),
    ("NO_COLOR", "1"),
    ("PAGER", "cat"),
    ("GIT_PAGER", "cat"),
    ("GIT_TERMINAL_PROMPT", "0"),
];

/// Used when no entry of the user's `PATH` is left.
const DEFAULT_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// All variables a command sees, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    variables: Vec<(OsString, OsString)>,
}

impl Environment {
    /// The environment for commands in `workspace`, made from our own.
    #[must_use]
    pub fn of_process(workspace: &Path) -> Self {
        Self::rebuild(std::env::vars_os(), workspace)
    }

    /// The environment for commands in `workspace`, made from `variables`.
    #[must_use]
    pub fn rebuild(
        variables: impl IntoIterator<Item = (OsString, OsString)>,
        workspace: &Path,
    ) -> Self {
        let mut kept: Vec<(OsString, OsString)> = Vec::with_capacity(32);
        let mut path = None;
        for (name, value) in variables {
            if name == "PATH" {
                path = pinned_path(&value, workspace);
            } else if is_passed(&name, &value) {
                kept.push((name, value));
            }
        }
        kept.push(("PATH".into(), path.unwrap_or_else(|| DEFAULT_PATH.into())));
        kept.extend(SET.iter().map(|(name, value)| (name.into(), value.into())));
        kept.sort();
        Self { variables: kept }
    }

    /// The same with other values of some variables.
    #[must_use]
    pub fn with(mut self, variables: &[(String, String)]) -> Self {
        for (name, value) in variables {
            self.variables.retain(|(other, _)| *other != **name);
            self.variables.push((name.into(), value.into()));
        }
        self.variables.sort();
        self
    }

    /// The value of one variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.iter()
            .find(|(other, _)| *other == name)
            .map(|(_, value)| value)
    }

    /// All variables, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.variables
            .iter()
            .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }
}

fn is_passed(name: &OsStr, value: &OsStr) -> bool {
    let Some(name) = name.to_str() else {
        return false;
    };
    if PROXIES.contains(&name) {
        return value.to_str().is_some_and(|value| !value.contains('@'));
    }
    name.starts_with("LC_") || PASSED.contains(&name)
}

/// The user's `PATH` without entries that are relative or inside the
/// workspace, also through a link: a repository must not name the programs.
fn pinned_path(path: &OsStr, workspace: &Path) -> Option<OsString> {
    let real_workspace = workspace
        .canonicalize()
        .unwrap_or_else(|_| workspace.to_owned());
    let outside = |entry: &Path| {
        let real = entry.canonicalize().unwrap_or_else(|_| entry.to_owned());
        entry.is_absolute() && !entry.starts_with(workspace) && !real.starts_with(&real_workspace)
    };
    let entries = std::env::split_paths(path).filter(|entry| outside(entry));
    std::env::join_paths(entries)
        .ok()
        .filter(|path| !path.is_empty())
}
