//! The settings and the feature flags at the door: what holds, where it comes
//! from, and how it is changed.

use std::collections::BTreeMap;
use std::path::Path;

use permission::Rules;
use protocol::{AuditKind, ErrorInfo, ErrorKind, PermissionMode};

use super::{Engine, Inner, Options, lock, off_runtime};
use crate::flags::{self, FlagView, Sources};
use crate::search;
use crate::settings::project::Project;
use crate::settings::{self, SettingLayer, SettingOrigin, Settings};

impl Engine {
    /// The settings in force, flags not included. Tables (rules, feature
    /// flags, undercover) are the user's own.
    #[must_use]
    pub fn settings(&self) -> Settings {
        lock(&self.inner.settings).clone()
    }

    /// Puts new settings in force and saves what changed in them. They are in
    /// force even when saving fails; their rules hold for open sessions, too.
    ///
    /// # Errors
    /// When a changed rule cannot be read or the system's settings forbid the
    /// change (nothing is changed then), or the file cannot be written.
    pub async fn update_settings(&self, new: Settings) -> Result<(), ErrorInfo> {
        let before = self.settings();
        lock(&self.inner.layers).check(&before, &new)?;
        if new.search_url != before.search_url {
            search::check(&new).map_err(|error| search::unusable(&error))?;
            self.inner.search_changed();
        }
        if new.rules != before.rules {
            let rules = settings::checked_rules(&new)?;
            self.inner.set_rules(&rules);
            let what = ("rules".to_owned(), settings::rule_changes(&before, &new));
            self.inner
                .put_on_record(AuditKind::RulesChanged, None, what)
                .await;
        }
        *lock(&self.inner.settings) = new.clone();
        lock(&self.inner.layers).changed(&before, &new);
        for session in self.inner.open_sessions() {
            session.set_cover(self.inner.cover(&session));
        }
        let home = self.inner.home.clone();
        // What an earlier save could not write is written with this one.
        let saved = lock(&self.inner.saved).clone();
        let kept = new.clone();
        off_runtime(move || settings::save(&home, &saved, &new)).await?;
        *lock(&self.inner.saved) = kept;
        Ok(())
    }

    /// Every setting in force and where it comes from; flags of this process
    /// included, what a project says not.
    #[must_use]
    pub fn setting_origins(&self) -> Vec<SettingOrigin> {
        let settings = self.settings();
        let layers = lock(&self.inner.layers).clone();
        let mut all = layers.origins(&settings, &self.inner.options);
        all.extend(self.flags().into_iter().map(|flag| SettingOrigin {
            key: format!("flags.{}", flag.name),
            layer: flag.layer,
            value_text: flag.on.to_string(),
            locked: flag.locked,
        }));
        for (layer, projects) in [
            (SettingLayer::System, &layers.system.undercover),
            (SettingLayer::User, &settings.undercover),
        ] {
            all.extend(projects.iter().map(|(path, project)| SettingOrigin {
                key: format!("undercover.{}", toml::Value::String(path.clone())),
                layer,
                value_text: project.enabled.to_string(),
                locked: layer == SettingLayer::System,
            }));
        }
        all
    }

    /// The same for work in a folder, whose project may tighten the mode.
    ///
    /// # Errors
    /// When the folder does not exist or is none.
    pub fn setting_origins_in(&self, folder: &Path) -> Result<Vec<SettingOrigin>, ErrorInfo> {
        let folder = super::usable_workspace(folder)?;
        let (project, _) = Project::of(&folder);
        let mut all = self.setting_origins();
        let mode = all
            .iter_mut()
            .find(|origin| origin.key == "permission_mode");
        if let (Some(origin), Some(loosest)) = (mode, project.loosest())
            && loosest < self.inner.initial_mode()
        {
            origin.layer = SettingLayer::Project;
            origin.value_text = mode_text(loosest);
        }
        if project.undercover.is_some() {
            all.push(SettingOrigin {
                key: "undercover.enabled".to_owned(),
                layer: SettingLayer::Project,
                value_text: "true".to_owned(),
                locked: false,
            });
        }
        Ok(all)
    }

    /// Every feature flag and what holds for it.
    #[must_use]
    pub fn flags(&self) -> Vec<FlagView> {
        self.inner.with_flags(|sources| sources.views())
    }

    /// Whether a feature is on and this program has it.
    #[must_use]
    pub fn has(&self, flag: &str) -> bool {
        self.inner.flag(flag)
    }

    /// Turns a feature flag on or off in the user's settings, or leaves it to
    /// the layers below again (`None`). It holds from the next message on.
    ///
    /// # Errors
    /// No such flag, the system's settings fix it, or the file cannot be
    /// written.
    pub async fn set_flag(&self, name: &str, on: Option<bool>) -> Result<FlagView, ErrorInfo> {
        if let Some(problem) = flags::problem(name) {
            return Err(ErrorInfo {
                kind: ErrorKind::Usage,
                ..problem
            });
        }
        let mut settings = self.settings();
        match on {
            Some(on) => settings.flags.insert(name.to_owned(), on),
            None => settings.flags.remove(name),
        };
        self.update_settings(settings).await?;
        let view = self.flags().into_iter().find(|flag| flag.name == name);
        view.ok_or_else(|| {
            ErrorInfo::new(
                ErrorKind::Internal,
                format!("The flag `{name}` is not listed."),
                "Please report this.",
            )
        })
    }
}

impl Inner {
    fn with_flags<T>(&self, look: impl FnOnce(&Sources<'_>) -> T) -> T {
        let user = lock(&self.settings).flags.clone();
        let layers = lock(&self.layers);
        look(&Sources {
            system: &layers.system.flags,
            user: &user,
            environment: &layers.environment_flags,
            command_line: &self.flags,
            is_locked: &|name| layers.is_locked(&format!("flags.{name}")),
            lacking: &self.options.lacking,
        })
    }

    /// Whether a feature is on.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.with_flags(|sources| sources.is_on(name))
    }

    fn set_rules(&self, user: &Rules) {
        let rules = lock(&self.layers).rules_with(user.clone());
        for session in self.open_sessions() {
            session.set_rules(rules.clone());
        }
        *lock(&self.rules) = rules;
    }
}

/// The flags of the command line.
///
/// # Errors
/// A name that is no flag: what was typed for this run must not be passed over.
pub(super) fn command_line_flags(options: &Options) -> Result<BTreeMap<String, bool>, ErrorInfo> {
    let text = options.flags.join(",");
    let (flags, unclear) = flags::parse_list(Some(&text));
    let problem = unclear.into_iter().chain(flags::unknown(&[&flags])).next();
    match problem {
        Some(problem) => Err(ErrorInfo {
            kind: ErrorKind::Usage,
            ..problem
        }),
        None => Ok(flags),
    }
}

fn mode_text(mode: PermissionMode) -> String {
    toml::Value::String(mode.name().to_owned()).to_string()
}
