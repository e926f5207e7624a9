//! What the window shows of a model before it is chosen.

use protocol::{Effort, MediaType};
use provider::catalog::{Entry, Price};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is known of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ModelFacts {
    /// Name on the wire.
    pub name: String,
    /// Name to read.
    pub label: String,
    /// Tokens it takes; none when that is not known.
    pub context_window: Option<u32>,
    /// The efforts it takes, least first; none when it takes none.
    pub efforts: Vec<Effort>,
    /// It takes images, as far as is known.
    pub images: bool,
    /// It takes PDF documents.
    pub pdfs: bool,
    /// US dollars per million tokens; none when it is free or unknown.
    pub price: Option<ModelPrice>,
}

/// US dollars per million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct ModelPrice {
    /// Input outside any cache.
    pub input: f64,
    /// Output, reasoning included.
    pub output: f64,
    /// Input read from the cache.
    pub cache_read: f64,
    /// Input written to the cache.
    pub cache_write: f64,
}

impl From<Price> for ModelPrice {
    fn from(price: Price) -> Self {
        Self {
            input: price.input,
            output: price.output,
            cache_read: price.cache_read,
            cache_write: price.cache_write,
        }
    }
}

/// The facts of these models of a provider.
pub(super) fn of(entry: &Entry, names: &[String]) -> Vec<ModelFacts> {
    names.iter().map(|name| fact(entry, name)).collect()
}

/// The facts of the commander.
pub(super) fn offline(name: &str) -> ModelFacts {
    ModelFacts {
        name: name.to_owned(),
        label: name.to_owned(),
        context_window: None,
        efforts: Vec::new(),
        images: false,
        pdfs: false,
        price: None,
    }
}

fn fact(entry: &Entry, name: &str) -> ModelFacts {
    let known = entry.model(name);
    ModelFacts {
        name: name.to_owned(),
        label: known.map_or_else(|| name.to_owned(), |model| model.label.clone()),
        context_window: known.map(|model| model.context_window),
        efforts: entry.efforts(name),
        images: entry.takes(name, MediaType::Png),
        pdfs: entry.takes(name, MediaType::Pdf),
        price: known.and_then(|model| model.price).map(ModelPrice::from),
    }
}
