//! From the settings file of an earlier version to the present format, on the
//! document itself, so that comments stay.
//!
//! A file of a newer version is left alone: what is known of it is read.

use toml_edit::{Item, Table};

use super::Settings;
use super::schema::VERSION_KEY;

/// One step to the next format.
pub(crate) type Migration = fn(&mut Table);

/// Every step in order; the first makes format 1.
pub(super) const ALL: &[Migration] = &[without_written_defaults];

/// Settings whose default was perhaps meant: without it, the system's file
/// could loosen what the user had.
const KEPT: [&str; 2] = ["permission_mode", "daily_budget_usd"];

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Migrated {
    /// The format it was in; 0 where none is named.
    pub from: i64,
    /// Some step changed something.
    pub changed: bool,
}

/// The format that this version writes.
pub(super) fn newest() -> i64 {
    i64::try_from(ALL.len()).unwrap_or(i64::MAX)
}

/// Brings a document to the end of `steps`; one of a later format, or of none
/// that makes sense, stays as it is.
pub(crate) fn apply(document: &mut Table, steps: &[Migration]) -> Migrated {
    let from = match document.get(VERSION_KEY) {
        None => 0,
        Some(item) => item.as_integer().unwrap_or(i64::MAX).max(0),
    };
    let before = document.to_string();
    let done = usize::try_from(from).unwrap_or(usize::MAX);
    for step in steps.iter().skip(done) {
        step(document);
    }
    Migrated {
        from,
        changed: document.to_string() != before,
    }
}

/// Format 1: only what the user chose stands in the file. Earlier versions
/// wrote every default with the first change, and a default written there would
/// stand above the system's file. A line with a comment is the user's own.
fn without_written_defaults(document: &mut Table) {
    let Ok(defaults) = toml::Table::try_from(Settings::default()) else {
        return;
    };
    let is_written_default = |key: &str, item: &Item| {
        let same = defaults.get(key).is_some_and(|default| {
            let alone = format!("x = {}", item.to_string().trim());
            toml::from_str::<toml::Table>(&alone).is_ok_and(|table| table.get("x") == Some(default))
        });
        same && item.is_value() && !item.to_string().contains('#') && !KEPT.contains(&key)
    };
    let gone: Vec<String> = document
        .iter()
        .filter(|(key, item)| is_written_default(key, item) && !is_annotated(document, key))
        .map(|(key, _)| key.to_owned())
        .collect();
    for key in gone {
        document.remove(&key);
    }
}

fn is_annotated(document: &Table, key: &str) -> bool {
    let prefix = document.key(key).and_then(|key| {
        let prefix = key.leaf_decor().prefix()?;
        prefix.as_str().map(|text| text.contains('#'))
    });
    prefix.unwrap_or(false)
}
