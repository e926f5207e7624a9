//! Rules as settings hold them: a text, or a text with what is known of it.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;

/// The rules as settings hold them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct RuleTexts {
    /// Run without asking.
    pub allow: Vec<RuleEntry>,
    /// Always ask, whatever else allows it.
    pub ask: Vec<RuleEntry>,
    /// Never run.
    pub deny: Vec<RuleEntry>,
}

/// One rule of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(untagged)]
pub enum RuleEntry {
    /// The rule alone: it holds everywhere and until it is removed.
    Text(String),
    /// The rule with its bounds.
    Kept(Box<KeptRule>),
}

/// A rule with where and how long it holds, where it comes from, and examples
/// that show what it means.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct KeptRule {
    /// The rule.
    pub rule: String,
    /// Absolute path of the only folder it holds in; none means everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The last day it holds (UTC), `YYYY-MM-DD`; none means for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Who made it; none means written by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<RuleSource>,
    /// When it was saved, Unix time in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "number | null")]
    pub saved_ms: Option<u64>,
    /// Commands or paths that it must fit; the rule is broken otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<String>,
    /// Commands or paths that it must not fit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_matches: Vec<String>,
}

/// Who made a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RuleSource {
    /// A person wrote it.
    Hand,
    /// It was saved with the answer to a question.
    Answer,
}

impl RuleEntry {
    /// The rule itself.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Kept(kept) => &kept.rule,
        }
    }

    /// What is known of it beyond its text.
    #[must_use]
    pub fn kept(&self) -> Option<&KeptRule> {
        match self {
            Self::Text(_) => None,
            Self::Kept(kept) => Some(kept),
        }
    }
}

impl From<&str> for RuleEntry {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for RuleEntry {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<KeptRule> for RuleEntry {
    fn from(kept: KeptRule) -> Self {
        Self::Kept(Box::new(kept))
    }
}

/// By hand, since an untagged enum would only say that nothing fits.
impl<'de> Deserialize<'de> for RuleEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = RuleEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a rule, or a table with `rule` in it")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<RuleEntry, E> {
                Ok(text.into())
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RuleEntry, A::Error> {
                KeptRule::deserialize(MapAccessDeserializer::new(map)).map(RuleEntry::from)
            }
        }
        deserializer.deserialize_any(Either)
    }
}
