//! One settings file, read leniently: every value that makes sense is taken,
//! every other named. It decides nothing about which file wins.

use std::io::ErrorKind as Io;
use std::path::Path;

use permission::{RuleTexts, Rules};
use protocol::{ErrorInfo, ErrorKind};

use super::schema::{LOCKED_KEY, VERSION_KEY};
use super::{Settings, migrate, nearest, schema};
use crate::search;

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    System,
    User,
}

/// What one layer says, as far as it is understood.
#[derive(Debug, Default)]
pub(super) struct Layer {
    /// There is such a file.
    pub found: bool,
    /// What it sets.
    pub values: toml::Table,
    /// Keys it sets to something that makes no sense.
    pub broken: Vec<String>,
    /// Nothing of it could be read.
    pub lost: bool,
    /// Its rules, or stricter ones where those cannot be read.
    pub rules: Rules,
    /// The keys that it locks.
    pub locked: Vec<String>,
    pub notices: Vec<ErrorInfo>,
}

impl Layer {
    /// A file that could not be read may have held a deny rule.
    fn lost(notice: ErrorInfo) -> Self {
        Self {
            found: true,
            lost: true,
            rules: Rules::lost(),
            notices: vec![notice],
            ..Self::default()
        }
    }

    /// A table of the layer, read as what it is.
    pub fn table<T: serde::de::DeserializeOwned + Default>(&self, key: &str) -> T {
        let value = self.values.get(key).cloned();
        value
            .and_then(|value| value.try_into().ok())
            .unwrap_or_default()
    }
}

/// Reads a file; a missing one is an empty layer.
pub(super) fn read(path: &Path, owner: Owner) -> Layer {
    if owner == Owner::System && is_open_to_others(path) {
        return Layer::lost(ErrorInfo::new(
            ErrorKind::Config,
            format!(
                "The settings in `{}` can be changed by others and are not obeyed.",
                path.display()
            ),
            "Every call asks until the file and its folder belong to root and only root may write there.",
        ));
    }
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), Io::NotFound | Io::NotADirectory) => {
            return Layer::default();
        }
        Err(error) => {
            return Layer::lost(ErrorInfo::new(
                ErrorKind::Config,
                format!(
                    "The settings in `{}` cannot be read: {error}.",
                    path.display()
                ),
                "The defaults are in use and every call asks until that is mended.",
            ));
        }
    };
    let mut document = match text.parse::<toml_edit::DocumentMut>() {
        Ok(document) => document,
        Err(error) => return Layer::lost(no_toml(path, owner, error.message())),
    };
    let version = migrate::apply(document.as_table_mut(), migrate::ALL).from;
    let table: toml::Table = match toml::from_str(&document.to_string()) {
        Ok(table) => table,
        Err(error) => return Layer::lost(no_toml(path, owner, error.message())),
    };
    let mut layer = take(table, path, owner);
    if version > migrate::newest() {
        layer.notices.push(ErrorInfo::new(
            ErrorKind::Config,
            format!(
                "The settings in `{}` are of a newer version of Familiar.",
                path.display()
            ),
            "What this version knows of them is in use; the rest is kept as it is.",
        ));
    }
    layer
}

/// True when somebody other than the machine's keeper or this very user may
/// write the file or put another in its place (CVE-2026-35603). A missing file
/// is open to nobody.
#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    const WRITE_OF_OTHERS: u32 = 0o022;
    let ours = rustix::process::geteuid().as_raw();
    let is_kept = |path: &Path| {
        path.metadata().is_ok_and(|about| {
            (about.uid() == 0 || about.uid() == ours) && about.mode() & WRITE_OF_OTHERS == 0
        })
    };
    path.exists() && !(is_kept(path) && path.parent().is_some_and(is_kept))
}

/// Elsewhere the place is one that only administrators write.
#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}

fn no_toml(path: &Path, owner: Owner, problem: &str) -> ErrorInfo {
    let hint = match owner {
        Owner::System => {
            "Every call asks until it is mended, which whoever looks after this machine can do."
        }
        Owner::User => {
            "The defaults are in use and every call asks. Mend the file, or change a setting in the window: the old file is then kept beside the new one."
        }
    };
    ErrorInfo::new(
        ErrorKind::Config,
        format!(
            "The settings in `{}` are not valid TOML: {}.",
            path.display(),
            problem.trim_end_matches('.')
        ),
        hint,
    )
}

/// Takes every value that makes sense; names those that do not.
fn take(table: toml::Table, path: &Path, owner: Owner) -> Layer {
    let mut layer = Layer {
        found: true,
        ..Layer::default()
    };
    let keys = schema::keys();
    for (key, value) in table {
        if key == VERSION_KEY {
            continue;
        }
        if key == LOCKED_KEY && owner == Owner::System {
            match value.try_into() {
                Ok(locked) => layer.locked = locked,
                Err(_) => {
                    return Layer::lost(no_toml(path, owner, "`locked` is no list of keys"));
                }
            }
            continue;
        }
        if !keys.iter().any(|known| known.name == key) {
            layer.notices.push(unknown_key(&key, keys, path));
            continue;
        }
        let value = match key.as_str() {
            "flags" => only_switches(value, path, &mut layer.notices),
            _ => value,
        };
        match understood(&key, &value) {
            Ok(()) => {
                layer.values.insert(key, value);
            }
            Err(problem) => {
                layer.notices.push(ErrorInfo::new(
                    ErrorKind::Config,
                    format!(
                        "The setting `{key}` in `{}` is not understood: {problem}.",
                        path.display()
                    ),
                    instead(&key),
                ));
                layer.broken.push(key);
            }
        }
    }
    read_rules(&mut layer, path);
    layer
}

/// Whether a value is one that this setting can have.
pub(super) fn understood(key: &str, value: &toml::Value) -> Result<(), String> {
    let alone = toml::Table::from_iter([(key.to_owned(), value.clone())]);
    let settings: Settings = toml::Value::Table(alone)
        .try_into()
        .map_err(|error: toml::de::Error| error.message().trim_end_matches('.').to_owned())?;
    search::check(&settings).map_err(|error| error.to_string())?;
    let budgets = [settings.daily_budget_usd, settings.session_budget_usd];
    if budgets.iter().all(|usd| usd.is_finite() && *usd >= 0.0) {
        Ok(())
    } else {
        Err("it is no amount".to_owned())
    }
}

/// What holds in place of a value that is not understood.
pub(super) fn instead(key: &str) -> &'static str {
    match key {
        "rules" => "Every call asks until that is mended.",
        "daily_budget_usd" | "session_budget_usd" => {
            "No money is spent until that is mended; 0 sets no bound."
        }
        "daily_budget_tokens" => "No tokens are spent until that is mended; 0 sets no bound.",
        "turn_requests" => {
            "A turn makes one request until that is mended; 0 sets no bound of yours."
        }
        "undercover" => "Every project is worked on under cover until that is mended.",
        "permission_mode" => "The mode is at most `ask` until that is mended.",
        _ => "What would hold without it is in use until that is mended.",
    }
}

/// One flag that makes no sense costs only itself.
fn only_switches(value: toml::Value, path: &Path, notices: &mut Vec<ErrorInfo>) -> toml::Value {
    let toml::Value::Table(mut flags) = value else {
        return value;
    };
    flags.retain(|name, value| {
        let fits = value.is_bool();
        if !fits {
            notices.push(ErrorInfo::new(
                ErrorKind::Config,
                format!(
                    "The flag `{name}` in `{}` is neither `true` nor `false`.",
                    path.display()
                ),
                "What would hold without it is in use until that is mended.",
            ));
        }
        fits
    });
    toml::Value::Table(flags)
}

fn read_rules(layer: &mut Layer, path: &Path) {
    if layer.broken.iter().any(|key| key == "rules") {
        layer.rules = Rules::lost();
        return;
    }
    let (rules, broken) = Rules::read(&layer.table::<RuleTexts>("rules"));
    layer.rules = rules;
    layer.notices.extend(broken.iter().map(|error| {
        ErrorInfo::new(
            ErrorKind::Config,
            format!("A rule in `{}` is not understood: {error}.", path.display()),
            "Until it is mended nothing is looser for it: a broken allow rule allows nothing, and a broken ask or deny rule asks.",
        )
    }));
}

/// A key that means nothing to this version, with the one that may have been
/// meant. It is kept: a later version may know it.
fn unknown_key(key: &str, known: &[schema::Key], path: &Path) -> ErrorInfo {
    let hint = match nearest(key, known.iter().map(|known| known.name.as_str())) {
        Some(known) => format!("Did you mean `{known}`?"),
        None => "It is kept, but does nothing in this version.".to_owned(),
    };
    ErrorInfo::new(
        ErrorKind::Config,
        format!("There is no setting `{key}` (in `{}`).", path.display()),
        hint,
    )
}
