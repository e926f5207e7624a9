//! How hard a model should think.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How hard a model should think before it answers, from least to most. Each
/// model takes some of these; what it does not take is read as the nearest.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Effort {
    /// As the provider sees fit; requests say nothing of it.
    #[default]
    Auto,
    /// Quick and cheap.
    Low,
    /// Balanced.
    Medium,
    /// Thorough.
    High,
    /// As much as the model can.
    Max,
}

impl Effort {
    /// All of them, least first.
    pub const ALL: [Self; 5] = [Self::Auto, Self::Low, Self::Medium, Self::High, Self::Max];

    /// The stable name, as in flags and settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Max => "max",
        }
    }
}

impl std::str::FromStr for Effort {
    type Err = UnknownEffort;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|effort| effort.name() == text)
            .ok_or_else(|| UnknownEffort(text.to_owned()))
    }
}

/// An effort that is none.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an effort; the efforts are auto, low, medium, high, max")]
pub struct UnknownEffort(String);
