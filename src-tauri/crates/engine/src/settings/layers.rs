//! The layers above one another: defaults, the system's file, the user's
//! file, the environment. What a layer locks no later one changes, and a value
//! that makes no sense never loosens what lies below it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use permission::{RuleTexts, Rules};
use protocol::{ErrorInfo, ErrorKind, PermissionMode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::environment::{self, Environment, FLAGS};
use super::file::{self, Layer, Owner};
use super::schema::{self, LOCKED_KEY, TABLES};
use super::{Settings, UndercoverSettings, nearest};
use crate::door::Options;
use crate::{Home, flags};

/// Where a value comes from, from the weakest to the strongest.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum SettingLayer {
    /// Nobody set it.
    #[default]
    Default,
    /// The system's file.
    System,
    /// The user's file.
    User,
    /// The project's file, which only tightens.
    Project,
    /// A variable of the environment.
    Environment,
    /// A flag of the command line.
    Flag,
}

/// One value in force and the layer it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettingOrigin {
    /// The key; `rules.deny` for a part of a table.
    pub key: String,
    /// Where it comes from.
    pub layer: SettingLayer,
    /// The value as TOML; empty when there is none.
    pub value_text: String,
    /// No other layer can change it.
    pub locked: bool,
}

/// What reading the layers brought.
pub(crate) struct Loaded {
    pub settings: Settings,
    /// True when the user had no file yet.
    pub first_start: bool,
    /// What the gate goes by: the rules of all layers, or stricter ones where
    /// those cannot be read.
    pub rules: Rules,
    pub notices: Vec<ErrorInfo>,
    pub layers: Layers,
}

/// What is known of the layers while the program runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layers {
    origins: BTreeMap<String, SettingLayer>,
    pub system: System,
    /// Flags that the environment sets.
    pub environment_flags: BTreeMap<String, bool>,
    /// Nobody can tell which projects are under cover, so all are.
    pub all_undercover: bool,
}

/// What the system's file says besides values.
#[derive(Debug, Clone, Default)]
pub(crate) struct System {
    texts: RuleTexts,
    rules: Rules,
    locked: BTreeSet<String>,
    /// No session is looser than this.
    pub loosest: Option<PermissionMode>,
    pub flags: BTreeMap<String, bool>,
    pub undercover: BTreeMap<String, UndercoverSettings>,
}

/// Reads all layers; a missing user's file is the first start.
pub(crate) fn load(home: &Home, environment: &Environment) -> Loaded {
    let mut system = file::read(&home.system_settings_file(), Owner::System);
    let mut user = file::read(&home.settings_file(), Owner::User);
    let mut variables = environment::read(environment);
    let mut notices = Vec::new();
    for layer in [&mut system, &mut user, &mut variables] {
        notices.append(&mut layer.notices);
    }
    let locked = locked_keys(&system, &mut notices);
    let (environment_flags, unclear) = flags::parse_list(environment.get(FLAGS));
    notices.extend(unclear);

    let mut stack = Stack {
        values: toml::Table::try_from(Settings::default()).unwrap_or_default(),
        origins: BTreeMap::new(),
        locked: &locked,
        notices: &mut notices,
    };
    stack.put(SettingLayer::System, &system);
    let loosest = stack.loosest(&system);
    stack.put(SettingLayer::User, &user);
    stack.put(SettingLayer::Environment, &variables);
    let Stack {
        mut values,
        origins,
        ..
    } = stack;
    for table in TABLES {
        values.remove(table);
        if let Some(value) = user.values.get(table) {
            values.insert(table.to_owned(), value.clone());
        }
    }
    let mut settings: Settings = toml::Value::Table(values).try_into().unwrap_or_default();
    if let Some(loosest) = loosest {
        settings.permission_mode = settings.permission_mode.min(loosest);
    }
    let unclear_cover =
        |layer: &Layer| layer.lost || layer.broken.iter().any(|key| key == "undercover");
    let layers = Layers {
        origins,
        environment_flags,
        all_undercover: unclear_cover(&system) || unclear_cover(&user),
        system: System {
            texts: system.table("rules"),
            rules: system.rules.clone(),
            flags: system.table("flags"),
            undercover: system.table("undercover"),
            locked,
            loosest,
        },
    };
    notices.extend(flags::unknown(&[
        &layers.system.flags,
        &settings.flags,
        &layers.environment_flags,
    ]));
    Loaded {
        rules: layers.rules_with(user.rules),
        settings,
        first_start: !user.found,
        notices,
        layers,
    }
}

/// The keys the system locks; names that are none are told.
fn locked_keys(system: &Layer, notices: &mut Vec<ErrorInfo>) -> BTreeSet<String> {
    let known: Vec<&str> = schema::keys().iter().map(|key| key.name.as_str()).collect();
    let is_known = |key: &str| {
        let name = key.strip_prefix("flags.").map_or(key, |_| "flags");
        known.contains(&name)
    };
    for key in system.locked.iter().filter(|key| !is_known(key)) {
        let hint = match nearest(key, known.iter().copied()) {
            Some(known) => format!("Perhaps `{known}` was meant; nothing is locked by it now."),
            None => "Nothing is locked by it.".to_owned(),
        };
        notices.push(ErrorInfo::new(
            ErrorKind::Config,
            format!("The system's settings lock `{key}` (in `{LOCKED_KEY}`), which is no setting."),
            hint,
        ));
    }
    system.locked.iter().cloned().collect()
}

/// Values while the layers are put upon one another.
struct Stack<'a> {
    values: toml::Table,
    origins: BTreeMap<String, SettingLayer>,
    locked: &'a BTreeSet<String>,
    notices: &'a mut Vec<ErrorInfo>,
}

impl Stack<'_> {
    fn put(&mut self, layer: SettingLayer, from: &Layer) {
        let plain = |key: &&String| !TABLES.contains(&key.as_str());
        for (key, value) in from.values.iter().filter(|(key, _)| plain(key)) {
            // A locked mode is the loosest; a stricter one may be chosen.
            let is_fixed = layer != SettingLayer::System
                && self.locked.contains(key)
                && key != "permission_mode";
            if is_fixed {
                self.pass_over(key, value);
            } else {
                self.values.insert(key.clone(), value.clone());
                self.origins.insert(key.clone(), layer);
            }
        }
        for key in &from.broken {
            self.put_strict(layer, key);
        }
    }

    fn pass_over(&mut self, key: &str, value: &toml::Value) {
        if self.values.get(key) != Some(value) {
            self.notices.push(is_set_by_the_system(key));
        }
    }

    /// What stands for a value that makes no sense: never looser than it may
    /// have been.
    fn put_strict(&mut self, layer: SettingLayer, key: &str) {
        let value = match key {
            "permission_mode" => {
                let mode = self.mode().min(PermissionMode::Ask);
                toml::Value::String(mode.name().to_owned())
            }
            "daily_budget_usd" | "session_budget_usd" => toml::Value::Float(f64::MIN_POSITIVE),
            "daily_budget_tokens" | "turn_requests" => toml::Value::Integer(1),
            _ => return,
        };
        self.values.insert(key.to_owned(), value);
        self.origins.insert(key.to_owned(), layer);
    }

    fn mode(&self) -> PermissionMode {
        let name = self
            .values
            .get("permission_mode")
            .and_then(toml::Value::as_str);
        name.and_then(|name| name.parse().ok()).unwrap_or_default()
    }

    /// Asked after the system's file alone is in.
    fn loosest(&self, system: &Layer) -> Option<PermissionMode> {
        if system.lost {
            return Some(PermissionMode::Ask);
        }
        self.locked.contains("permission_mode").then(|| self.mode())
    }
}

impl Layers {
    /// The system's rules with the user's. When the system locks the rules,
    /// the user's allow rules are not among them.
    pub fn rules_with(&self, user: Rules) -> Rules {
        let user = if self.is_locked("rules") {
            user.without_allow()
        } else {
            user
        };
        self.system.rules.clone().and(user)
    }

    pub fn is_locked(&self, key: &str) -> bool {
        let whole = key.split_once('.').map_or(key, |(table, _)| table);
        self.system.locked.contains(key) || self.system.locked.contains(whole)
    }

    /// Whether new settings of the user keep to what the system locks.
    ///
    /// # Errors
    /// The first key that they may not change.
    pub fn check(&self, before: &Settings, after: &Settings) -> Result<(), ErrorInfo> {
        let (Ok(old), Ok(new)) = (toml::Table::try_from(before), toml::Table::try_from(after))
        else {
            return Ok(());
        };
        let changed = schema::keys().iter().map(|key| key.name.as_str());
        for key in changed.filter(|key| old.get(*key) != new.get(*key)) {
            let is_free = match key {
                "permission_mode" => self
                    .system
                    .loosest
                    .is_none_or(|loosest| after.permission_mode <= loosest),
                // Nothing of the user's takes anything away from the system's.
                "rules" | "undercover" => true,
                "flags" => locked_flag(self, before, after).is_none(),
                key => !self.is_locked(key),
            };
            if !is_free {
                return Err(is_set_by_the_system(key));
            }
        }
        Ok(())
    }

    /// Notes that the user set what differs between two states.
    pub fn changed(&mut self, before: &Settings, after: &Settings) {
        let (Ok(old), Ok(new)) = (toml::Table::try_from(before), toml::Table::try_from(after))
        else {
            return;
        };
        for key in schema::keys().iter().map(|key| key.name.as_str()) {
            if old.get(key) == new.get(key) {
                continue;
            }
            if new.contains_key(key) {
                self.origins.insert(key.to_owned(), SettingLayer::User);
            } else {
                self.origins.remove(key);
            }
        }
    }

    /// Takes out of the flags of the command line what the system locks.
    pub fn keep_to(&self, options: &mut Options, notices: &mut Vec<ErrorInfo>) {
        let texts = [
            ("provider", &mut options.provider),
            ("model", &mut options.model),
            ("base_url", &mut options.base_url),
        ];
        for (key, option) in texts {
            if self.is_locked(key) && option.take().is_some() {
                notices.push(is_set_by_the_system(key));
            }
        }
        if let (Some(mode), Some(loosest)) = (options.permission_mode, self.system.loosest)
            && mode > loosest
        {
            options.permission_mode = Some(loosest);
            notices.push(is_set_by_the_system("permission_mode"));
        }
    }

    /// Every value of `settings` with its layer, then the parts of the tables.
    pub fn origins(&self, settings: &Settings, options: &Options) -> Vec<SettingOrigin> {
        let values = toml::Table::try_from(settings).unwrap_or_default();
        let plain = schema::keys().iter().map(|key| key.name.clone());
        let mut all: Vec<SettingOrigin> = plain
            .filter(|key| !TABLES.contains(&key.as_str()))
            .map(|key| SettingOrigin {
                layer: self.origins.get(&key).copied().unwrap_or_default(),
                value_text: values
                    .get(&key)
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                locked: self.is_locked(&key),
                key,
            })
            .collect();
        let flags = [
            ("provider", options.provider.clone()),
            ("model", options.model.clone()),
            ("base_url", options.base_url.clone()),
            (
                "permission_mode",
                options.permission_mode.map(|mode| mode.name().to_owned()),
            ),
        ];
        for (key, value) in flags {
            let origin = all.iter_mut().find(|origin| origin.key == key);
            if let (Some(origin), Some(value)) = (origin, value) {
                origin.layer = SettingLayer::Flag;
                origin.value_text = toml::Value::String(value).to_string();
            }
        }
        for (layer, rules) in [
            (SettingLayer::System, &self.system.texts),
            (SettingLayer::User, &settings.rules),
        ] {
            all.extend(self.rule_origins(layer, rules));
        }
        all
    }

    fn rule_origins(&self, layer: SettingLayer, rules: &RuleTexts) -> Vec<SettingOrigin> {
        let lists = [
            ("rules.deny", &rules.deny),
            ("rules.ask", &rules.ask),
            ("rules.allow", &rules.allow),
        ];
        let lists = lists.into_iter().filter(|(_, list)| !list.is_empty());
        lists
            .map(|(key, list)| SettingOrigin {
                key: key.to_owned(),
                layer,
                value_text: toml::Value::try_from(list)
                    .map(|value| value.to_string())
                    .unwrap_or_default(),
                locked: self.is_locked("rules"),
            })
            .collect()
    }

    /// What is said of the undercover work of a folder: the nearest entry
    /// above it, of the user's and of the system's.
    pub fn undercover<'a>(
        &'a self,
        settings: &'a Settings,
        folder: &Path,
    ) -> Vec<&'a UndercoverSettings> {
        let nearest = |all: &'a BTreeMap<String, UndercoverSettings>| {
            all.iter()
                .filter(|(path, _)| folder.starts_with(path.as_str()))
                .max_by_key(|(path, _)| Path::new(path).components().count())
                .map(|(_, found)| found)
        };
        [
            nearest(&settings.undercover),
            nearest(&self.system.undercover),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

fn locked_flag(layers: &Layers, before: &Settings, after: &Settings) -> Option<String> {
    let names: BTreeSet<&String> = before.flags.keys().chain(after.flags.keys()).collect();
    names
        .into_iter()
        .find(|name| {
            before.flags.get(*name) != after.flags.get(*name)
                && layers.is_locked(&format!("flags.{name}"))
        })
        .cloned()
}

pub(crate) fn is_set_by_the_system(key: &str) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Config,
        format!("The setting `{key}` is set by this machine's settings and cannot be changed."),
        "Whoever looks after this machine can change it in the system's `settings.toml`.",
    )
}
