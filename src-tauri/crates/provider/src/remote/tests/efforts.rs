//! How each wire says how hard to think, and what servers that know nothing
//! of it are spared.

use futures::StreamExt;
use protocol::Effort;
use serde_json::{Value, json};
use testkit::{ModelServer, Reply, Script};

use super::{final_text, remote, request};
use crate::{Provider, Request};

async fn bodies(id: &str, model: &str, effort: Effort, script: impl Into<Script>) -> Vec<Value> {
    let server = ModelServer::start(script).await;
    let request = Request {
        model: model.to_owned(),
        effort,
        ..request()
    };
    let items: super::Items = remote(id, &server.base_url())
        .stream(request)
        .collect()
        .await;
    assert_eq!(final_text(&items), "Fine.", "{id} {model}: {items:?}");
    server
        .requests()
        .into_iter()
        .map(|request| request.body)
        .collect()
}

const PLACES: [&str; 6] = [
    "/output_config",
    "/reasoning/effort",
    "/reasoning_effort",
    "/generationConfig/thinkingConfig/thinkingLevel",
    "/generationConfig/thinkingConfig/thinkingBudget",
    "/think",
];

/// What a body says of effort, wherever it says it.
fn said(body: &Value) -> Vec<(&str, Value)> {
    PLACES
        .into_iter()
        .filter_map(|place| Some((place, body.pointer(place)?.clone())))
        .collect()
}

#[tokio::test]
async fn each_wire_says_the_nearest_effort_the_model_takes_in_its_own_words() {
    let check = async |id: &str, model: &str, effort: Effort, place: &str, value: Value| {
        let bodies = bodies(id, model, effort, [Reply::text("Fine.")]).await;
        assert_eq!(said(&bodies[0]), [(place, value)], "{id} {model}");
    };
    use Effort::{High, Low, Max, Medium};
    let effort = |word: &str| json!({ "effort": word });
    let claude = "claude-opus-5-5";
    check("anthropic", claude, Low, PLACES[0], effort("low")).await;
    check("anthropic", claude, Max, PLACES[0], effort("max")).await;
    check("anthropic", "claude-x", Max, PLACES[0], effort("high")).await;
    check("openai", "gpt-6.1-sol", Max, PLACES[1], json!("max")).await;
    check("openai", "gpt-5.5", Max, PLACES[1], json!("xhigh")).await;
    check("openai", "somebodys", Medium, PLACES[1], json!("medium")).await;
    check("openai-chat", "gpt-6-luna", High, PLACES[2], json!("high")).await;
    check(
        "deepseek",
        "deepseek-flash",
        Medium,
        PLACES[2],
        json!("low"),
    )
    .await;
    check("openrouter", "some/model", Max, PLACES[2], json!("high")).await;
    check("gemini", "gemini-3.8-flash", Max, PLACES[3], json!("high")).await;
    check("gemini", "gemini-2.5-pro", Low, PLACES[4], json!(1024)).await;
    check("ollama", "gpt-oss:20b", Max, PLACES[5], json!("high")).await;
}

#[tokio::test]
async fn nothing_is_said_of_effort_when_nobody_asked_or_the_model_takes_none() {
    for (id, model, effort) in [
        ("anthropic", "claude-opus-5-5", Effort::Auto),
        ("openai", "gpt-6.1-sol", Effort::Auto),
        ("openai", "gpt-4.1", Effort::High),
        ("openai-chat", "gpt-6.1-sol", Effort::Auto),
        ("openai-chat", "gpt-4.1", Effort::Max),
        ("gemini", "gemini-3.8-flash", Effort::Auto),
        ("gemini", "gemini-1.0", Effort::High),
    ] {
        let bodies = bodies(id, model, effort, [Reply::text("Fine.")]).await;
        assert_eq!(said(&bodies[0]), [], "{id} {model}");
    }
    let bodies = bodies("ollama", "qwen3", Effort::Auto, [Reply::text("Fine.")]).await;
    assert_eq!(said(&bodies[0]), [("/think", json!(true))]);
}

#[tokio::test]
async fn a_server_that_knows_no_effort_is_asked_without_it() {
    let check = async |id: &str, model: &str, error: Value, left: &[(&str, Value)]| {
        let refusal = Reply::refusal(400, json!({ "error": error }));
        let script = [refusal, Reply::text("Fine.")];
        let bodies = bodies(id, model, Effort::High, script).await;
        assert_eq!(bodies.len(), 2, "{id}");
        assert_eq!(said(&bodies[1]), left, "{id}");
    };
    let words = |words: &str| json!({ "message": words });
    check(
        "anthropic",
        "claude-opus-4-1",
        words("This model does not support the effort parameter."),
        &[],
    )
    .await;
    check(
        "openai",
        "somebodys",
        json!({ "message": "Unsupported value: 'high' is not supported.", "param": "reasoning.effort" }),
        &[],
    )
    .await;
    check(
        "lm-studio",
        "qwen",
        words("Unrecognized request argument supplied: reasoning_effort"),
        &[],
    )
    .await;
    check(
        "ollama",
        "qwen3",
        words("think value \"high\" is not supported for this model"),
        &[],
    )
    .await;
}

#[tokio::test]
async fn a_conceded_effort_leaves_the_rest_of_its_field() {
    let error = json!({ "message": "no such value", "param": "reasoning.effort" });
    let refusal = Reply::refusal(400, json!({ "error": error }));
    let script = [refusal, Reply::text("Fine.")];
    let bodies = bodies("openai", "gpt-6.1-sol", Effort::Low, script).await;
    assert_eq!(bodies[1]["reasoning"], json!({ "summary": "auto" }));
}
