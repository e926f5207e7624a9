//! The speech models that can be installed: a table that ships in the app.
//! It knows where they are and what they must hash to; it loads none.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

const TABLE: &str = include_str!("../../../../models/models.toml");

/// A model that can be downloaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CatalogModel {
    /// Short name, as in `base.en-q5_1`; unique.
    pub name: String,
    /// Where it is, pinned to one revision.
    pub url: String,
    /// SHA-256 of the file, lower-case hex.
    pub sha256: String,
    /// Size of the file.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Licence of the weights.
    pub licence: String,
    /// `en`, or `multilingual`.
    pub language: String,
    /// What it is good for, one sentence.
    pub note: String,
    /// True for the one to offer first.
    #[serde(default)]
    pub recommended: bool,
}

impl CatalogModel {
    /// Name of the installed file.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("ggml-{}.bin", self.name)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    model: Vec<CatalogModel>,
}

/// All models, in the order of the table: small to large.
pub fn models() -> &'static [CatalogModel] {
    static MODELS: OnceLock<Vec<CatalogModel>> = OnceLock::new();
    MODELS.get_or_init(|| match parse(TABLE) {
        Ok(models) => models,
        // A test parses the shipped table, so this cannot be reached; an app
        // without a catalogue still runs with installed models.
        Err(error) => {
            tracing::error!(%error, "the table of speech models is broken");
            Vec::new()
        }
    })
}

/// The model of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static CatalogModel> {
    models().iter().find(|model| model.name == name)
}

fn parse(table: &str) -> Result<Vec<CatalogModel>, toml::de::Error> {
    toml::from_str::<Table>(table).map(|table| table.model)
}

#[cfg(test)]
mod tests;
