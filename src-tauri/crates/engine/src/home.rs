//! Where Familiar keeps its files.

use std::path::{Path, PathBuf};

use protocol::{ErrorInfo, ErrorKind};

/// Where the settings of the whole machine are. No variable and no project
/// moves it.
const SYSTEM: &str = if cfg!(windows) {
    "C:\\ProgramData\\familiar"
} else {
    "/etc/familiar"
};

/// The folders. `FAMILIAR_HOME` moves the user's four below one folder;
/// otherwise they are where the platform wants them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Settings the user may edit.
    pub config: PathBuf,
    /// Sessions and speech models.
    pub data: PathBuf,
    /// Logs and what may be forgotten.
    pub state: PathBuf,
    /// What can be made again.
    pub cache: PathBuf,
    /// Settings of the whole machine, which users read only.
    pub system: PathBuf,
}

impl Home {
    /// Finds the folders; makes none.
    ///
    /// # Errors
    /// When the platform knows no home folder and `FAMILIAR_HOME` is unset.
    pub fn find() -> Result<Self, ErrorInfo> {
        if let Some(root) = std::env::var_os("FAMILIAR_HOME").filter(|root| !root.is_empty()) {
            let root = std::path::absolute(PathBuf::from(root)).map_err(|error| {
                ErrorInfo::new(
                    ErrorKind::Config,
                    format!("FAMILIAR_HOME is not a usable path: {error}."),
                    "Set it to a folder you can write to, or unset it.",
                )
            })?;
            return Ok(Self {
                system: SYSTEM.into(),
                ..Self::below(&root)
            });
        }
        let dirs = directories::ProjectDirs::from("dev", "", "familiar").ok_or_else(|| {
            ErrorInfo::new(
                ErrorKind::Config,
                "This account has no home folder.",
                "Set FAMILIAR_HOME to a folder you can write to.",
            )
        })?;
        Ok(Self {
            config: dirs.config_dir().to_owned(),
            data: dirs.data_dir().to_owned(),
            state: dirs
                .state_dir()
                .unwrap_or_else(|| dirs.data_local_dir())
                .to_owned(),
            cache: dirs.cache_dir().to_owned(),
            system: SYSTEM.into(),
        })
    }

    /// All below `root`, the system's settings included.
    #[must_use]
    pub fn below(root: &Path) -> Self {
        Self {
            config: root.join("config"),
            data: root.join("data"),
            state: root.join("state"),
            cache: root.join("cache"),
            system: root.join("system"),
        }
    }

    /// The settings file.
    #[must_use]
    pub fn settings_file(&self) -> PathBuf {
        self.config.join("settings.toml")
    }

    /// The settings file of the whole machine.
    #[must_use]
    pub fn system_settings_file(&self) -> PathBuf {
        self.system.join("settings.toml")
    }

    /// The session database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.data.join("sessions.db")
    }

    /// Keys of providers, locked by a passphrase, where there is no keyring.
    #[must_use]
    pub fn sealed_keys(&self) -> PathBuf {
        self.data.join("keys.sealed")
    }

    /// Snapshots of workspaces live here.
    #[must_use]
    pub fn checkpoints(&self) -> PathBuf {
        self.data.join("checkpoints")
    }

    /// Speech models live here.
    #[must_use]
    pub fn models(&self) -> PathBuf {
        self.data.join("models")
    }

    /// Makes a folder that only this user can read.
    pub(crate) fn ensure(folder: &Path) -> Result<(), ErrorInfo> {
        make_private(folder).map_err(|error| {
            ErrorInfo::new(
                ErrorKind::Disk,
                format!("The folder `{}` cannot be made: {error}.", folder.display()),
                "Check that the disk is not full or read-only, or set FAMILIAR_HOME to another folder.",
            )
        })
    }
}

#[cfg(unix)]
fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}
