//! The shape of a settings file, for editors: a JSON Schema made from the
//! types, kept in `assets/settings.schema.json` and equal to it by test.
//!
//! The list of keys comes from it too, so that a new field of [`Settings`] is
//! known everywhere once the file is made anew.

use std::sync::OnceLock;

use protocol::{Effort, PermissionMode};
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::environment::variable;
use super::{Settings, migrate};

/// Keys of the file that are no settings themselves.
pub(super) const VERSION_KEY: &str = "version";
/// Only the system's file has it.
pub(super) const LOCKED_KEY: &str = "locked";

/// Keys that hold tables; each layer has its own, they do not replace one
/// another.
pub(super) const TABLES: [&str; 3] = ["rules", "flags", "undercover"];

/// The schema as it is kept; a test holds it equal to [`settings_schema`].
pub(super) const KEPT: &str = include_str!("../../../../../assets/settings.schema.json");

/// What the program writes by itself; nobody sets it by hand.
const OWN: [&str; 1] = ["workspace"];

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Integer,
    Number,
    Switch,
    Table,
}

/// One key of a settings file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub name: String,
    pub kind: Kind,
    pub about: String,
}

impl Key {
    /// A variable of the environment may set it.
    pub fn is_settable(&self) -> bool {
        self.kind != Kind::Table && !OWN.contains(&self.name.as_str())
    }
}

/// The JSON Schema of a settings file.
#[must_use]
pub fn settings_schema() -> Value {
    let mut schema = SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<Settings>()
        .to_value();
    schema["title"] = json!("Settings of Familiar");
    schema["additionalProperties"] = json!(false);
    let own = keys_of(&schema);
    if let Some(properties) = schema["properties"].as_object_mut() {
        for key in own.iter().filter(|key| key.is_settable()) {
            properties[&key.name]["x-environment"] = json!(variable(&key.name));
        }
        properties.insert(
            VERSION_KEY.to_owned(),
            json!({
                "description": "The format of this file; written by the program.",
                "type": "integer",
                "minimum": 0,
                "maximum": migrate::newest(),
            }),
        );
        properties.insert(
            LOCKED_KEY.to_owned(),
            json!({
                "description": "Only in the system's file: keys that no other layer changes (`flags.name` for one flag). A locked `permission_mode` is the loosest there is.",
                "type": "array",
                "items": { "type": "string" },
            }),
        );
    }
    schema
}

/// All keys; read once. From the file, since to derive the schema anew costs
/// every start more than all else it does with settings.
pub(super) fn keys() -> &'static [Key] {
    static KEYS: OnceLock<Vec<Key>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let schema = serde_json::from_str(KEPT).unwrap_or_else(|error| {
            tracing::error!(%error, "the schema of this build is damaged");
            Value::Null
        });
        let mut keys = keys_of(&schema);
        keys.retain(|key| ![VERSION_KEY, LOCKED_KEY].contains(&key.name.as_str()));
        keys
    })
}

fn keys_of(schema: &Value) -> Vec<Key> {
    let properties = schema["properties"].as_object();
    let key = |(name, shape): (&String, &Value)| Key {
        name: name.clone(),
        kind: kind(name, shape),
        about: one_line(shape["description"].as_str().unwrap_or_default()),
    };
    properties.into_iter().flatten().map(key).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn kind(name: &str, shape: &Value) -> Kind {
    if TABLES.contains(&name) {
        return Kind::Table;
    }
    let types = match &shape["type"] {
        Value::Array(types) => types.first().and_then(Value::as_str),
        one => one.as_str(),
    };
    match types {
        Some("integer") => Kind::Integer,
        Some("number") => Kind::Number,
        Some("boolean") => Kind::Switch,
        Some("object" | "array") => Kind::Table,
        // Enumerations stand behind a reference; all of them are words.
        _ => Kind::Text,
    }
}

/// The schema of the mode, which lives in a crate without schemas.
pub(super) fn mode(_: &mut SchemaGenerator) -> Schema {
    let names: Vec<&str> = PermissionMode::ALL.iter().map(|mode| mode.name()).collect();
    json_schema!({ "type": "string", "enum": names })
}

/// The schema of the effort, likewise.
pub(super) fn effort(_: &mut SchemaGenerator) -> Schema {
    let names: Vec<&str> = Effort::ALL.iter().map(|effort| effort.name()).collect();
    json_schema!({ "type": "string", "enum": names })
}

/// The schema of the rules, likewise.
pub(super) fn rules(_: &mut SchemaGenerator) -> Schema {
    let text = json!({
        "type": "string",
        "examples": ["Bash(cargo test *)", "Edit(src/**)", "todo"],
    });
    let kept = kept_rule(&text);
    let list = |about: &str| {
        json!({
            "description": about,
            "type": "array",
            "items": { "anyOf": [text.clone(), kept.clone()] },
        })
    };
    json_schema!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "allow": list("Run without asking."),
            "ask": list("Always ask, whatever else allows it."),
            "deny": list("Never run."),
        },
    })
}

fn kept_rule(text: &serde_json::Value) -> serde_json::Value {
    let examples = |about: &str| json!({ "description": about, "type": "array", "items": { "type": "string" } });
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["rule"],
        "properties": {
            "rule": text,
            "project": { "description": "Absolute path of the only folder it holds in.", "type": "string" },
            "expires": {
                "description": "The last day it holds (UTC).",
                "type": "string",
                "format": "date",
                "examples": ["2027-01-31"],
            },
            "source": { "description": "Who made it.", "enum": ["hand", "answer"] },
            "saved_ms": { "description": "When it was saved, Unix time in milliseconds.", "type": "integer" },
            "matches": examples("Commands or paths that it must fit."),
            "not_matches": examples("Commands or paths that it must not fit."),
        },
    })
}
