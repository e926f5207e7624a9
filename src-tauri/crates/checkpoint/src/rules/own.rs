//! The user's own list of what git ignores everywhere.
//!
//! The `ignore` crate looks for its name in git's configuration with a regular
//! expression, and to build that costs more memory than a whole snapshot. Few
//! configurations name a list, so they are looked through for the word first.

use std::ffi::OsString;
use std::path::PathBuf;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The setting that names a list; git does not mind its case.
const SETTING: &[u8] = b"excludesfile";

/// The list in force now, or an empty one.
pub(super) fn list() -> Gitignore {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    Files::of(std::env::home_dir(), variable).list()
}

/// Where git looks.
#[derive(Debug, PartialEq)]
struct Files {
    configs: Vec<PathBuf>,
    /// The list that is read when no configuration names one.
    usual: Option<PathBuf>,
}

impl Files {
    fn of(home: Option<PathBuf>, variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let path = |name| variable(name).map(PathBuf::from);
        let below_home = |name: &str| home.as_ref().map(|home| home.join(name));
        let git = path("XDG_CONFIG_HOME")
            .or_else(|| below_home(".config"))
            .map(|folder| folder.join("git"));
        let system = path("GIT_CONFIG_SYSTEM").unwrap_or_else(|| "/etc/gitconfig".into());
        let configs = [
            path("GIT_CONFIG_GLOBAL"),
            below_home(".gitconfig"),
            git.as_ref().map(|folder| folder.join("config")),
            Some(system),
        ];
        Self {
            configs: configs.into_iter().flatten().collect(),
            usual: git.map(|folder| folder.join("ignore")),
        }
    }

    fn list(&self) -> Gitignore {
        let mut builder = GitignoreBuilder::new("");
        if self.name_a_list() {
            return builder.build_global().0;
        }
        if let Some(error) = self.usual.as_ref().and_then(|path| builder.add(path)) {
            tracing::debug!(%error, "the user's list of ignored files is not read whole");
        }
        builder.build().unwrap_or_else(|_| Gitignore::empty())
    }

    fn name_a_list(&self) -> bool {
        let contents = self
            .configs
            .iter()
            .filter_map(|path| std::fs::read(path).ok());
        contents.into_iter().any(|text| {
            text.windows(SETTING.len())
                .any(|word| word.eq_ignore_ascii_case(SETTING))
        })
    }
}

#[cfg(test)]
mod tests;
