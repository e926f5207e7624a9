//! The door tools are tested at: an input and a temporary folder in, an
//! output and the folder out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use permission::{CallPlan, Gate, Grant, Verdict};
use protocol::{Answer, Outcome, OutputStream, PermissionMode, QuestionOption, ToolCall};
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tool::{AskPort, InputError, Jobs, Registry, Tool, ToolContext, ToolOutput, TrashPort};
use web::Web;

use crate::site::Site;

/// What a test sees of the user.
#[derive(Default)]
pub(crate) struct User {
    pub(crate) answer: Mutex<Option<String>>,
    pub(crate) asked: Mutex<Vec<(String, Vec<QuestionOption>)>>,
    pub(crate) todos: Mutex<Vec<Value>>,
    pub(crate) seen: Mutex<Vec<(OutputStream, String)>>,
}

#[async_trait]
impl AskPort for User {
    async fn ask(&self, text: String, options: Vec<QuestionOption>) -> Option<String> {
        self.asked.lock().unwrap().push((text, options));
        let answer = self.answer.lock().unwrap().clone();
        match answer.as_deref() {
            Some("(silence)") => std::future::pending().await,
            _ => answer,
        }
    }

    fn todos_changed(&self, todos: Value) {
        self.todos.lock().unwrap().push(todos);
    }
}

/// A trash beside the workspace, or none when its folder is missing.
struct TrashBeside(PathBuf);

impl TrashPort for TrashBeside {
    fn put(&self, path: &Path) -> Result<(), String> {
        let name = path.file_name().unwrap();
        std::fs::rename(path, self.0.join(name)).map_err(|error| error.to_string())
    }
}

/// A temporary workspace with its tools.
pub(crate) struct Door {
    _dir: TempDir,
    /// The workspace; beside it there is room for things outside.
    pub(crate) workspace: PathBuf,
    pub(crate) ctx: ToolContext,
    pub(crate) user: Arc<User>,
    /// The internet, which no test talks to, unless a site stands for it.
    web: Web,
}

impl Door {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let workspace = dir.path().canonicalize().unwrap().join("ws");
        std::fs::create_dir(&workspace).unwrap();
        let trash = workspace.with_file_name("trash");
        std::fs::create_dir(&trash).unwrap();
        let user = Arc::new(User::default());
        let viewer = user.clone();
        let ctx = ToolContext {
            workspace: workspace.clone(),
            cancel: Default::default(),
            output: Arc::new(move |stream, text| {
                viewer.seen.lock().unwrap().push((stream, text.to_owned()))
            }),
            ask: user.clone(),
            trash: Arc::new(TrashBeside(trash)),
            files: Default::default(),
            jobs: Arc::new(Jobs::new(TaskTracker::new(), CancellationToken::new())),
            variables: Vec::new(),
        };
        Self {
            _dir: dir,
            workspace,
            ctx,
            user,
            web: Web::new(),
        }
    }

    /// The same with a site that every name leads to, the search engine's too.
    pub(crate) fn towards(site: &Site) -> Self {
        Self {
            web: site.web(),
            ..Self::new()
        }
    }

    /// Puts a file, with its folders, into the workspace.
    pub(crate) fn put(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.workspace.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn get(&self, name: &str) -> String {
        String::from_utf8(std::fs::read(self.workspace.join(name)).unwrap()).unwrap()
    }

    /// Every file and folder below the workspace, sorted.
    pub(crate) fn tree(&self) -> Vec<String> {
        let walk = ignore::WalkBuilder::new(&self.workspace)
            .standard_filters(false)
            .build();
        let mut names: Vec<String> = walk
            .flatten()
            .skip(1)
            .map(|entry| {
                entry
                    .path()
                    .strip_prefix(&self.workspace)
                    .unwrap()
                    .display()
                    .to_string()
            })
            .collect();
        names.sort();
        names
    }

    pub(crate) fn plan(&self, name: &str, input: &Value) -> Result<CallPlan, InputError> {
        self.tool(name).plan(input, &self.workspace)
    }

    /// Runs a tool with the grant its own plan gets, by the user's word.
    pub(crate) async fn run(&self, name: &str, input: Value) -> ToolOutput {
        match self.plan(name, &input) {
            Ok(plan) => {
                let grant = self.grant(name, &input, &plan);
                Registry::run(&self.tool(name), input, grant, &self.ctx).await
            }
            Err(error) => ToolOutput::failed(error.to_string()),
        }
    }

    /// Runs a tool with a grant that was given for `judged`.
    pub(crate) async fn run_granted_for(
        &self,
        name: &str,
        judged: Value,
        input: Value,
    ) -> ToolOutput {
        let plan = self.plan(name, &judged).unwrap();
        let grant = self.grant(name, &judged, &plan);
        Registry::run(&self.tool(name), input, grant, &self.ctx).await
    }

    fn tool(&self, name: &str) -> Arc<dyn Tool> {
        let mut tools = crate::all(&self.web).into_iter();
        tools.find(|tool| tool.name() == name).unwrap()
    }

    pub(crate) fn grant(&self, name: &str, input: &Value, plan: &CallPlan) -> Grant {
        let call = ToolCall {
            id: "call".into(),
            name: name.to_owned(),
            input: input.clone(),
        };
        let mut gate = Gate::new(self.workspace.clone());
        match gate.judge(&call, plan, PermissionMode::Bypass) {
            Verdict::Allow(grant) => grant,
            Verdict::Ask(request) => gate.settle(&request, &Answer::AllowOnce).unwrap(),
            Verdict::Deny(refusal) => panic!("{refusal:?}"),
        }
    }

    /// The content of a call that must work.
    pub(crate) async fn ok(&self, name: &str, input: Value) -> String {
        let output = self.run(name, input).await;
        assert_eq!(output.outcome, Outcome::Ok, "{}", output.content);
        output.content
    }

    /// The content of a call that must fail.
    pub(crate) async fn failed(&self, name: &str, input: Value) -> String {
        let output = self.run(name, input).await;
        assert_eq!(output.outcome, Outcome::Failed, "{}", output.content);
        output.content
    }
}

/// Every word must be in the text.
pub(crate) fn assert_says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "`{word}` is missing in: {text}");
    }
}
