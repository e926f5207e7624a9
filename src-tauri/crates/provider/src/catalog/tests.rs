#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::HashSet;
use std::path::Path;

use protocol::Usage;

use super::{CatalogError, ids, load, parse};

#[test]
fn every_file_of_the_folder_is_an_entry_that_parses() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/providers");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let embedded: Vec<_> = ids().map(|id| format!("{id}.toml")).collect();
    assert_eq!(embedded, files);
    for id in ids() {
        let entry = load(id).unwrap();
        assert_eq!(entry.id, id);
        let address = entry.address(|_| Some("https://x".to_owned())).unwrap();
        assert!(
            address.starts_with("http") && !address.contains('{'),
            "{id}"
        );
        for (old, new) in &entry.renamed {
            assert!(entry.model(new).is_some(), "{id}: {new}");
            assert!(entry.model(old).is_none(), "{id}: {old}");
        }
        let names: HashSet<_> = entry.models.iter().map(|model| &model.name).collect();
        assert_eq!(names.len(), entry.models.len(), "{id} has a model twice");
        for model in &entry.models {
            assert!(
                model.max_output <= model.context_window,
                "{id} {}",
                model.name
            );
        }
    }
}

#[test]
fn anthropic_is_known_with_its_environment() {
    let entry = load("anthropic").unwrap();
    assert_eq!(entry.key_env.as_deref(), Some("ANTHROPIC_API_KEY"));
    assert_eq!(entry.base_url_env.as_deref(), Some("ANTHROPIC_BASE_URL"));
    assert_eq!(entry.base_url, "https://api.anthropic.com");
}

#[test]
fn a_stranger_is_not_found() {
    assert_eq!(
        load("nobody"),
        Err(CatalogError::Unknown {
            id: "nobody".to_owned()
        })
    );
}

#[test]
fn an_entry_must_know_its_default_and_its_fast_model() {
    for field in ["default_model", "fast_model"] {
        let text =
            format!("label = 'X'\nwire = 'anthropic'\nbase_url = 'http://x'\n{field} = 'm'\n");
        let Err(CatalogError::Malformed { reason, .. }) = parse("x", &text) else {
            unreachable!("it was accepted")
        };
        assert!(reason.contains("`m`"), "{reason}");
    }
}

#[test]
fn a_long_prompt_costs_its_own_price() {
    let entry = load("anthropic").unwrap();
    let check = |model: &str, usage: Usage, expected: f64| {
        let cost = entry.model(model).unwrap().cost(&usage).unwrap();
        assert!((cost - expected).abs() < 1e-9, "{model}: {cost}");
    };
    let usage = Usage {
        input_tokens: 1_000,
        output_tokens: 2_000,
        cache_read_tokens: 90_000,
        cache_write_tokens: 8_000,
    };
    check("claude-sonnet-5-5", usage, 0.002 + 0.02 + 0.009 + 0.02);
    check("claude-haiku-5-5", usage, 0.0001 + 0.001 + 0.0009 + 0.001);
    let long = Usage {
        input_tokens: 200_000,
        ..Usage::default()
    };
    check("claude-haiku-5-5", long, 0.1);
}

#[test]
fn an_address_takes_its_parts_from_the_environment_or_says_which_is_missing() {
    let check = |id: &str, value: &str, expected: Result<&str, &str>| {
        let value = Some(value.to_owned()).filter(|value| !value.is_empty());
        let address = load(id).unwrap().address(|_| value.clone());
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(address, expected, "{id} {value:?}");
    };
    let azure = Ok("https://me.openai.azure.com/openai/v1");
    check("azure-openai", "https://me.openai.azure.com", azure);
    check("azure-openai", "https://me.openai.azure.com/", azure);
    check(
        "azure-openai",
        "https://me.openai.azure.com/openai/v1/",
        azure,
    );
    check("azure-openai", "", Err("AZURE_OPENAI_ENDPOINT"));
    check("azure-openai", " ", Err("AZURE_OPENAI_ENDPOINT"));
    let bedrock = Ok("https://bedrock-runtime.eu-west-1.amazonaws.com/openai/v1");
    check("bedrock", "eu-west-1", bedrock);
    check("bedrock", "", Err("AWS_REGION"));
    check("xai", "", Ok("https://api.x.ai/v1"));
}
