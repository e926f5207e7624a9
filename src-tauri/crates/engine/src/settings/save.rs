//! Writes the user's settings file: only what was changed, whole or not at
//! all, with the user's own comments and unknown keys kept.
//!
//! What comes from the system's file or from the environment never gets in.

use std::path::{Path, PathBuf};

use protocol::{ErrorInfo, ErrorKind};
use toml_edit::{DocumentMut, Item, Table};

use super::schema::{KEPT, VERSION_KEY};
use super::{Settings, migrate};
use crate::Home;
use crate::draft_file::draft;

/// Beside the settings file, for editors that read the first line of it.
const SCHEMA_FILE: &str = "settings.schema.json";

/// Writes what differs between `before` and `after`. A broken file is set
/// aside; one of another version is kept once before it is changed.
///
/// # Errors
/// When a file cannot be written; the old one is as it was.
pub(crate) fn save(home: &Home, before: &Settings, after: &Settings) -> Result<(), ErrorInfo> {
    Home::ensure(&home.config)?;
    let path = home.settings_file();
    let mut document = open(&path).map_err(|error| cannot_write(&path, &error))?;
    let new = toml::to_string(after)
        .map_err(|error| internal(&error))?
        .parse::<DocumentMut>()
        .map_err(|error| internal(&error))?;
    let before = toml::Table::try_from(before).map_err(|error| internal(&error))?;
    let after = toml::Table::try_from(after).map_err(|error| internal(&error))?;
    put_changes((&before, &after), new.as_table(), document.as_table_mut());
    write_schema(home);
    write_whole(&path, &document.to_string()).map_err(|error| cannot_write(&path, &error))
}

/// The document to change, in the present format.
fn open(path: &Path) -> std::io::Result<DocumentMut> {
    let old = std::fs::read_to_string(path).unwrap_or_default();
    if old.trim().is_empty() {
        return Ok(fresh());
    }
    let Ok(mut document) = old.parse::<DocumentMut>() else {
        let aside = path.with_extension(format!("toml.broken-{}", crate::clock::now_ms()));
        std::fs::rename(path, aside)?;
        return Ok(fresh());
    };
    let migrated = migrate::apply(document.as_table_mut(), migrate::ALL);
    if migrated.changed || migrated.from > migrate::newest() {
        keep_once(path, &old, migrated.from)?;
    }
    if migrated.from < migrate::newest() {
        document[VERSION_KEY] = toml_edit::value(migrate::newest());
    }
    Ok(document)
}

fn fresh() -> DocumentMut {
    let text = format!(
        "#:schema ./{SCHEMA_FILE}\n{VERSION_KEY} = {}\n",
        migrate::newest()
    );
    text.parse().unwrap_or_default()
}

/// A copy of the file as another version wrote it, made only once.
fn keep_once(path: &Path, text: &str, version: i64) -> std::io::Result<()> {
    let copy: PathBuf = path.with_extension(format!("toml.version-{version}"));
    if copy.exists() {
        return Ok(());
    }
    write_whole(&copy, text)
}

/// An editor without it only helps less.
fn write_schema(home: &Home) {
    let path = home.config.join(SCHEMA_FILE);
    if std::fs::read_to_string(&path).is_ok_and(|old| old == KEPT) {
        return;
    }
    if let Err(error) = write_whole(&path, KEPT) {
        tracing::warn!(%error, "the schema of the settings could not be written");
    }
}

/// Puts every value that changed into `document`, comments there kept.
fn put_changes((before, after): (&toml::Table, &toml::Table), new: &Table, document: &mut Table) {
    for (key, value) in after {
        if before.get(key) == Some(value) {
            continue;
        }
        let Some(item) = new.get(key) else { continue };
        match (before.get(key), value, item, document.get_mut(key)) {
            (
                Some(toml::Value::Table(before)),
                toml::Value::Table(after),
                Item::Table(new),
                Some(Item::Table(inner)),
            ) => put_changes((before, after), new, inner),
            (_, _, Item::Value(new), Some(Item::Value(old))) => {
                let decor = old.decor().clone();
                *old = new.clone();
                *old.decor_mut() = decor;
            }
            _ => {
                document.insert(key, item.clone());
            }
        }
    }
    for key in before.keys().filter(|key| !after.contains_key(*key)) {
        document.remove(key);
    }
}

fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    draft(path, text)?
        .persist(path)
        .map_err(|error| error.error)?;
    Ok(())
}

fn internal(error: &dyn std::fmt::Display) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Internal,
        format!("The settings cannot be written as TOML: {error}."),
        "Please report this.",
    )
}

fn cannot_write(path: &Path, error: &std::io::Error) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Disk,
        format!(
            "The settings cannot be saved to `{}`: {error}.",
            path.display()
        ),
        "They hold until Familiar ends. Check that the disk is not full or read-only.",
    )
}
