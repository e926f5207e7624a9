#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};
use testkit::model_server::refused_url;
use testkit::{ModelServer, Reply};

use super::{ask_all, models, probes};
use crate::{HttpClient, catalog};

async fn found(replies: [Option<Reply>; 3]) -> Vec<(&'static str, Vec<String>)> {
    let mut servers = Vec::new();
    let mut urls = Vec::new();
    for reply in replies {
        match reply {
            Some(reply) => {
                let server = ModelServer::start([reply]).await;
                urls.push(server.base_url());
                servers.push(server);
            }
            None => urls.push(refused_url()),
        }
    }
    let probes = probes([&urls[0], &urls[1], &urls[2]]);
    let found = ask_all(&HttpClient::new(), probes).await;
    found
        .into_iter()
        .map(|server| (server.id, server.models))
        .collect()
}

fn list(ids: &[&str], owner: &str) -> Value {
    let data: Vec<_> = ids
        .iter()
        .map(|id| json!({ "id": id, "object": "model", "owned_by": owner }))
        .collect();
    json!({ "object": "list", "data": data })
}

#[tokio::test]
async fn all_three_servers_are_found_with_their_models() {
    let tags = json!({ "models": [{ "name": "qwen3:8b", "size": 1 }, { "name": "gemma4:12b" }] });
    let replies = [
        Reply::json(tags),
        Reply::json(list(&["openai/gpt-oss-20b"], "organization_owner")),
        Reply::json(list(&["model.gguf"], "llamacpp")),
    ];
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        found(replies.map(Some)).await,
        [
            ("ollama", names(&["qwen3:8b", "gemma4:12b"])),
            ("lm-studio", names(&["openai/gpt-oss-20b"])),
            ("llama-server", names(&["model.gguf"])),
        ]
    );
}

#[tokio::test]
async fn nobody_and_strangers_are_not_found() {
    assert_eq!(found([None, None, None]).await, []);
    let stranger = || Some(Reply::json(json!({ "hello": "world" })));
    assert_eq!(found([stranger(), stranger(), stranger()]).await, []);
    let other_owner = Some(Reply::json(list(&["m"], "somebody")));
    assert_eq!(
        found([Some(Reply::silence()), Some(Reply::hangup()), other_owner]).await,
        []
    );
}

#[tokio::test]
async fn a_named_server_lists_what_can_talk_first() {
    let check = async |id: &str, document: Value, path: &str, expected: Option<Vec<&str>>| {
        let server = ModelServer::start([Reply::json(document)]).await;
        let entry = catalog::load(id).unwrap();
        let found = models(
            &HttpClient::new(),
            &entry,
            &format!("{}/", server.base_url()),
        )
        .await;
        let expected = expected.map(|names| names.into_iter().map(str::to_owned).collect());
        assert_eq!(found, expected, "{id}");
        assert_eq!(server.requests()[0].path, path);
    };
    let openai = list(&["text-embedding-nomic", "qwen3-8b"], "organization_owner");
    let talkers = Some(vec!["qwen3-8b", "text-embedding-nomic"]);
    check("lm-studio", openai, "/v1/models", talkers).await;
    let tags = json!({ "models": [{ "name": "nomic-embed-text" }, { "name": "qwen3:8b" }] });
    let talkers = Some(vec!["qwen3:8b", "nomic-embed-text"]);
    check("ollama", tags, "/api/tags", talkers).await;
    check("ollama", json!({ "hello": "stranger" }), "/api/tags", None).await;
}
