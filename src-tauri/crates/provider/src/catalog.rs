//! The providers this program knows, from the files of `assets/providers`.
//!
//! A file is parsed when somebody asks for it, not at start. Keys, settings
//! and the choice of a provider belong to the engine.

use std::collections::BTreeMap;

use protocol::{Effort, MediaType, Usage};
use serde::Deserialize;

/// Id and text of every file.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/providers.rs"));

/// What every wire and most models that reason know.
const USUAL_EFFORTS: [Effort; 3] = [Effort::Low, Effort::Medium, Effort::High];

/// One provider.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Stable id: the file's name.
    #[serde(skip)]
    pub id: String,
    /// Name for people.
    pub label: String,
    /// Format its requests and answers have.
    pub wire: Wire,
    /// Where it listens; `{NAME}` stands for an environment variable that
    /// has to be set, unless the user gives an address.
    pub base_url: String,
    /// Environment variable that moves it elsewhere.
    pub base_url_env: Option<String>,
    /// Environment variable that holds the key; none when it needs no key.
    pub key_env: Option<String>,
    /// Header the key goes into as it is, where that is not the wire's own.
    pub key_header: Option<String>,
    /// Model to begin with; empty when only the server knows its models.
    #[serde(default)]
    pub default_model: String,
    /// Model for side jobs such as titles: quick and cheap. Without one they
    /// are not done.
    pub fast_model: Option<String>,
    /// Models with known limits; others may be used by name.
    #[serde(default)]
    pub models: Vec<Model>,
    /// Names that models had once, with those they have now.
    #[serde(default)]
    pub renamed: BTreeMap<String, String>,
    /// How it deviates from Chat Completions, on that wire.
    #[serde(default)]
    pub chat: Chat,
}

/// A wire format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wire {
    /// Anthropic Messages.
    Anthropic,
    /// OpenAI Responses.
    Openai,
    /// OpenAI Chat Completions, which many servers speak more or less.
    OpenaiChat,
    /// Gemini `streamGenerateContent`.
    Gemini,
    /// Ollama's own chat.
    Ollama,
}

/// A server's way of speaking Chat Completions. Fields a server refuses by
/// name are left out anyway; this is for what goes wrong silently or at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Chat {
    /// The field of the output limit; empty means `max_tokens`.
    pub limit_field: String,
    /// It takes a key that keeps a conversation's requests together.
    pub cache_key: bool,
    /// Ids of calls must have exactly this many letters and digits.
    pub call_id_length: Option<usize>,
    /// Messages with calls must bring their reasoning back, even none.
    pub wants_reasoning: bool,
}

/// One model.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Name on the wire.
    pub name: String,
    /// Name for people.
    pub label: String,
    /// Most tokens of prompt and answer together.
    pub context_window: u32,
    /// Most tokens of an answer.
    pub max_output: u32,
    /// How it reasons, as far as requests must say so.
    pub thinking: Option<Thinking>,
    /// The efforts it takes, each as its wire says it; none when its
    /// reasoning cannot be steered.
    #[serde(default)]
    pub efforts: BTreeMap<Effort, Degree>,
    /// It takes images.
    #[serde(default)]
    pub images: bool,
    /// It takes PDF documents.
    #[serde(default)]
    pub pdfs: bool,
    /// What it costs; none when it is free or unknown.
    pub price: Option<Price>,
    /// Another price for the whole request when its prompt is long.
    pub long_prompt: Option<LongPrompt>,
}

/// A way of reasoning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thinking {
    /// The model decides how much; its reasoning can be asked for in summary.
    Adaptive,
    /// The model reasons by itself; a summary can be asked for.
    Summary,
}

/// An effort in a wire's own terms.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Degree {
    /// A word.
    Word(String),
    /// The most tokens of reasoning.
    Tokens(u32),
}

/// US dollars per million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Input outside any cache.
    pub input: f64,
    /// Output, reasoning included.
    pub output: f64,
    /// Input read from the cache.
    pub cache_read: f64,
    /// Input written to the cache.
    pub cache_write: f64,
}

/// A price that starts beyond a prompt length.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LongPrompt {
    /// Prompt tokens, cached ones included, up to which the usual price holds.
    pub above_tokens: u64,
    /// The price beyond.
    pub price: Price,
}

/// Why there is no such entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// No file has this id.
    #[error("There is no provider `{id}`.")]
    Unknown {
        /// The id asked for.
        id: String,
    },
    /// The file is not as it should be.
    #[error("The catalogue entry of `{id}` cannot be read: {reason}")]
    Malformed {
        /// The entry's id.
        id: String,
        /// What the parser says.
        reason: String,
    },
}

/// The ids of all providers, sorted.
pub fn ids() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(id, _)| *id)
}

/// Reads one entry.
///
/// # Errors
/// When there is none with this id, or it cannot be understood.
pub fn load(id: &str) -> Result<Entry, CatalogError> {
    let found = FILES.iter().find(|(known, _)| *known == id);
    let (_, text) = found.ok_or_else(|| CatalogError::Unknown { id: id.to_owned() })?;
    parse(id, text)
}

fn parse(id: &str, text: &str) -> Result<Entry, CatalogError> {
    let malformed = |reason: String| CatalogError::Malformed {
        id: id.to_owned(),
        reason,
    };
    let entry: Entry = toml::from_str(text).map_err(|error| malformed(error.to_string()))?;
    let is_open = entry.models.is_empty() && entry.default_model.is_empty();
    if !is_open && entry.model(&entry.default_model).is_none() {
        return Err(malformed(format!(
            "its default model `{}` is not among its models",
            entry.default_model
        )));
    }
    let fast = entry.fast_model.as_deref();
    if let Some(unknown) = fast.filter(|name| entry.model(name).is_none()) {
        return Err(malformed(format!(
            "its fast model `{unknown}` is not among its models"
        )));
    }
    Ok(Entry {
        id: id.to_owned(),
        ..entry
    })
}

impl Entry {
    /// Whether it usually runs on this machine: it needs no key, and only
    /// the server knows its models.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.key_env.is_none() && self.models.is_empty()
    }

    /// Where it listens, with the environment's values in their places.
    ///
    /// # Errors
    /// The name of a variable that is needed and not set.
    pub fn address(&self, variable: impl Fn(&str) -> Option<String>) -> Result<String, String> {
        let mut address = String::new();
        let mut rest = self.base_url.as_str();
        while let Some((before, (name, after))) = placeholder(rest) {
            let value = variable(name).unwrap_or_default();
            let value = value.trim().trim_end_matches('/');
            if value.is_empty() {
                return Err(name.to_owned());
            }
            address.push_str(before);
            // Some give the whole address where its beginning is asked for.
            address.push_str(value.strip_suffix(after).unwrap_or(value));
            rest = after;
        }
        address.push_str(rest);
        Ok(address)
    }

    /// The name a model has now; none when it has no other.
    #[must_use]
    pub fn new_name(&self, model: &str) -> Option<&str> {
        self.renamed.get(model).map(String::as_str)
    }

    /// The efforts a model takes, least first. A model nobody knows is taken
    /// for one that knows the usual words, where its wire can do without
    /// them when it does not.
    #[must_use]
    pub fn efforts(&self, model: &str) -> Vec<Effort> {
        match self.model(model) {
            Some(model) => model.efforts.keys().copied().collect(),
            None if self.wire == Wire::Gemini => Vec::new(),
            None => USUAL_EFFORTS.to_vec(),
        }
    }

    /// Whether a model takes files of this kind. One nobody knows may take
    /// images; when it does not, its server says so and is asked without.
    #[must_use]
    pub fn takes(&self, model: &str, media_type: MediaType) -> bool {
        match self.model(model) {
            // Of the images only Gemini's wire knows no GIF.
            _ if self.wire == Wire::Gemini && media_type == MediaType::Gif => false,
            Some(model) if media_type.is_image() => model.images,
            Some(model) => model.pdfs,
            None => media_type.is_image(),
        }
    }

    /// The effort a model takes that is nearest to the one asked for, and of
    /// two the lesser, since more costs more; `auto` when it takes none.
    #[must_use]
    pub fn nearest_effort(&self, model: &str, asked: Effort) -> Effort {
        if asked == Effort::Auto {
            return asked;
        }
        let distance = |taken: &Effort| (*taken as u8).abs_diff(asked as u8);
        let nearest = self.efforts(model).into_iter().min_by_key(distance);
        nearest.unwrap_or_default()
    }

    /// How the wire says an effort to a model; none when nothing is said.
    pub(crate) fn degree(&self, model: &str, effort: Effort) -> Option<Degree> {
        let nearest = self.nearest_effort(model, effort);
        if nearest == Effort::Auto {
            return None;
        }
        match self.model(model) {
            Some(model) => model.efforts.get(&nearest).cloned(),
            None => Some(Degree::Word(nearest.name().to_owned())),
        }
    }

    /// A model by its name on the wire.
    #[must_use]
    pub fn model(&self, name: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.name == name)
    }
}

/// What stands before the first placeholder, its name, and what follows it.
fn placeholder(text: &str) -> Option<(&str, (&str, &str))> {
    let (before, rest) = text.split_once('{')?;
    Some((before, rest.split_once('}')?))
}

impl Model {
    /// What one request cost in US dollars, if that is known.
    #[must_use]
    pub fn cost(&self, usage: &Usage) -> Option<f64> {
        let prompt_tokens = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens;
        let long = self
            .long_prompt
            .filter(|long| prompt_tokens > long.above_tokens);
        let price = long.map(|long| long.price).or(self.price)?;
        let parts = [
            (usage.input_tokens, price.input),
            (usage.output_tokens, price.output),
            (usage.cache_read_tokens, price.cache_read),
            (usage.cache_write_tokens, price.cache_write),
        ];
        #[expect(
            clippy::cast_precision_loss,
            reason = "token counts stay far below 2^52"
        )]
        let dollars = parts
            .iter()
            .map(|&(tokens, price)| tokens as f64 * price / 1e6)
            .sum();
        Some(dollars)
    }
}

#[cfg(test)]
mod tests;
