//! Turns through a gateway that others wrote and run (LiteLLM's proxy): what it
//! makes of our requests, and we of its answers and refusals. Behind it stands
//! its own mock, or the scripted server, whose wire it translates to.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use engine::{Options, Submission};
use protocol::{ErrorKind, StopReason};
use serde_json::json;
use testkit::{ModelServer, Reply};

use crate::installed::installed;
use crate::one_turn::{Ended, one_turn};

/// It will not start without one that looks like a key.
const KEY: &str = "sk-only-for-tests-0123456789abcdef0123456789";

/// It loads a large program first: 11 s on two idle cores.
const START: Duration = Duration::from_secs(180);

/// The sides it has, each with where its base URL points.
const SIDES: [(&str, &str); 3] = [("anthropic", ""), ("openai-chat", "/v1"), ("openai", "/v1")];

/// Through the mock its Responses side answers nothing (LiteLLM 1.106).
const MOCKED_SIDES: [(&str, &str); 2] = [SIDES[0], SIDES[1]];

struct Gateway {
    process: Child,
    address: String,
    folder: tempfile::TempDir,
}

impl Gateway {
    /// `scripted` is the server behind the model `scripted`.
    async fn start(scripted: &ModelServer) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("config.yaml");
        std::fs::write(&config, config_of(&scripted.base_url())).unwrap();
        let port = free_port();
        let log = std::fs::File::create(folder.path().join("log.txt")).unwrap();
        let process = Command::new(installed("GATEWAY_BIN", "tools/gateway/bin/litellm"))
            .arg("--config")
            .arg(&config)
            .args(["--host", "127.0.0.1", "--port", &port.to_string()])
            // It would fetch prices and check for a newer self.
            .env("LITELLM_LOCAL_MODEL_COST_MAP", "True")
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut gateway = Self {
            process,
            address: format!("http://127.0.0.1:{port}"),
            folder,
        };
        gateway.wait(port).await;
        gateway
    }

    async fn wait(&mut self, port: u16) {
        let started = Instant::now();
        while tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .is_err()
        {
            let ended = self.process.try_wait().unwrap();
            assert!(ended.is_none(), "the gateway ended: {}", self.log());
            assert!(started.elapsed() < START, "{}", self.log());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log.txt")).unwrap_or_default()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// JSON is YAML.
fn config_of(scripted: &str) -> String {
    let mock = |name: &str, says: &str| {
        json!({
            "model_name": name,
            "litellm_params": { "model": "openai/mock", "api_key": "none", "mock_response": says },
        })
    };
    let scripted = json!({
        "model_name": "scripted",
        "litellm_params": {
            "model": "openai/scripted",
            "api_key": "none",
            "api_base": format!("{scripted}/v1"),
        },
    });
    json!({
        "model_list": [
            mock("mocked", "From the gateway."),
            mock("too-long", "litellm.ContextWindowExceededError"),
            scripted,
        ],
        "general_settings": { "master_key": KEY },
    })
    .to_string()
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

async fn turn(provider: &str, base_url: String, model: &str) -> Ended {
    let options = Options {
        provider: Some(provider.to_owned()),
        model: Some(model.to_owned()),
        base_url: Some(base_url),
        api_key: Some(KEY.to_owned()),
        ..Options::default()
    };
    one_turn(options, Submission::typed("What do the notes say?")).await
}

#[tokio::test]
async fn a_gateway_carries_turns_tools_and_refusals_on_both_of_its_sides() {
    let scripted = ModelServer::start(testkit::Script::from_fn(|request| {
        if request.result_texts().is_empty() {
            Reply::tool("read", json!({ "path": "notes.txt" }))
        } else {
            Reply::text("One and two.")
        }
    }))
    .await;
    let gateway = Gateway::start(&scripted).await;
    for (side, path) in MOCKED_SIDES {
        let url = format!("{}{path}", gateway.address);
        let ended = turn(side, url.clone(), "mocked").await;
        assert_eq!(ended.error, None, "{side}: {}", gateway.log());
        assert_eq!(ended.messages[1].text(), "From the gateway.", "{side}");

        let refused = turn(side, url, "too-long").await;
        assert_eq!(refused.reason, StopReason::Failed, "{side}");
        let error = refused.error.unwrap();
        assert_eq!(error.kind, ErrorKind::ContextOverflow, "{side}: {error:?}");
        assert!(!error.hints.is_empty(), "{side}");
    }
    for (side, path) in SIDES {
        let url = format!("{}{path}", gateway.address);
        let before = scripted.requests().len();
        let ended = turn(side, url, "scripted").await;
        assert_eq!(ended.error, None, "{side}: {}", gateway.log());
        assert_eq!(ended.reason, StopReason::Done, "{side}");
        let last = ended.messages.last().unwrap();
        assert_eq!(last.text(), "One and two.", "{side}");
        let requests = scripted.requests();
        let results = requests.last().unwrap().result_texts();
        assert_eq!(requests.len(), before + 2, "{side}: one request a step");
        assert!(results[0].contains("two"), "{side}: {results:?}");
    }
}
