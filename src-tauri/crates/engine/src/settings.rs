//! The user's settings and where they come from: defaults, the system's file,
//! the user's file, the environment. What a project asks for and what flags say
//! stands above them and is put in force elsewhere.
//!
//! A layer that cannot be read never loosens anything.

pub(crate) mod environment;
mod file;
pub(crate) mod layers;
pub(crate) mod migrate;
pub(crate) mod project;
mod save;
mod schema;

use std::collections::BTreeMap;

use permission::{RuleEntry, RuleTexts, Rules};
use protocol::{Effort, ErrorInfo, ErrorKind, PermissionMode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub(crate) use environment::process_environment;
pub use environment::{EnvironmentVariable, environment_variables};
pub(crate) use layers::{Layers, load};
pub use layers::{SettingLayer, SettingOrigin};
pub(crate) use save::save;
pub use schema::settings_schema;

/// A name so many slips away from a known one was probably meant to be it.
const MOST_SLIPS: usize = 3;

/// Everything the user can set. Unknown keys in the file are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(default)]
pub struct Settings {
    /// Provider id; empty chooses the first that is ready.
    pub provider: String,
    /// Model name; empty takes the provider's default.
    pub model: String,
    /// Model for side jobs such as titles; empty takes the provider's.
    pub fast_model: String,
    /// How hard the model thinks; `auto` leaves it to the provider.
    #[schemars(schema_with = "schema::effort")]
    pub effort: Effort,
    /// Base URL; empty takes the provider's.
    pub base_url: String,
    /// Tokens the model takes, for models the catalogue does not know; 0
    /// takes the catalogue's.
    #[ts(type = "number")]
    pub context_window: u64,
    /// Mode of new sessions.
    #[schemars(schema_with = "schema::mode")]
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
    /// Most tokens for one day (UTC), all sessions together, cached ones
    /// included; 0 sets no bound.
    #[ts(type = "number")]
    pub daily_budget_tokens: u64,
    /// Most money for one session, in US dollars; 0 sets no bound.
    pub session_budget_usd: f64,
    /// Most requests to the model in one turn; 0 takes the program's own bound.
    pub turn_requests: u32,
    /// Base URL of a SearXNG server that web searches go to; empty takes Brave
    /// Search or Tavily where there is a key.
    pub search_url: String,
    /// Permission rules, for every session and in every mode.
    #[schemars(schema_with = "schema::rules")]
    pub rules: RuleTexts,
    /// Feature flags by name: on or off.
    pub flags: BTreeMap<String, bool>,
    /// Projects worked on under cover, by their absolute path; what lies below
    /// one belongs to it.
    pub undercover: BTreeMap<String, UndercoverSettings>,
}

/// What a project worked on under cover keeps to itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(default, deny_unknown_fields)]
pub struct UndercoverSettings {
    /// The project is worked on under cover.
    pub enabled: bool,
    /// Names that must not get out: the employer, code names, hosts.
    pub terms: Vec<String>,
    /// Who commits; without one, whoever git says.
    pub identity: Option<Identity>,
}

/// The author and committer of commits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// As in `user.name` of git.
    pub name: String,
    /// As in `user.email` of git.
    pub email: String,
}

/// What happens with a transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum VoiceSend {
    /// It is sent when the key is let go.
    #[default]
    AtOnce,
    /// It waits in the composer for editing.
    Hold,
}

/// Colours of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, TS)]
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
            effort: Effort::Auto,
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
            daily_budget_tokens: 0,
            session_budget_usd: 0.0,
            turn_requests: 0,
            search_url: String::new(),
            rules: RuleTexts::default(),
            flags: BTreeMap::new(),
            undercover: BTreeMap::new(),
        }
    }
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

/// Which rules came and went, in words.
pub(crate) fn rule_changes(before: &Settings, after: &Settings) -> String {
    let all = |settings: &Settings| {
        let RuleTexts { allow, ask, deny } = settings.rules.clone();
        let kinds = [("allow", allow), ("ask", ask), ("deny", deny)];
        let lines = kinds.into_iter().flat_map(|(kind, list)| {
            let line = move |entry: RuleEntry| format!("{kind} `{}`", entry.text());
            list.into_iter().map(line)
        });
        lines.collect::<Vec<String>>()
    };
    let (old, new) = (all(before), all(after));
    let came = new.iter().filter(|line| !old.contains(line));
    let went = old.iter().filter(|line| !new.contains(line));
    let words: Vec<String> = came
        .map(|line| format!("added {line}"))
        .chain(went.map(|line| format!("removed {line}")))
        .collect();
    match words.is_empty() {
        true => "Their bounds or order changed.".to_owned(),
        false => words.join(", "),
    }
}

/// The known name that may have been meant, if one is near.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|known| (strsim::osa_distance(name, known), known))
        .min()
        .filter(|(slips, _)| *slips <= MOST_SLIPS)
        .map(|(_, known)| known)
}
