#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::collections::BTreeSet;

use super::*;

fn names(registry: &Registry) -> Vec<String> {
    let names = registry.specs().iter().map(|spec| spec.name.clone());
    names.collect()
}

fn drawn(data: &Path, workspace: &str) -> Registry {
    among(
        Registry::new(tools::all(&web::Web::new())),
        data,
        Path::new(workspace),
    )
    .unwrap()
}

#[test]
fn the_pool_is_readable_and_shares_no_name_with_a_tool() {
    let pool = pool();
    assert!(pool.len() >= 2 * (FEWEST + COUNTS - 1), "{}", pool.len());
    let real = Registry::new(tools::all(&web::Web::new()));
    let unique: BTreeSet<&str> = pool.iter().map(|spec| spec.name.as_str()).collect();
    assert_eq!(unique.len(), pool.len());
    for spec in &pool {
        assert!(real.get(&spec.name).is_none(), "{}", spec.name);
        assert!(!spec.description.is_empty());
        assert_eq!(spec.input_schema["type"], "object");
    }
}

#[test]
fn the_draw_holds_for_an_installation_and_a_workspace() {
    let here = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let first = drawn(here.path(), "/a");
    assert_eq!(first.specs(), drawn(here.path(), "/a").specs());
    assert!((FEWEST..FEWEST + COUNTS).contains(&first.decoys().len()));
    let others: BTreeSet<Vec<String>> = (0..20)
        .map(|number| names(&drawn(here.path(), &format!("/{number}"))))
        .collect();
    assert!(others.len() > 15, "workspaces differ: {}", others.len());
    assert_ne!(names(&first), names(&drawn(elsewhere.path(), "/a")));
}

#[test]
fn a_decoy_gives_way_to_a_tool_and_is_never_found_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let registry = drawn(folder.path(), "/a");
    for decoy in registry.decoys() {
        assert!(registry.get(&decoy.name).is_none());
        assert!(registry.names().all(|name| name != decoy.name));
    }
    let named_like_a_tool = ToolSpec {
        name: "bash".into(),
        ..registry.decoys()[0].clone()
    };
    let registry =
        Registry::new(tools::all(&web::Web::new())).with_decoys(vec![named_like_a_tool], 99);
    assert!(registry.decoys().is_empty());
}

#[test]
fn what_they_cost_stays_small() {
    let tokens: u64 = pool()
        .iter()
        .map(|spec| {
            agent::context::tokens_of_text(&spec.name)
                + agent::context::tokens_of_text(&spec.description)
                + agent::context::tokens_of_text(&spec.input_schema.to_string())
        })
        .sum();
    let each = tokens / pool().len() as u64;
    assert!((40..130).contains(&each), "{each}");
}
