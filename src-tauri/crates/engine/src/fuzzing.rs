//! The layers of the settings as one function, for the workshop's fuzzer: it
//! says what would be in force, and starts nothing. Only in builds with the
//! feature `fuzzing`.

use std::collections::BTreeMap;
use std::path::Path;

use permission::Rules;
use protocol::{ErrorInfo, PermissionMode};

use crate::settings::project::Project;
use crate::{Home, Settings, settings};

/// What is in force for work in a folder.
pub struct Merged {
    /// All values but those that a project tightens.
    pub settings: Settings,
    /// The mode of a new session.
    pub mode: PermissionMode,
    /// The loosest mode that the system allows, where it says so.
    pub loosest: Option<PermissionMode>,
    /// The rules of all layers.
    pub rules: Rules,
    /// What was not understood, in words.
    pub notices: Vec<String>,
}

/// Reads all layers as a new session in `workspace` would.
#[must_use]
pub fn merged(home: &Home, environment: &BTreeMap<String, String>, workspace: &Path) -> Merged {
    let loaded = settings::load(home, environment);
    let (project, told) = Project::of(workspace);
    let loosest = loaded.layers.system.loosest;
    let project = project.within(loosest);
    let words = |notice: ErrorInfo| notice.message;
    Merged {
        mode: project.cap(loaded.settings.permission_mode),
        loosest,
        rules: project.tighten(loaded.rules),
        notices: loaded.notices.into_iter().chain(told).map(words).collect(),
        settings: loaded.settings,
    }
}
