//! Settings from the environment: `FAMILIAR_MODEL` sets `model`, and so on for
//! every key that is no table. Such a value holds for one process and is never
//! written to a file.

use std::collections::BTreeMap;

use protocol::{ErrorInfo, ErrorKind};

use super::file::{self, Layer};
use super::schema::{self, Kind};

const PREFIX: &str = "FAMILIAR_";

/// Names and values of variables.
pub(crate) type Environment = BTreeMap<String, String>;

/// A variable that sets something.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct EnvironmentVariable {
    /// Its name.
    pub name: String,
    /// The setting.
    pub key: String,
    /// What the setting is, one sentence.
    pub about: String,
}

/// Every variable that sets something, by the order of the settings.
#[must_use]
pub fn environment_variables() -> Vec<EnvironmentVariable> {
    let keys = schema::keys().iter().filter(|key| key.is_settable());
    let mut all: Vec<EnvironmentVariable> = keys
        .map(|key| EnvironmentVariable {
            name: variable(&key.name),
            about: key.about.clone(),
            key: key.name.clone(),
        })
        .collect();
    all.push(EnvironmentVariable {
        name: FLAGS.to_owned(),
        key: "flags".to_owned(),
        about: "Feature flags, separated by commas; a minus turns one off.".to_owned(),
    });
    all
}

/// Holds feature flags.
pub(super) const FLAGS: &str = "FAMILIAR_FLAGS";

/// The variable of a setting.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_ascii_uppercase())
}

/// Our variables of this process; those that are no Unicode are passed over.
pub(crate) fn process_environment() -> Environment {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with(PREFIX))
        .collect()
}

/// What the variables set. An empty one sets nothing.
pub(super) fn read(environment: &Environment) -> Layer {
    let mut layer = Layer::default();
    for key in schema::keys().iter().filter(|key| key.is_settable()) {
        let name = variable(&key.name);
        let Some(text) = environment
            .get(&name)
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
        else {
            continue;
        };
        let value = match parse(text, key.kind) {
            Ok(value) => file::understood(&key.name, &value).map(|()| value),
            Err(problem) => Err(problem),
        };
        match value {
            Ok(value) => {
                layer.values.insert(key.name.clone(), value);
            }
            Err(problem) => {
                layer.notices.push(ErrorInfo::new(
                    ErrorKind::Config,
                    format!("The environment variable `{name}` is not understood: {problem}."),
                    file::instead(&key.name),
                ));
                layer.broken.push(key.name.clone());
            }
        }
    }
    layer
}

fn parse(text: &str, kind: Kind) -> Result<toml::Value, String> {
    Ok(match kind {
        Kind::Text | Kind::Table => toml::Value::String(text.to_owned()),
        Kind::Integer => toml::Value::Integer(
            text.parse()
                .map_err(|_| "it is no whole number".to_owned())?,
        ),
        Kind::Number => toml::Value::Float(text.parse().map_err(|_| "it is no number".to_owned())?),
        Kind::Switch => toml::Value::Boolean(match text.to_ascii_lowercase().as_str() {
            "1" | "true" | "yes" | "on" => true,
            "0" | "false" | "no" | "off" => false,
            _ => return Err("write `true` or `false`".to_owned()),
        }),
    })
}
