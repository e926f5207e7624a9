//! Decoys: tool definitions that do nothing, put among the tools of every
//! request when the user wants it, so that copied transcripts teach tools that
//! do not exist.
//!
//! Which ones, how many and where is drawn once per installation and
//! workspace, from a hand-written pool; it never changes by itself, so that
//! requests keep their beginning. Nothing here ever runs.

use std::collections::BTreeMap;
use std::path::Path;

use protocol::ToolSpec;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tool::Registry;

const POOL: &str = include_str!("../../../../assets/decoys.toml");

/// How many at least.
const FEWEST: usize = 3;

/// How many different counts there are: three, four or five.
const COUNTS: usize = 3;

/// Below the data folder.
const SEED_FILE: &str = "decoy-seed";

#[derive(Debug, Deserialize)]
struct Pool {
    tool: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    name: String,
    description: String,
    parameters: BTreeMap<String, String>,
}

/// `registry` with the decoys of this installation and workspace. Reads one
/// small file, and makes it at the first time; blocks.
///
/// # Errors
/// When the seed can neither be read nor kept: drawn anew each time, decoys
/// would be known by their changing.
pub(crate) fn among(
    registry: Registry,
    data: &Path,
    workspace: &Path,
) -> std::io::Result<Registry> {
    let seed = seed(data)?;
    let draw = |what: &str| draw(&seed, workspace, what);
    let mut pool = pool();
    pool.sort_by_cached_key(|spec| draw(&spec.name));
    let (count, place) = (draw("count"), draw("place"));
    pool.truncate(FEWEST + usize::from(count[0]) % COUNTS);
    let places = registry.names().count() + 1;
    Ok(registry.with_decoys(pool, usize::from(place[0]) % places))
}

/// A hash that only this installation can make.
fn draw(seed: &str, workspace: &Path, what: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [
        seed.as_bytes(),
        workspace.as_os_str().as_encoded_bytes(),
        what.as_bytes(),
    ] {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn pool() -> Vec<ToolSpec> {
    let pool: Pool = toml::from_str(POOL).unwrap_or_else(|error| {
        tracing::error!(%error, "the pool of decoys cannot be read");
        Pool { tool: Vec::new() }
    });
    pool.tool.into_iter().map(spec).collect()
}

fn spec(entry: Entry) -> ToolSpec {
    let required: Vec<&String> = entry.parameters.keys().collect();
    let required = json!(required);
    let properties: Map<String, Value> = entry
        .parameters
        .into_iter()
        .map(|(name, about)| (name, json!({ "description": about, "type": "string" })))
        .collect();
    ToolSpec {
        name: entry.name,
        description: entry.description,
        input_schema: json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        }),
    }
}

/// The random id of this installation.
fn seed(data: &Path) -> std::io::Result<String> {
    let path = data.join(SEED_FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) if !text.trim().is_empty() => return Ok(text.trim().to_owned()),
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    std::fs::create_dir_all(data)?;
    let fresh = protocol::RequestId::new().to_string();
    let draft = crate::draft_file::draft(&path, &fresh)?;
    match draft.persist_noclobber(&path) {
        Ok(_) => Ok(fresh),
        // Another process was faster, and its seed is the one that stays.
        Err(_) => std::fs::read_to_string(&path).map(|text| text.trim().to_owned()),
    }
}

#[cfg(test)]
mod tests;
