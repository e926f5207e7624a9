//! Connections that break anywhere: whatever arrived, no tool runs twice and
//! no call is left without its result.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use protocol::{Block, Message, PermissionMode, StopReason};
use serde_json::json;
use testkit::{ModelServer, Reply, Script, Workspace};

use super::one_turn::one_turn;
use crate::Options;

const PROVIDERS: [(&str, Option<&str>); 5] = [
    ("anthropic", None),
    ("openai", None),
    ("openai-chat", None),
    ("gemini", None),
    ("ollama", Some("qwen3:8b")),
];

/// Cuts of each wire's stream.
const CUTS: usize = 8;

/// Longer than the streams below, so that some are not cut at all.
const LONGEST: usize = 2_600;

#[tokio::test]
async fn a_cut_anywhere_neither_runs_a_tool_twice_nor_leaves_a_call_open() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let mut turns = Vec::new();
    for (provider, model) in PROVIDERS {
        for _ in 0..CUTS * testkit::soak_factor() {
            let step = random.usize(0..2);
            turns.push(cut_turn(provider, model, (step, random.usize(0..LONGEST))));
        }
    }
    futures::future::join_all(turns).await;
}

/// A turn of two requests, the answer to one of them cut after some bytes.
async fn cut_turn(provider: &str, model: Option<&str>, (step, bytes): (usize, usize)) {
    let server = ModelServer::start(script(step, bytes)).await;
    let workspace = Workspace::new();
    let options = Options {
        provider: Some(provider.to_owned()),
        model: model.map(str::to_owned),
        base_url: Some(server.base_url()),
        api_key: Some("test-key".to_owned()),
        permission_mode: Some(PermissionMode::Bypass),
        unattended: true,
        ..Options::default()
    };
    let place = format!("{provider}: step {step} cut after {bytes} bytes");
    let ended = one_turn(options, &workspace, "Go.").await;
    let (reason, error) = (ended.reason, ended.error);
    assert_eq!((reason, error), (StopReason::Done, None), "{place}");
    let runs = std::fs::read_to_string(workspace.path("runs.txt")).unwrap();
    assert_eq!(runs, "ran\n", "{place}");
    assert_closed(&ended.messages, &place);
    assert_eq!(ended.messages.last().unwrap().text(), "It ran.", "{place}");
}

/// By what was asked rather than by order, for a retry asks again.
fn script(step: usize, bytes: usize) -> Script {
    let asked = [AtomicUsize::new(0), AtomicUsize::new(0)];
    Script::from_fn(move |request| {
        let now = usize::from(!request.result_texts().is_empty());
        let reply = if now == 0 {
            let command = json!({ "command": "echo ran >> runs.txt" });
            Reply::tool("bash", command)
                .with_text("I run it.")
                .with_thinking("It has to run once, whatever happens on the way.")
        } else {
            Reply::text("It ran.")
        };
        let is_first = asked[now].fetch_add(1, Ordering::Relaxed) == 0;
        if is_first && now == step {
            reply.cut_after(bytes)
        } else {
            reply
        }
    })
}

/// Every call has exactly one result, after it.
fn assert_closed(history: &[Message], place: &str) {
    let mut open = HashSet::new();
    for block in history.iter().flat_map(|message| &message.blocks) {
        match block {
            Block::ToolCall(call) => assert!(open.insert(call.id.clone()), "{place}"),
            Block::ToolResult(result) => assert!(open.remove(&result.call_id), "{place}"),
            _ => {}
        }
    }
    assert!(open.is_empty(), "{place}: {open:?}");
}
