//! What works on this machine and what is missing, with the fix. The parts
//! that need a sound card or a display are looked at by the shells.

use std::path::Path;

use protocol::ErrorInfo;
use serde::Serialize;

use crate::{Engine, SandboxStatus, settings};

/// How well one thing works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// Works.
    Good,
    /// Works less well than it could.
    Limited,
    /// Does not work.
    Broken,
}

/// One line of the doctor's report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub subject: String,
    /// How well it works.
    pub health: Health,
    /// What was found.
    pub detail: String,
    /// What to do, when something can be done.
    pub fix: Option<String>,
}

impl Finding {
    /// It works.
    #[must_use]
    pub fn good(subject: &str, detail: impl Into<String>) -> Self {
        Self {
            subject: subject.to_owned(),
            health: Health::Good,
            detail: detail.into(),
            fix: None,
        }
    }

    /// It works less well than it could.
    #[must_use]
    pub fn limited(subject: &str, detail: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            subject: subject.to_owned(),
            health: Health::Limited,
            detail: detail.into(),
            fix: Some(fix.into()),
        }
    }

    /// It does not work.
    #[must_use]
    pub fn broken(subject: &str, error: &ErrorInfo) -> Self {
        Self {
            subject: subject.to_owned(),
            health: Health::Broken,
            detail: error.message.clone(),
            fix: error.hints.first().cloned(),
        }
    }
}

impl Engine {
    /// Looks at settings, store, providers and the programs the tools need.
    pub async fn examine(&self) -> Vec<Finding> {
        let mut findings = vec![self.examine_settings(), self.examine_store().await];
        for status in self.providers().await {
            findings.push(if status.ready {
                Finding::good(&status.label, status.detail)
            } else {
                Finding::limited(&status.label, status.detail, status.fix)
            });
        }
        findings.push(match self.active_provider().await {
            Ok(active) => Finding::good(
                "Answers come from",
                format!("{} ({})", active.label, active.model),
            ),
            Err(error) => Finding::broken("Answers", &error),
        });
        findings.push(match self.sandbox().await {
            SandboxStatus {
                available: true,
                detail,
            } => Finding::good("Sandbox", detail),
            SandboxStatus { detail, .. } => Finding::limited(
                "Sandbox",
                format!("none: {detail}"),
                "Without it mode auto asks as ask does.",
            ),
        });
        findings.extend([
            program("bash", "Commands cannot be run without it."),
            program("git", "`git` commands will fail."),
        ]);
        findings
    }

    fn examine_settings(&self) -> Finding {
        let loaded = settings::load(self.home(), &settings::process_environment());
        let path = self.home().settings_file();
        match loaded.notices.first() {
            Some(error) => Finding::broken("Settings", error),
            None if loaded.first_start => Finding::good(
                "Settings",
                format!("none yet; they will be in `{}`", path.display()),
            ),
            None => Finding::good("Settings", format!("`{}`", path.display())),
        }
    }

    async fn examine_store(&self) -> Finding {
        if let Some(error) = self
            .notices()
            .iter()
            .find(|notice| notice.kind != protocol::ErrorKind::Config)
        {
            return Finding::broken("Sessions", error);
        }
        match self.sessions("").await {
            Ok(list) => Finding::good(
                "Sessions",
                format!("{} in `{}`", list.len(), self.home().database().display()),
            ),
            Err(error) => Finding::broken("Sessions", &error),
        }
    }
}

fn program(name: &str, without: &str) -> Finding {
    let found = std::env::var_os("PATH").and_then(|paths| {
        std::env::split_paths(&paths)
            .map(|folder| folder.join(name))
            .find(|path| is_file(path))
    });
    match found {
        Some(path) => Finding::good(name, path.display().to_string()),
        None => Finding::limited(
            name,
            format!("not found. {without}"),
            format!("Install `{name}`."),
        ),
    }
}

fn is_file(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| metadata.is_file())
}
