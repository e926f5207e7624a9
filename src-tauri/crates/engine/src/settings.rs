//! The user's settings: one TOML file, read leniently, written with care for
//! the user's own comments. A value that makes no sense is reported and its
//! default used; a file that makes no sense is never overwritten in place.

pub(crate) mod project;

use std::path::Path;

use permission::{RuleError, RuleTexts, Rules};
use protocol::{ErrorInfo, ErrorKind, PermissionMode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Home;
use crate::draft_file::draft;

/// A name so many slips away from a known one was probably meant to be it.
const MOST_SLIPS: usize = 3;

/// Everything the user can set. Unknown keys in the file are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    /// Provider id; empty chooses the first that is ready.
    pub provider: String,
    /// Model name; empty takes the provider's default.
    pub model: String,
    /// Model for side jobs such as titles; empty takes the provider's.
    pub fast_model: String,
    /// Base URL; empty takes the provider's.
    pub base_url: String,
    /// Tokens the model takes, for models the catalogue does not know; 0
    /// takes the catalogue's.
    #[ts(type = "number")]
    pub context_window: u64,
    /// Mode of new sessions.
    pub permission_mode: PermissionMode,
    /// Device id of the microphone; none is the system's default.
    pub microphone: Option<String>,
    /// Push-to-talk hotkey, for example `Ctrl+Alt+Space`.
    pub hotkey: String,
    /// Push-to-talk on or off.
    pub voice_enabled: bool,
    /// What happens with a transcript.
    pub voice_send: VoiceSend,
    /// Speech model: a path or a catalogue name; empty takes the first found.
    pub speech_model: String,
    /// Cues when listening starts and ends.
    pub sounds: bool,
    /// Desktop notifications while the window is not focused.
    pub notifications: bool,
    /// The pet is on the desktop.
    pub pet_shown: bool,
    /// Name of the pet's species.
    pub pet_species: String,
    /// Edge of the pet's square, in logical pixels.
    pub pet_size: u32,
    /// Colours of the window.
    pub theme: Theme,
    /// No motion beyond what is needed to understand.
    pub reduced_motion: bool,
    /// Absolute path of the folder last worked in.
    pub workspace: Option<String>,
    /// Most money for one day (UTC), all sessions together, in US dollars; 0
    /// sets no bound.
    pub daily_budget_usd: f64,
    /// Permission rules, for every session and in every mode.
    pub rules: RuleTexts,
}

/// What happens with a transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VoiceSend {
    /// It is sent when the key is let go.
    #[default]
    AtOnce,
    /// It waits in the composer for editing.
    Hold,
}

/// Colours of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the desktop says.
    #[default]
    System,
    /// Paper.
    Light,
    /// Night.
    Dark,
    /// High contrast.
    Contrast,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            provider: String::new(),
            model: String::new(),
            fast_model: String::new(),
            base_url: String::new(),
            context_window: 0,
            permission_mode: PermissionMode::Ask,
            microphone: None,
            hotkey: "Ctrl+Alt+Space".into(),
            voice_enabled: true,
            voice_send: VoiceSend::AtOnce,
            speech_model: String::new(),
            sounds: true,
            notifications: true,
            pet_shown: true,
            pet_species: String::new(),
            pet_size: 112,
            theme: Theme::System,
            reduced_motion: false,
            workspace: None,
            daily_budget_usd: 0.0,
            rules: RuleTexts::default(),
        }
    }
}

/// What reading the file brought.
pub(crate) struct Loaded {
    pub settings: Settings,
    /// True when there was no file yet.
    pub first_start: bool,
    /// What the gate goes by: the rules of the settings, or stricter ones
    /// where those cannot be read.
    pub rules: Rules,
    pub notices: Vec<ErrorInfo>,
}

/// Reads the settings; a missing file is the first start.
pub(crate) fn load(home: &Home) -> Loaded {
    let path = home.settings_file();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Loaded {
                settings: Settings::default(),
                first_start: true,
                rules: Rules::default(),
                notices: Vec::new(),
            };
        }
        Err(error) => {
            let notice = ErrorInfo::new(
                ErrorKind::Config,
                format!(
                    "The settings in `{}` cannot be read: {error}.",
                    path.display()
                ),
                "The defaults are in use until that is mended.",
            );
            return Loaded {
                settings: Settings::default(),
                first_start: false,
                rules: Rules::lost(),
                notices: vec![notice],
            };
        }
    };
    parse(&text, &path)
}

/// Takes every value that makes sense; names those that do not.
fn parse(text: &str, path: &Path) -> Loaded {
    let table: toml::Table = match toml::from_str(text) {
        Ok(table) => table,
        Err(error) => {
            let notice = ErrorInfo::new(
                ErrorKind::Config,
                format!(
                    "The settings in `{}` are not valid TOML: {}.",
                    path.display(),
                    error.message().trim_end_matches('.')
                ),
                "The defaults are in use and every call asks. Mend the file, or change a setting in the window: the old file is then kept beside the new one.",
            );
            return Loaded {
                settings: Settings::default(),
                first_start: false,
                rules: Rules::lost(),
                notices: vec![notice],
            };
        }
    };
    let mut accepted = toml::Table::new();
    let mut notices = Vec::new();
    let mut rules_lost = false;
    for (key, value) in table {
        accepted.insert(key.clone(), value);
        if let Err(error) = toml::Value::Table(accepted.clone()).try_into::<Settings>() {
            accepted.remove(&key);
            rules_lost |= key == "rules";
            notices.push(ErrorInfo::new(
                ErrorKind::Config,
                format!(
                    "The setting `{key}` in `{}` is not understood: {}.",
                    path.display(),
                    error.message().trim_end_matches('.')
                ),
                if key == "rules" {
                    "Every call asks until that is mended."
                } else {
                    "Its default is in use until that is mended."
                },
            ));
        }
    }
    notices.extend(unknown_keys(&accepted, path));
    let mut settings: Settings = toml::Value::Table(accepted).try_into().unwrap_or_default();
    if !settings.daily_budget_usd.is_finite() || settings.daily_budget_usd < 0.0 {
        // A budget that makes no sense must not become none.
        settings.daily_budget_usd = f64::MIN_POSITIVE;
        notices.push(ErrorInfo::new(
            ErrorKind::Config,
            format!(
                "The `daily_budget_usd` in `{}` is no amount.",
                path.display()
            ),
            "No money is spent until that is mended; 0 sets no bound.",
        ));
    }
    let (rules, broken) = Rules::read(&settings.rules);
    notices.extend(broken.iter().map(|error| broken_rule(error, path)));
    Loaded {
        rules: if rules_lost { Rules::lost() } else { rules },
        settings,
        first_start: false,
        notices,
    }
}

/// Keys that mean nothing to this version, each with the one that may have
/// been meant. They are kept: a later version may know them.
fn unknown_keys(table: &toml::Table, path: &Path) -> Vec<ErrorInfo> {
    let all = Settings {
        microphone: Some(String::new()),
        workspace: Some(String::new()),
        ..Settings::default()
    };
    let Ok(known) = toml::Table::try_from(all) else {
        return Vec::new();
    };
    let unknown = table.keys().filter(|key| !known.contains_key(*key));
    unknown
        .map(|key| {
            let nearest = known
                .keys()
                .map(|known| (strsim::osa_distance(key, known), known))
                .min()
                .filter(|(slips, _)| *slips <= MOST_SLIPS);
            let hint = match nearest {
                Some((_, known)) => format!("Did you mean `{known}`?"),
                None => "It is kept, but does nothing in this version.".to_owned(),
            };
            ErrorInfo::new(
                ErrorKind::Config,
                format!("There is no setting `{key}` (in `{}`).", path.display()),
                hint,
            )
        })
        .collect()
}

fn broken_rule(error: &RuleError, path: &Path) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Config,
        format!("A rule in `{}` is not understood: {error}.", path.display()),
        "Until it is mended nothing is looser for it: a broken allow rule allows nothing, and a broken ask or deny rule asks.",
    )
}

/// The rules as the gate wants them, for settings that come from a person at
/// the window.
///
/// # Errors
/// The first rule that cannot be read, so that it can be mended at once.
pub(crate) fn checked_rules(settings: &Settings) -> Result<Rules, ErrorInfo> {
    Rules::parse(&settings.rules).map_err(|error| {
        ErrorInfo::new(
            ErrorKind::Config,
            format!("{error}."),
            "The rules were left as they were.",
        )
    })
}

/// Writes the settings whole: a temporary file, synced, renamed into place.
/// Comments and unknown keys of a valid file stay; a broken one is set aside.
pub(crate) fn save(home: &Home, settings: &Settings) -> Result<(), ErrorInfo> {
    Home::ensure(&home.config)?;
    let path = home.settings_file();
    let old = std::fs::read_to_string(&path).unwrap_or_default();
    let mut document = match old.parse::<toml_edit::DocumentMut>() {
        Ok(document) => document,
        Err(_) => {
            let aside = path.with_extension(format!("toml.broken-{}", crate::clock::now_ms()));
            std::fs::rename(&path, &aside).map_err(|error| cannot_write(&path, &error))?;
            toml_edit::DocumentMut::new()
        }
    };
    let mut new = toml::to_string(settings)
        .map_err(|error| internal(&error))?
        .parse::<toml_edit::DocumentMut>()
        .map_err(|error| internal(&error))?;
    if settings.rules == RuleTexts::default() && has_unreadable_rules(&old) {
        // They are the user's own words, and nobody has changed them.
        new.remove("rules");
    }
    merge(document.as_table_mut(), new.as_table());
    for unset in ["microphone", "workspace"] {
        if new.get(unset).is_none() {
            document.remove(unset);
        }
    }
    write_whole(&path, &document.to_string()).map_err(|error| cannot_write(&path, &error))
}

fn has_unreadable_rules(text: &str) -> bool {
    let rules = text
        .parse::<toml::Table>()
        .ok()
        .and_then(|mut table| table.remove("rules"));
    rules.is_some_and(|rules| rules.try_into::<RuleTexts>().is_err())
}

/// Puts every value of `new` into `old`, comments of `old` kept.
fn merge(old: &mut toml_edit::Table, new: &toml_edit::Table) {
    for (key, item) in new {
        match (old.get_mut(key), item) {
            (Some(toml_edit::Item::Value(value)), _) => replace_keeping_decor(value, item),
            (Some(toml_edit::Item::Table(inner)), toml_edit::Item::Table(new)) => {
                merge(inner, new);
            }
            _ => {
                old.insert(key, item.clone());
            }
        }
    }
}

fn replace_keeping_decor(value: &mut toml_edit::Value, item: &toml_edit::Item) {
    if let Some(new) = item.as_value() {
        let decor = value.decor().clone();
        *value = new.clone();
        *value.decor_mut() = decor;
    }
}

fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    draft(path, text)?
        .persist(path)
        .map_err(|error| error.error)?;
    Ok(())
}

fn internal(error: &dyn std::fmt::Display) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Internal,
        format!("The settings cannot be written as TOML: {error}."),
        "Please report this.",
    )
}

fn cannot_write(path: &Path, error: &std::io::Error) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Disk,
        format!(
            "The settings cannot be saved to `{}`: {error}.",
            path.display()
        ),
        "They hold until Familiar ends. Check that the disk is not full or read-only.",
    )
}
