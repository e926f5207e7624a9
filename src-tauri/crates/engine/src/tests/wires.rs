//! One turn with a tool call through the whole engine, on every wire.

use protocol::{Block, ErrorKind, EventKind, Message, PermissionMode, Role, StopReason};
use serde_json::json;
use testkit::{ModelServer, Reply, Script, Workspace};

use super::one_turn::one_turn;
use crate::{ActiveProvider, Engine, Home, Options, RunLimits, Submission};

/// A provider of each wire, with a model where only its server knows some.
const PROVIDERS: [(&str, Option<&str>, &str); 8] = [
    ("anthropic", None, "/v1/messages"),
    ("openai", None, "/v1/responses"),
    ("openai-chat", None, "/v1/chat/completions"),
    ("gemini", None, ":streamGenerateContent"),
    ("ollama", Some("qwen3:8b"), "/api/chat"),
    ("mistral", None, "/v1/chat/completions"),
    ("deepseek", None, "/v1/chat/completions"),
    ("lm-studio", Some("qwen3-8b"), "/v1/chat/completions"),
];

fn options(id: &str, model: Option<&str>, server: &ModelServer) -> Options {
    Options {
        provider: Some(id.to_owned()),
        model: model.map(str::to_owned),
        base_url: Some(server.base_url()),
        api_key: Some("test-key".to_owned()),
        permission_mode: Some(PermissionMode::Bypass),
        ..Options::default()
    }
}

#[tokio::test]
async fn a_turn_with_a_tool_call_runs_on_every_wire() {
    for (id, model, path) in PROVIDERS {
        let call = Reply::tool("read", json!({ "path": "notes.txt" }))
            .with_text("I look.")
            .with_thinking("Where are the notes?");
        let server = ModelServer::start([call, Reply::text("It says one and two.")]).await;
        let history = turn(options(id, model, &server)).await;
        let requests = server.requests();
        assert_eq!(requests.len(), 2, "{id}");
        let asked = requests[1].path.split('?').next().unwrap();
        assert!(asked.ends_with(path), "{id}: {asked}");
        let results = requests[1].result_texts();
        assert!(
            results.len() == 1 && results[0].contains("two"),
            "{id}: {results:?}"
        );
        assert_eq!(history.len(), 4, "{id}");
        assert_eq!(history[3].role, Role::Assistant);
        assert_eq!(history[3].text(), "It says one and two.", "{id}");
        let has_thought = |block: &Block| {
            matches!(
                block,
                Block::Thinking {
                    source: Some(_),
                    ..
                }
            )
        };
        assert!(history[1].blocks.iter().any(has_thought), "{id}");
    }
}

/// The history after one request of the user, which must end well.
async fn turn(options: Options) -> Vec<Message> {
    let workspace = Workspace::new().with_file("notes.txt", "one\ntwo\n");
    let ended = one_turn(options, &workspace, "What do the notes say?").await;
    assert_eq!((ended.reason, ended.error), (StopReason::Done, None));
    ended.messages
}

async fn active(options: Options) -> Result<ActiveProvider, protocol::ErrorInfo> {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(Home::below(folder.path()), options)
        .await
        .unwrap();
    engine.active_provider().await
}

#[tokio::test]
async fn a_local_server_is_asked_for_its_model_and_costs_nothing() {
    let script = Script::from_fn(|request| match request.path.as_str() {
        "/api/tags" => Reply::json(
            json!({ "models": [{ "name": "nomic-embed-text" }, { "name": "qwen3:8b" }] }),
        ),
        _ => Reply::text("Hi."),
    });
    let server = ModelServer::start(script).await;
    let limits = RunLimits {
        max_cost_usd: Some(0.01),
        ..RunLimits::default()
    };
    let options = Options {
        api_key: None,
        limits,
        ..options("ollama", None, &server)
    };
    let active = active(options).await.unwrap();
    assert_eq!(
        (active.label.as_str(), active.model.as_str()),
        ("Ollama", "qwen3:8b")
    );
}

#[tokio::test]
async fn a_local_server_that_is_not_there_or_empty_is_said() {
    let check = async |reply: Reply, kind: ErrorKind| {
        let server = ModelServer::start([reply]).await;
        let error = active(options("ollama", None, &server)).await.unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
        assert!(
            error.message.contains("Ollama") && !error.hints.is_empty(),
            "{error}"
        );
    };
    check(Reply::hangup(), ErrorKind::Unreachable).await;
    check(Reply::json(json!({ "models": [] })), ErrorKind::NotFound).await;
}

#[tokio::test]
async fn every_provider_of_the_catalogue_is_listed_once() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(Home::below(folder.path()), Options::default())
        .await
        .unwrap();
    let list = engine.providers().await;
    let mut ids: Vec<_> = list.iter().map(|status| status.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(
        ids,
        [
            "anthropic",
            "azure-openai",
            "bedrock",
            "deepseek",
            "gemini",
            "groq",
            "llama-server",
            "lm-studio",
            "mistral",
            "offline",
            "ollama",
            "openai",
            "openai-chat",
            "openrouter",
            "together",
            "xai",
        ]
    );
    for status in &list {
        assert_eq!(status.ready, status.fix.is_empty(), "{status:?}");
        assert!(
            !status.ready || !status.default_model.is_empty(),
            "{status:?}"
        );
    }
}

#[tokio::test]
async fn azure_is_asked_with_its_own_header_for_a_deployment() {
    let server = ModelServer::start([Reply::text("Hi.")]).await;
    let base_url = format!("{}/openai/v1", server.base_url().trim_end_matches('/'));
    let options = Options {
        base_url: Some(base_url),
        ..options("azure-openai", Some("my-deployment"), &server)
    };
    turn(options).await;
    let request = server.requests().remove(0);
    assert!(
        request.path.ends_with("/openai/v1/responses"),
        "{}",
        request.path
    );
    assert_eq!(request.header("api-key"), Some("test-key"));
    assert_eq!(request.header("authorization"), None);
    assert_eq!(request.body["model"], "my-deployment");
}

#[tokio::test]
async fn a_cloud_says_which_address_or_name_is_missing() {
    let check = async |id: &str, base_url: Option<&str>, words: &str, hint: &str| {
        let options = Options {
            provider: Some(id.to_owned()),
            base_url: base_url.map(str::to_owned),
            api_key: Some("test-key".to_owned()),
            ..Options::default()
        };
        let error = active(options).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Config, "{error}");
        assert!(
            error.message.contains(words) && error.hints[0].contains(hint),
            "{error}"
        );
    };
    check(
        "azure-openai",
        None,
        "address of Azure OpenAI",
        "AZURE_OPENAI_ENDPOINT",
    )
    .await;
    check("bedrock", None, "address of Amazon Bedrock", "AWS_REGION").await;
    let address = Some("https://me.openai.azure.com/openai/v1");
    check(
        "azure-openai",
        address,
        "No model of Azure OpenAI",
        "/model azure-openai/NAME",
    )
    .await;
}

#[tokio::test]
async fn a_model_that_has_another_name_now_answers_under_it_and_says_so_once() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::new();
    let server = ModelServer::start(Script::from_fn(|_| Reply::text("Hi."))).await;
    let options = options("deepseek", Some("deepseek-chat"), &server);
    let engine = Engine::open(Home::below(folder.path()), options)
        .await
        .unwrap();
    let mut events = engine.subscribe();
    let session = engine.start_session(workspace.root()).unwrap().id;
    let mut notices = Vec::new();
    for _ in 0..2 {
        let submission = Submission::typed("Hi");
        engine.submit(&session, submission).await.unwrap();
        let mut runs = true;
        while runs {
            let kind = events.next().await.unwrap().unwrap().kind;
            runs = !matches!(kind, EventKind::TurnFinished { .. });
            notices.extend(said(kind));
        }
    }
    assert_eq!(
        notices,
        ["`deepseek-chat` is no longer a model of DeepSeek; `deepseek-flash` answers instead."]
    );
    for request in server.requests() {
        assert_eq!(request.body["model"], "deepseek-flash");
    }
}

fn said(kind: EventKind) -> Option<String> {
    match kind {
        EventKind::Notice { text, .. } => Some(text),
        _ => None,
    }
}
