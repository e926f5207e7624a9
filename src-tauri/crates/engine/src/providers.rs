//! Who answers: what each provider needs, where its key comes from, and the
//! choice between them. Without a key and without a network it is always the
//! offline commander.

mod facts;

use std::sync::Arc;

use protocol::{Effort, ErrorInfo, ErrorKind, Usage};
use provider::catalog::{self, Entry};
use provider::discover::{self, LocalServer};
use provider::{ApiKey, HttpClient, Offline, Provider, Remote};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::door::{Options, needs_price, off_runtime};
use crate::keys::{Found, Keys};
use crate::{Settings, keys, search};

pub use facts::{ModelFacts, ModelPrice};

/// Id of the commander that needs nothing.
const OFFLINE: &str = "offline";

/// Tried in this order when nobody chose: where the environment has a key.
const KEYED: [&str; 3] = ["anthropic", "openai", "gemini"];

/// What a provider needs or has, for a list to choose from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProviderStatus {
    /// Stable id.
    pub id: String,
    /// Name to read.
    pub label: String,
    /// It can be chosen now.
    pub ready: bool,
    /// One sentence: what was found, or what is missing.
    pub detail: String,
    /// What to do when it is not ready; empty otherwise.
    pub fix: String,
    /// It wants a key.
    pub needs_key: bool,
    /// Where its key comes from.
    pub key_source: KeySource,
    /// Model names it offers.
    pub models: Vec<String>,
    /// What is known of each of them, in the same order.
    pub model_facts: Vec<ModelFacts>,
    /// The model taken when none is chosen.
    pub default_model: String,
}

/// Where a key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeySource {
    /// The user's environment.
    Environment,
    /// The system's keyring.
    Keyring,
    /// The file of keys, which is open.
    File,
    /// The file of keys, which is locked: the key cannot be used yet.
    Locked,
    /// There is none, or none is needed.
    None,
}

/// Who answers now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ActiveProvider {
    /// Stable id.
    pub id: String,
    /// Name to read.
    pub label: String,
    /// Model name.
    pub model: String,
    /// How hard it thinks: what was asked for, or the nearest it takes.
    pub effort: Effort,
    /// The efforts the model takes, least first; none when it takes none.
    pub efforts: Vec<Effort>,
    /// It is the commander that needs no network.
    pub offline: bool,
}

/// A provider ready for a turn.
pub(crate) struct Chosen {
    pub provider: Arc<dyn Provider>,
    pub active: ActiveProvider,
    pub max_output_tokens: u32,
    /// Tokens the model takes, where that is known.
    pub window: Option<u64>,
    /// Model for side jobs, where there is one that fits the user's budget.
    pub fast_model: Option<String>,
    /// Something the user should know of this choice.
    pub notice: Option<String>,
    /// US dollars for some tokens.
    pub price: Arc<dyn Fn(&Usage) -> f64 + Send + Sync>,
}

/// Looks at every provider and at the usual local servers.
pub(crate) async fn survey(
    http: &HttpClient,
    settings: &Settings,
    keys: &Arc<Keys>,
) -> Vec<ProviderStatus> {
    let (settings, keys) = (settings.clone(), Arc::clone(keys));
    let (servers, keyed) = tokio::join!(
        discover::local_servers(http),
        off_runtime(move || Ok(keyed_providers(&settings, &keys)))
    );
    let mut list = keyed.unwrap_or_default();
    list.extend(entries().filter(Entry::is_local).map(|entry| {
        let found = servers.iter().find(|server| server.id == entry.id);
        match found {
            Some(server) => running_status(&entry, server),
            None => silent_status(&entry),
        }
    }));
    list.push(offline_status());
    list
}

/// Every entry of the catalogue that can be read.
fn entries() -> impl Iterator<Item = Entry> {
    catalog::ids().filter_map(|id| {
        catalog::load(id)
            .inspect_err(|error| tracing::error!(%error, "a catalogue entry cannot be used"))
            .ok()
    })
}

fn running_status(entry: &Entry, server: &LocalServer) -> ProviderStatus {
    let count = server.models.len();
    let models = if count == 1 { "model" } else { "models" };
    ProviderStatus {
        ready: count > 0,
        detail: format!("Running at {} with {count} {models}.", server.base_url),
        fix: if count > 0 {
            String::new()
        } else {
            format!("Get a model for {} first.", entry.label)
        },
        default_model: server.models.first().cloned().unwrap_or_default(),
        model_facts: facts::of(entry, &server.models),
        models: server.models.clone(),
        ..silent_status(entry)
    }
}

fn silent_status(entry: &Entry) -> ProviderStatus {
    ProviderStatus {
        id: entry.id.clone(),
        label: entry.label.clone(),
        ready: false,
        detail: format!("Nobody answers at {}.", entry.base_url),
        fix: format!("Start {}, or set its base URL.", entry.label),
        needs_key: false,
        key_source: KeySource::None,
        models: Vec::new(),
        model_facts: Vec::new(),
        default_model: String::new(),
    }
}

fn offline_status() -> ProviderStatus {
    ProviderStatus {
        id: OFFLINE.into(),
        label: "Offline commander".into(),
        ready: true,
        detail: "Works without a key or a network, on plain requests.".into(),
        fix: String::new(),
        needs_key: false,
        key_source: KeySource::None,
        models: vec![OFFLINE.into()],
        model_facts: vec![facts::offline(OFFLINE)],
        default_model: OFFLINE.into(),
    }
}

fn keyed_providers(settings: &Settings, keys: &Keys) -> Vec<ProviderStatus> {
    entries()
        .filter(|entry| !entry.is_local())
        .map(|entry| status_of(&entry, settings, keys))
        .collect()
}

fn status_of(entry: &Entry, settings: &Settings, keys: &Keys) -> ProviderStatus {
    let variable = entry.key_env.as_deref().unwrap_or_default();
    let (key, key_source) = find_key(entry, keys);
    let detail = match key_source {
        KeySource::Environment => format!("Key from {variable}."),
        KeySource::Keyring => "Key from the keyring.".to_owned(),
        KeySource::File => "Key from the file of keys.".to_owned(),
        KeySource::Locked => "Its key is in the file of keys, which is locked.".to_owned(),
        KeySource::None => "No key yet.".to_owned(),
    };
    let has_key = entry.key_env.is_none() || key.is_some();
    let options = Options::default();
    let address = wanted_base_url(entry, settings, &options).err();
    let model = wanted_model(entry, settings, &options);
    let (detail, fix) = match (has_key, address, &model) {
        (false, ..) if key_source == KeySource::Locked => (detail, keys::locked().hints.join(" ")),
        (false, ..) => (
            detail,
            format!("Set {variable}, or enter a key in the settings."),
        ),
        (true, Some(missing), _) => (missing.message, missing.hints.join(" ")),
        (true, None, None) => {
            let missing = no_model(entry);
            (missing.message, missing.hints.join(" "))
        }
        (true, None, Some(_)) => (detail, String::new()),
    };
    let models: Vec<String> = entry
        .models
        .iter()
        .map(|model| model.name.clone())
        .collect();
    ProviderStatus {
        id: entry.id.clone(),
        label: entry.label.clone(),
        ready: fix.is_empty(),
        detail,
        fix,
        needs_key: entry.key_env.is_some(),
        key_source,
        model_facts: facts::of(entry, &models),
        models,
        default_model: match entry.default_model.as_str() {
            "" => model.unwrap_or_default(),
            model => model.to_owned(),
        },
    }
}

/// The environment goes before the keyring: it is what the user set last and
/// nearest. Talks to D-Bus when the environment has no key.
fn find_key(entry: &Entry, keys: &Keys) -> (Option<ApiKey>, KeySource) {
    let Some(variable) = entry.key_env.as_deref() else {
        return (None, KeySource::None);
    };
    if let Some(key) = key_of_environment(variable) {
        return (Some(key), KeySource::Environment);
    }
    match keys.find(&entry.id) {
        Found::Keyring(key) => (Some(ApiKey::new(&key)), KeySource::Keyring),
        Found::File(key) => (Some(ApiKey::new(&key)), KeySource::File),
        Found::Locked => (None, KeySource::Locked),
        Found::Nowhere => (None, KeySource::None),
    }
}

fn key_of_environment(variable: &str) -> Option<ApiKey> {
    let key = std::env::var(variable).ok()?;
    Some(ApiKey::new(&key)).filter(|key| !key.is_empty())
}

/// Chooses who answers: what the flags say, else what the settings say, else
/// the first provider the environment has a key for, else Anthropic where
/// the keyring has one, else the offline commander.
pub(crate) async fn choose(
    http: &HttpClient,
    settings: &Settings,
    options: &Options,
    keys: &Arc<Keys>,
) -> Result<Chosen, ErrorInfo> {
    let wanted = options
        .provider
        .as_deref()
        .unwrap_or(&settings.provider)
        .trim();
    match wanted {
        OFFLINE => Ok(offline()),
        "" => {
            let id = first_keyed();
            match connect(http, id, settings, options, keys).await {
                // A key that is only locked is one they want to use.
                Err(error) if error.kind == ErrorKind::Auth && !keys.is_locked_for(id) => {
                    Ok(offline())
                }
                chosen => chosen,
            }
        }
        id => connect(http, id, settings, options, keys).await,
    }
}

/// Only the environment is asked about all of them: each look into a keyring
/// takes its time, and this is on the way to every first answer.
fn first_keyed() -> &'static str {
    let has_key = |id: &&str| {
        let entry = catalog::load(id).ok();
        let variable = entry.and_then(|entry| entry.key_env);
        variable.is_some_and(|variable| key_of_environment(&variable).is_some())
    };
    let [anthropic, ..] = KEYED;
    KEYED.into_iter().find(has_key).unwrap_or(anthropic)
}

fn offline() -> Chosen {
    Chosen {
        provider: Arc::new(Offline::new()),
        active: ActiveProvider {
            id: OFFLINE.into(),
            label: "Offline commander".into(),
            model: OFFLINE.into(),
            effort: Effort::Auto,
            efforts: Vec::new(),
            offline: true,
        },
        max_output_tokens: 0,
        window: None,
        fast_model: None,
        notice: None,
        price: Arc::new(|_| 0.0),
    }
}

async fn connect(
    http: &HttpClient,
    id: &str,
    settings: &Settings,
    options: &Options,
    keys: &Arc<Keys>,
) -> Result<Chosen, ErrorInfo> {
    let entry = catalog::load(id).map_err(|_| unknown_provider(id))?;
    let base_url = wanted_base_url(&entry, settings, options)?;
    let key = wanted_key(&entry, options, keys).await?;
    let model = match wanted_model(&entry, settings, options) {
        Some(model) => model,
        None if entry.is_local() => first_model(http, &entry, &base_url).await?,
        None => return Err(no_model(&entry)),
    };
    let (model, notice) = current(&entry, model);
    let price = price_of(&entry, &model);
    let bounded = options.limits.max_cost_usd.is_some() || needs_price(settings);
    if bounded && price.is_none() && !entry.is_local() {
        return Err(ErrorInfo::new(
            ErrorKind::Usage,
            format!("The price of `{model}` is not known, so a budget cannot be kept."),
            "Choose a model of the catalogue, or set no budget (--max-cost, daily budget).",
        ));
    }
    let max_output_tokens = max_output_tokens(&entry, &model);
    let window = window(&entry, &model, settings);
    let fast_model =
        fast_model(&entry, settings).filter(|model| !bounded || price_of(&entry, model).is_some());
    let active = ActiveProvider {
        id: entry.id.clone(),
        label: entry.label.clone(),
        effort: entry.nearest_effort(&model, options.effort.unwrap_or(settings.effort)),
        efforts: entry.efforts(&model),
        model,
        offline: false,
    };
    Ok(Chosen {
        provider: Arc::new(Remote::connect(http.clone(), entry, &base_url, key)?),
        active,
        max_output_tokens,
        window,
        fast_model,
        notice,
        price: price.unwrap_or_else(|| Arc::new(|_| 0.0)),
    })
}

/// The name the model has now, and what to say when it had another.
fn current(entry: &Entry, model: String) -> (String, Option<String>) {
    match entry.new_name(&model) {
        Some(new) => {
            let notice = format!(
                "`{model}` is no longer a model of {}; `{new}` answers instead.",
                entry.label
            );
            (new.to_owned(), Some(notice))
        }
        None => (model, None),
    }
}

/// What the user set, or the catalogue's.
fn window(entry: &Entry, model: &str, settings: &Settings) -> Option<u64> {
    match settings.context_window {
        0 => entry
            .model(model)
            .map(|model| u64::from(model.context_window)),
        tokens => Some(tokens),
    }
}

/// What the user set, or the catalogue's.
fn fast_model(entry: &Entry, settings: &Settings) -> Option<String> {
    let of_settings = (settings.provider == entry.id).then(|| settings.fast_model.trim());
    let of_settings = of_settings.filter(|name| !name.is_empty());
    of_settings.map(str::to_owned).or(entry.fast_model.clone())
}

/// A local server knows best how much its model can say.
fn max_output_tokens(entry: &Entry, model: &str) -> u32 {
    match entry.model(model) {
        Some(model) => model.max_output.min(LONGEST_OUTPUT),
        None if entry.is_local() => 0,
        None => UNKNOWN_MAX_OUTPUT,
    }
}

/// The model a server offers first, where the catalogue names none.
async fn first_model(
    http: &HttpClient,
    entry: &Entry,
    base_url: &str,
) -> Result<String, ErrorInfo> {
    let models = discover::models(http, entry, base_url).await;
    let models = models.ok_or_else(|| {
        ErrorInfo::new(
            ErrorKind::Unreachable,
            format!("{} does not answer at {base_url}.", entry.label),
            format!("Start {}, or set its base URL.", entry.label),
        )
    })?;
    models.into_iter().next().ok_or_else(|| {
        ErrorInfo::new(
            ErrorKind::NotFound,
            format!("{} has no model yet.", entry.label),
            format!("Get a model for {} first.", entry.label),
        )
    })
}

/// Asked of a model the catalogue does not know; every current model can.
const UNKNOWN_MAX_OUTPUT: u32 = 8_192;

/// Asked of a model that could do more: an answer beyond it is a mistake far
/// more often than wanted, and providers count the whole against rate limits.
const LONGEST_OUTPUT: u32 = 32_000;

type Price = Arc<dyn Fn(&Usage) -> f64 + Send + Sync>;

/// What runs on the user's own machine costs nothing.
fn price_of(entry: &Entry, model: &str) -> Option<Price> {
    if entry.is_local() {
        return Some(Arc::new(|_| 0.0));
    }
    let model = entry.model(model)?.clone();
    model.cost(&Usage::default())?;
    Some(Arc::new(move |usage| {
        model.cost(usage).unwrap_or(f64::INFINITY)
    }))
}

fn wanted_model(entry: &Entry, settings: &Settings, options: &Options) -> Option<String> {
    // A model of the settings belongs to the provider of the settings.
    let of_settings = (settings.provider == entry.id).then_some(settings.model.as_str());
    let wanted = options
        .model
        .as_deref()
        .or(of_settings)
        .unwrap_or_default()
        .trim();
    [wanted, &entry.default_model]
        .into_iter()
        .find(|name| !name.is_empty())
        .map(str::to_owned)
}

/// # Errors
/// When a part of the address is the user's to give, and is not given.
fn wanted_base_url(
    entry: &Entry,
    settings: &Settings,
    options: &Options,
) -> Result<String, ErrorInfo> {
    let of_settings = (settings.provider == entry.id).then(|| settings.base_url.clone());
    let of_environment = || {
        entry
            .base_url_env
            .as_ref()
            .and_then(|name| std::env::var(name).ok())
    };
    let given = options
        .base_url
        .clone()
        .or_else(|| of_settings.filter(|url| !url.trim().is_empty()))
        .or_else(|| of_environment().filter(|url| !url.trim().is_empty()));
    if let Some(url) = given {
        return Ok(url);
    }
    let address = entry.address(|name| std::env::var(name).ok());
    address.map_err(|missing| {
        ErrorInfo::new(
            ErrorKind::Config,
            format!("The address of {} is not known.", entry.label),
            format!("Set {missing}, or choose {} with a base URL.", entry.label),
        )
    })
}

/// Only its owner knows what the models of such a provider are called.
fn no_model(entry: &Entry) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Config,
        format!("No model of {} is chosen.", entry.label),
        format!(
            "Choose one by its name there: `/model {}/NAME` or `--model NAME`.",
            entry.id
        ),
    )
}

async fn wanted_key(
    entry: &Entry,
    options: &Options,
    keys: &Arc<Keys>,
) -> Result<ApiKey, ErrorInfo> {
    if let Some(key) = &options.api_key {
        return Ok(ApiKey::new(key));
    }
    if entry.key_env.is_none() {
        return Ok(ApiKey::new(""));
    }
    let found = {
        let (entry, keys) = (entry.clone(), Arc::clone(keys));
        off_runtime(move || Ok(find_key(&entry, &keys))).await?
    };
    match found {
        (Some(key), _) => Ok(key),
        (None, KeySource::Locked) => Err(keys::locked()),
        (None, _) => Err(ErrorInfo::new(
            ErrorKind::Auth,
            format!("There is no key for {}.", entry.label),
            format!(
                "Set {} or enter a key in the settings; the offline commander works without one.",
                entry.key_env.as_deref().unwrap_or("its key")
            ),
        )),
    }
}

fn unknown_provider(id: &str) -> ErrorInfo {
    let known: Vec<_> = catalog::ids().chain([OFFLINE]).collect();
    ErrorInfo::new(
        ErrorKind::Usage,
        format!("There is no provider `{id}` in this version."),
        format!("Providers: {}.", known.join(", ")),
    )
}

/// Id and key as they are kept: of a provider, or of a search engine.
pub(crate) fn key_for(id: &str, key: &str) -> Result<(String, String), ErrorInfo> {
    let id = match search::is_keyed(id) {
        true => id.to_owned(),
        false => catalog::load(id).map_err(|_| unknown_provider(id))?.id,
    };
    let key = key.trim().to_owned();
    if key.is_empty() {
        return Err(ErrorInfo::new(
            ErrorKind::Usage,
            "The key is empty.",
            "Paste the whole key.",
        ));
    }
    Ok((id, key))
}
