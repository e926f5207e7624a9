#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use permission::{CallPlan, Gate, Grant, Verdict};
use protocol::{Answer, Outcome, PermissionMode, QuestionOption, ToolCall, ToolSpec};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Registry;
use crate::{
    AskPort, InputError, Jobs, OUTPUT_LIMIT_BYTES, Tool, ToolContext, ToolOutput, TrashPort,
};

struct Echo(&'static str);

#[async_trait]
impl Tool for Echo {
    fn name(&self) -> &'static str {
        self.0
    }

    fn prompt(&self) -> &'static str {
        "Says it again.\n"
    }

    fn input_schema(&self) -> Value {
        json!({"type": "object"})
    }

    fn read_only(&self) -> bool {
        true
    }

    fn plan(&self, _input: &Value, _workspace: &Path) -> Result<CallPlan, InputError> {
        Ok(CallPlan {
            title: "Echo".to_owned(),
            subject: String::new(),
            question: "Echo?".to_owned(),
            accesses: Vec::new(),
        })
    }

    async fn run(&self, input: Value, _grant: Grant, _ctx: &ToolContext) -> ToolOutput {
        match input.as_str() {
            Some("panic") => panic!("it burns"),
            Some("flood") => ToolOutput::ok("x".repeat(OUTPUT_LIMIT_BYTES * 3)),
            _ => ToolOutput::ok(input.to_string()),
        }
    }
}

struct Nobody;

#[async_trait]
impl AskPort for Nobody {
    async fn ask(&self, _text: String, _options: Vec<QuestionOption>) -> Option<String> {
        None
    }

    fn todos_changed(&self, _todos: Value) {}
}

impl TrashPort for Nobody {
    fn put(&self, _path: &Path) -> Result<(), String> {
        Err("nobody takes it".to_owned())
    }
}

fn grant(tool: &Arc<dyn Tool>, input: &Value) -> Grant {
    let workspace = PathBuf::from("/");
    let plan = tool.plan(input, &workspace).unwrap();
    let call = ToolCall {
        id: "call".into(),
        name: tool.name().to_owned(),
        input: input.clone(),
    };
    let mut gate = Gate::new(workspace);
    match gate.judge(&call, &plan, PermissionMode::Bypass) {
        Verdict::Allow(grant) => grant,
        Verdict::Ask(request) => gate.settle(&request, &Answer::AllowOnce).unwrap(),
        Verdict::Deny(refusal) => panic!("{refusal:?}"),
    }
}

async fn run(input: Value) -> ToolOutput {
    let ctx = ToolContext {
        workspace: PathBuf::from("/"),
        cancel: Default::default(),
        output: Arc::new(|_, _| {}),
        ask: Arc::new(Nobody),
        trash: Arc::new(Nobody),
        files: Default::default(),
        jobs: Arc::new(Jobs::new(TaskTracker::new(), CancellationToken::new())),
        variables: Vec::new(),
    };
    let tool: Arc<dyn Tool> = Arc::new(Echo("echo"));
    let grant = grant(&tool, &input);
    Registry::run(&tool, input, grant, &ctx).await
}

#[tokio::test]
async fn an_answer_passes_through() {
    assert_eq!(run(json!("hello")).await, ToolOutput::ok("\"hello\""));
}

#[tokio::test]
async fn a_panic_ends_only_its_call() {
    let output = run(json!("panic")).await;
    assert_eq!(output.outcome, Outcome::Failed);
    assert!(
        output.content.contains("`echo` crashed: it burns"),
        "{}",
        output.content
    );
}

#[tokio::test]
async fn a_flood_is_cut() {
    let output = run(json!("flood")).await;
    assert!(output.content.len() <= OUTPUT_LIMIT_BYTES);
    assert!(output.content.contains("bytes left out"));
}

#[test]
fn tools_are_found_by_name_in_the_order_given_and_twins_are_dropped() {
    let registry = Registry::new(vec![
        Arc::new(Echo("b")),
        Arc::new(Echo("a")),
        Arc::new(Echo("b")),
    ]);
    assert_eq!(registry.names().collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!(registry.get("a").unwrap().name(), "a");
    assert!(registry.get("c").is_none());
    let specs = registry.specs();
    assert_eq!(specs[0].name, "b");
    assert_eq!(specs[0].description, "Says it again.");
}

#[test]
fn decoys_are_told_at_their_place_and_are_no_tools() {
    let decoy = |name: &str| ToolSpec {
        name: name.into(),
        description: "Does nothing.".into(),
        input_schema: json!({"type": "object"}),
    };
    let cases = [
        (0, ["fake", "one", "two"]),
        (1, ["one", "fake", "two"]),
        (9, ["one", "two", "fake"]),
    ];
    for (index, expected) in cases {
        let registry = Registry::new(vec![Arc::new(Echo("one")), Arc::new(Echo("two"))]);
        let registry = registry.with_decoys(vec![decoy("fake"), decoy("two")], index);
        let told: Vec<String> = registry
            .specs()
            .iter()
            .map(|spec| spec.name.clone())
            .collect();
        assert_eq!(told, expected);
        assert!(registry.get("fake").is_none());
        assert_eq!(registry.names().collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(registry.decoys().len(), 1, "a tool keeps its name");
    }
}
