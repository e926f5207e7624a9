//! Permission modes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How much runs without a question, from strict to loose. Deny rules hold in
/// every mode.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum PermissionMode {
    /// Reading only; everything else is refused, with a hint to leave plan.
    Plan,
    /// Reading runs, everything else asks. The default.
    #[default]
    Ask,
    /// Edits inside the workspace run too; commands ask.
    Edits,
    /// Runs unasked only what a sandbox confines; asks where there is none.
    Auto,
    /// Runs all that no rule and no protected path forbids.
    Bypass,
}

impl PermissionMode {
    /// All modes, strictest first.
    pub const ALL: [Self; 5] = [Self::Plan, Self::Ask, Self::Edits, Self::Auto, Self::Bypass];

    /// The stable name, as in flags and settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Ask => "ask",
            Self::Edits => "edits",
            Self::Auto => "auto",
            Self::Bypass => "bypass",
        }
    }
}

impl std::str::FromStr for PermissionMode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|mode| mode.name() == text)
            .ok_or_else(|| UnknownMode(text.to_owned()))
    }
}

/// A mode name that is none.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a permission mode; the modes are plan, ask, edits, auto, bypass")]
pub struct UnknownMode(String);
