//! Landlock: no change outside of the given folders, and no signal or abstract
//! socket to processes outside. TCP is left alone: it ends at the namespace.

use std::path::PathBuf;

use landlock::{
    ABI, Access, AccessFs, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetError, RulesetStatus, Scope, path_beneath_rules,
};

/// Rights that the kernel must know (Linux 6.2), or nothing starts: with them
/// a file cannot be changed, made, removed, moved or cut.
const LEAST: ABI = ABI::V3;

/// Rights that are taken too where the kernel knows them (Linux 6.12).
const BEST: ABI = ABI::V6;

/// Devices and the private folder for temporary files, which no command of
/// ours shares with anything outside.
const ALWAYS: &[&str] = &["/dev", "/tmp"];

pub fn restrict(writable: &[PathBuf]) -> Result<(), String> {
    let folders = writable
        .iter()
        .cloned()
        .chain(ALWAYS.iter().map(PathBuf::from));
    let status = enforce(folders).map_err(|error| format!("Landlock: {error}"))?;
    match status {
        RulesetStatus::NotEnforced => Err("Landlock is not in force in this kernel".to_owned()),
        _ => Ok(()),
    }
}

fn enforce(folders: impl Iterator<Item = PathBuf>) -> Result<RulesetStatus, RulesetError> {
    let ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_write(LEAST))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_write(BEST))?
        .scope(Scope::from_all(BEST))?
        .create()?
        .add_rules(path_beneath_rules(folders, AccessFs::from_write(BEST)))?;
    Ok(ruleset.restrict_self()?.ruleset)
}
