//! What a project may say about its own sessions, in
//! `.familiar/settings.toml`: only what is stricter than the user's own
//! settings. Whoever can write into a project must not gain anything by it.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use permission::{RuleTexts, Rules};
use protocol::{ErrorInfo, ErrorKind, PermissionMode};
use serde::Deserialize;

use crate::flags;

/// Below the workspace.
const FILE: &str = ".familiar/settings.toml";

/// A larger file is no settings file.
const MOST_BYTES: u64 = 256 * 1024;

/// What the project asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Project {
    rules: Rules,
    loosest: Option<PermissionMode>,
    /// Set when the project wants to be worked on under cover, with the names
    /// it adds.
    pub undercover: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Texts {
    permission_mode: Option<PermissionMode>,
    rules: RuleTexts,
    flags: BTreeMap<String, bool>,
    undercover: Undercover,
    #[serde(flatten)]
    others: toml::Table,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Undercover {
    enabled: bool,
    terms: Vec<String>,
}

impl Project {
    /// Reads the file of a workspace; without one nothing is asked for. One
    /// that cannot be read may have held a deny rule, so every call asks then.
    pub fn of(workspace: &Path) -> (Self, Vec<ErrorInfo>) {
        let path = workspace.join(FILE);
        let texts = match read(&path) {
            Ok(None) => return (Self::default(), Vec::new()),
            Ok(Some(texts)) => texts,
            Err(problem) => {
                let lost = Self {
                    rules: Rules::lost(),
                    loosest: Some(PermissionMode::Ask),
                    undercover: Some(Vec::new()),
                };
                let notice = ErrorInfo::new(
                    ErrorKind::Config,
                    format!("The project's `{FILE}` is not understood: {problem}."),
                    "Every call in this project asks until that is mended.",
                );
                return (lost, vec![notice]);
            }
        };
        let mut notices = Vec::new();
        if !texts.rules.allow.is_empty() {
            notices.push(too_loose("allow rules"));
        }
        for key in texts.others.keys() {
            notices.push(too_loose(&format!("`{key}`")));
        }
        let mut undercover = texts.undercover.enabled;
        for (name, on) in &texts.flags {
            let may = flags::find(name).and_then(|flag| flag.project_may);
            if may == Some(*on) {
                undercover |= name == flags::UNDERCOVER;
            } else {
                notices.push(too_loose(&format!("the flag `{name}`")));
            }
        }
        let strict = RuleTexts {
            allow: Vec::new(),
            ..texts.rules
        };
        let (rules, broken) = Rules::read(&strict);
        notices.extend(broken.iter().map(|error| {
            ErrorInfo::new(
                ErrorKind::Config,
                format!("A rule in the project's `{FILE}` is not understood: {error}."),
                "It asks about all its tool does until it is mended.",
            )
        }));
        let project = Self {
            rules,
            loosest: texts.permission_mode,
            undercover: undercover.then_some(texts.undercover.terms),
        };
        (project, notices)
    }

    /// The same, with a loosest mode of the whole machine's.
    pub fn within(mut self, loosest: Option<PermissionMode>) -> Self {
        self.loosest = match (self.loosest, loosest) {
            (Some(own), Some(other)) => Some(own.min(other)),
            (own, other) => own.or(other),
        };
        self
    }

    /// The loosest mode, where there is one.
    pub fn loosest(&self) -> Option<PermissionMode> {
        self.loosest
    }

    /// The user's rules with the project's.
    pub fn tighten(&self, rules: Rules) -> Rules {
        rules.and(self.rules.clone())
    }

    /// The mode, or the loosest one the project allows.
    pub fn cap(&self, mode: PermissionMode) -> PermissionMode {
        self.loosest.map_or(mode, |loosest| mode.min(loosest))
    }
}

/// `None` when there is no such file.
fn read(path: &Path) -> Result<Option<Texts>, String> {
    let found = match std::fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    if !found.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_string(&mut text))
        .map_err(|error| error.to_string())?;
    if text.len() as u64 > MOST_BYTES {
        return Err("it is too large".to_owned());
    }
    let texts = toml::from_str(&text)
        .map_err(|error: toml::de::Error| error.message().trim_end_matches('.').to_owned())?;
    Ok(Some(texts))
}

fn too_loose(what: &str) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Config,
        format!("The project's `{FILE}` has {what}, which a project cannot set."),
        "A project can only tighten: `permission_mode`, deny and ask rules, and `undercover`. Put the rest into your own settings.",
    )
}
