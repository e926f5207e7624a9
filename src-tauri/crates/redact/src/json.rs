//! The strings of a JSON value: each for itself, and with the name it has
//! there, since `{"password": …}` says more than its value does.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::name::{Kind, kind_of};
use crate::redactor::Redactor;
use crate::{mark, value};

/// Names whose values are read as the header they are.
const HEADERS: &[&str] = &[
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
];

/// Hides what is secret and tells whether anything was.
pub(crate) fn redact(redactor: &Redactor, value: &mut Value) -> bool {
    match value {
        Value::String(text) => replace(text, redactor),
        Value::Array(items) => redact_items(redactor, items),
        Value::Object(fields) => redact_fields(redactor, fields),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A list may be the words of a command: `["--password", "…"]`.
fn redact_items(redactor: &Redactor, items: &mut [Value]) -> bool {
    let mut is_changed = false;
    let mut flag: Option<String> = None;
    for item in items {
        is_changed |= redact(redactor, item);
        if let Some(flag) = &flag {
            is_changed |= redact_named(redactor, flag, item);
        }
        let word = item.as_str().filter(|word| word.starts_with('-'));
        flag = word.map(str::to_owned);
    }
    is_changed
}

fn redact_fields(redactor: &Redactor, fields: &mut Map<String, Value>) -> bool {
    let mut is_changed = redact_keys(redactor, fields);
    let pair = pair_name(fields);
    for (key, field) in fields.iter_mut() {
        is_changed |= redact(redactor, field);
        is_changed |= redact_named(redactor, key, field);
        if let Some(name) = pair.as_ref().filter(|_| key.eq_ignore_ascii_case("value")) {
            is_changed |= redact_named(redactor, name, field);
        }
    }
    is_changed
}

/// `{"name": "DB_PASSWORD", "value": "…"}`.
fn pair_name(fields: &Map<String, Value>) -> Option<String> {
    let names = ["name", "Name", "key", "Key"];
    let name = names.iter().find_map(|name| fields.get(*name)?.as_str());
    name.map(str::to_owned)
}

fn redact_named(redactor: &Redactor, name: &str, value: &mut Value) -> bool {
    let Value::String(text) = value else {
        return false;
    };
    if HEADERS
        .iter()
        .any(|header| name.eq_ignore_ascii_case(header))
    {
        return redact_header(redactor, name, text);
    }
    let Some(kind) = kind_of(name) else {
        return false;
    };
    if text.chars().count() < value::MIN_CHARS || !value::is_secret(text, kind) {
        return false;
    }
    *text = mark::of(Kind::word(kind));
    true
}

fn redact_header(redactor: &Redactor, name: &str, text: &mut String) -> bool {
    let header = format!("{name}: {text}");
    let Cow::Owned(redacted) = redactor.redact(&header) else {
        return false;
    };
    let Some(value) = redacted.strip_prefix(&format!("{name}: ")) else {
        return false;
    };
    *text = value.to_owned();
    true
}

fn replace(text: &mut String, redactor: &Redactor) -> bool {
    let Cow::Owned(redacted) = redactor.redact(text) else {
        return false;
    };
    *text = redacted;
    true
}

/// Keys are text from outside as well. Two that become the same mark are
/// told apart by a number, so that no field is lost.
fn redact_keys(redactor: &Redactor, fields: &mut Map<String, Value>) -> bool {
    if fields.keys().all(|key| redactor.find(key).is_empty()) {
        return false;
    }
    let mut renamed = Map::with_capacity(fields.len());
    for (key, value) in std::mem::take(fields) {
        let redacted = redactor.redact(&key).into_owned();
        let mut name = redacted.clone();
        let mut number = 2;
        while renamed.contains_key(&name) {
            name = format!("{redacted} {number}");
            number += 1;
        }
        renamed.insert(name, value);
    }
    *fields = renamed;
    true
}
