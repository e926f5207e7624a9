//! The registry of feature flags: what can be turned on or off, in which
//! stage it is, and what decides. A flag stands here only when it gates
//! something.
//!
//! The order is that of the settings: default, system, user, environment,
//! command line; a flag the system locks takes nothing from later ones. A
//! project can turn on only what makes its own work stricter.

use std::collections::BTreeMap;

use protocol::{ErrorInfo, ErrorKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::SettingLayer;
use crate::settings::nearest;

/// How far a feature is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FlagStage {
    /// May change or go.
    Experimental,
    /// Works; details may change.
    Beta,
    /// Here to stay.
    Stable,
    /// Gates nothing any more.
    Retired,
}

/// One flag for a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FlagView {
    /// Its name.
    pub name: String,
    /// How far it is.
    pub stage: FlagStage,
    /// What it gates, one sentence.
    pub about: String,
    /// The version it came with.
    pub since: String,
    /// What holds when nobody sets it.
    pub default_on: bool,
    /// What holds now.
    pub on: bool,
    /// Who set it.
    pub layer: SettingLayer,
    /// This build and this system have it.
    pub available: bool,
    /// A change takes a new start; otherwise it holds from the next message.
    pub needs_restart: bool,
    /// The system's settings fix it.
    pub locked: bool,
}

/// One line of the table.
pub(crate) struct Flag {
    pub name: &'static str,
    stage: FlagStage,
    default_on: bool,
    since: &'static str,
    about: &'static str,
    available: bool,
    needs_restart: bool,
    /// What a project's own settings may set it to.
    pub project_may: Option<bool>,
}

/// The pet on the desktop; the shell's to heed.
pub const BUDDY: &str = "buddy";
/// The microphone and speech to text; the shell's to heed.
pub const VOICE: &str = "voice";

pub(crate) const AUTO_COMPACT: &str = "auto_compact";
pub(crate) const BACKGROUND_TITLES: &str = "background_titles";
pub(crate) const CHECKPOINTS: &str = "checkpoints";
pub(crate) const DECOYS: &str = "decoys";
pub(crate) const MASK_OUTPUT: &str = "mask_output";
pub(crate) const MEMORY_FILES: &str = "memory_files";
pub(crate) const UNDERCOVER: &str = "undercover";

const FIRST: &str = "0.1.0";

/// What most flags have in common.
const STABLE: Flag = Flag {
    name: "",
    stage: FlagStage::Stable,
    default_on: true,
    since: FIRST,
    about: "",
    available: true,
    needs_restart: false,
    project_may: None,
};

/// All flags, by name.
pub(crate) const ALL: &[Flag] = &[
    Flag {
        name: AUTO_COMPACT,
        about: "Condenses a long conversation by itself before the window is full.",
        ..STABLE
    },
    Flag {
        name: BACKGROUND_TITLES,
        about: "Has the provider's fast model name a session after its first answer.",
        ..STABLE
    },
    Flag {
        name: BUDDY,
        about: "Lets the pet sit on the desktop.",
        ..STABLE
    },
    Flag {
        name: CHECKPOINTS,
        about: "Takes snapshots of the workspace around changes, for undo and rewind.",
        available: cfg!(unix),
        ..STABLE
    },
    Flag {
        name: DECOYS,
        stage: FlagStage::Experimental,
        default_on: false,
        about: "Adds a few tool definitions that do nothing to every request, against copying.",
        ..STABLE
    },
    Flag {
        name: MASK_OUTPUT,
        about: "Leaves long tool output of old turns out of requests when the window fills.",
        ..STABLE
    },
    Flag {
        name: MEMORY_FILES,
        about: "Reads AGENTS.md and its relatives into the prompt.",
        ..STABLE
    },
    Flag {
        name: UNDERCOVER,
        stage: FlagStage::Beta,
        default_on: false,
        about: "Works under cover in every project, not only in those of the settings.",
        project_may: Some(true),
        ..STABLE
    },
    Flag {
        name: VOICE,
        about: "Listens while the key is held, and turns speech into text.",
        ..STABLE
    },
];

/// Who says what of the flags, from the weakest to the strongest.
pub(crate) struct Sources<'a> {
    pub system: &'a BTreeMap<String, bool>,
    pub user: &'a BTreeMap<String, bool>,
    pub environment: &'a BTreeMap<String, bool>,
    pub command_line: &'a BTreeMap<String, bool>,
    pub is_locked: &'a dyn Fn(&str) -> bool,
    /// Flags of what was left out at compile time.
    pub lacking: &'a [&'static str],
}

impl Sources<'_> {
    /// What holds for a flag, and who said so. An unknown one is off.
    pub fn state(&self, name: &str) -> (bool, SettingLayer) {
        let Some(flag) = find(name) else {
            return (false, SettingLayer::Default);
        };
        let later = [
            (self.command_line, SettingLayer::Flag),
            (self.environment, SettingLayer::Environment),
            (self.user, SettingLayer::User),
        ];
        let later = later.into_iter().filter(|_| !(self.is_locked)(name));
        later
            .chain([(self.system, SettingLayer::System)])
            .find_map(|(flags, layer)| flags.get(name).map(|on| (*on, layer)))
            .unwrap_or((flag.default_on, SettingLayer::Default))
    }

    pub fn is_on(&self, name: &str) -> bool {
        find(name).is_some_and(|flag| self.is_available(flag)) && self.state(name).0
    }

    fn is_available(&self, flag: &Flag) -> bool {
        flag.available && !self.lacking.contains(&flag.name)
    }

    pub fn views(&self) -> Vec<FlagView> {
        let view = |flag: &Flag| {
            let (on, layer) = self.state(flag.name);
            FlagView {
                name: flag.name.to_owned(),
                stage: flag.stage,
                about: flag.about.to_owned(),
                since: flag.since.to_owned(),
                default_on: flag.default_on,
                on: on && self.is_available(flag),
                layer,
                available: self.is_available(flag),
                needs_restart: flag.needs_restart,
                locked: (self.is_locked)(flag.name),
            }
        };
        ALL.iter().map(view).collect()
    }
}

pub(crate) fn find(name: &str) -> Option<&'static Flag> {
    ALL.iter().find(|flag| flag.name == name)
}

/// Reads `one,-another,third=off`; what is neither is told.
pub(crate) fn parse_list(text: Option<&String>) -> (BTreeMap<String, bool>, Vec<ErrorInfo>) {
    let mut flags = BTreeMap::new();
    let mut unclear = Vec::new();
    let parts = text.into_iter().flat_map(|text| text.split([',', ' ']));
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        match parse(part) {
            Some((name, on)) => {
                flags.insert(name, on);
            }
            None => unclear.push(ErrorInfo::new(
                ErrorKind::Config,
                format!("`{part}` turns no flag on or off."),
                "Write `name`, `-name`, or `name=off`.",
            )),
        }
    }
    (flags, unclear)
}

fn parse(part: &str) -> Option<(String, bool)> {
    if let Some(name) = part.strip_prefix('-') {
        return is_name(name).then(|| (name.to_owned(), false));
    }
    let (name, value) = part.split_once('=').unwrap_or((part, "on"));
    let on = match value {
        "on" | "true" | "1" => true,
        "off" | "false" | "0" => false,
        _ => return None,
    };
    is_name(name).then(|| (name.to_owned(), on))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Tells of names that are no flag, and of flags that gate nothing any more.
pub(crate) fn unknown(sources: &[&BTreeMap<String, bool>]) -> Vec<ErrorInfo> {
    let names = sources.iter().flat_map(|flags| flags.keys());
    names.filter_map(|name| problem(name)).collect()
}

/// Why a name is of no use, if it is not.
pub(crate) fn problem(name: &str) -> Option<ErrorInfo> {
    match find(name) {
        Some(flag) if flag.stage == FlagStage::Retired => Some(ErrorInfo::new(
            ErrorKind::Config,
            format!("The flag `{name}` gates nothing any more."),
            "It can be taken out of the settings.",
        )),
        Some(_) => None,
        None => {
            let hint = match nearest(name, ALL.iter().map(|flag| flag.name)) {
                Some(known) => format!("Did you mean `{known}`?"),
                None => "`fam flags` lists those there are.".to_owned(),
            };
            Some(ErrorInfo::new(
                ErrorKind::Config,
                format!("There is no flag `{name}`."),
                hint,
            ))
        }
    }
}
