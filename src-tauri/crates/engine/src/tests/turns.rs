//! The engine's door: scripted model in, events out, over real HTTP, a real
//! store and real tools.

use std::time::Duration;

use protocol::{
    Answer, AnsweredBy, Block, ErrorKind, Event, EventKind, Message, Outcome, PermissionMode, Role,
    SessionId, StopReason, ToolResult,
};
use serde_json::{Value, json};
use testkit::{ModelServer, Reply, Script, Workspace};

use super::one_turn::one_turn;
use crate::{Engine, EventStream, Home, Options, RunLimits, Submission};

/// No event of a passing test takes this long.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

pub(super) struct Fixture {
    pub(super) engine: Engine,
    pub(super) events: EventStream,
    pub(super) session: SessionId,
    pub(super) server: ModelServer,
    pub(super) workspace: Workspace,
    pub(super) folder: tempfile::TempDir,
}

impl Fixture {
    pub(super) async fn new(script: impl Into<Script>, options: Options) -> Self {
        let server = ModelServer::start(script).await;
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::new().with_file("notes.txt", "one\ntwo\n");
        let options = Options {
            provider: Some("anthropic".into()),
            base_url: Some(server.base_url()),
            api_key: Some("test-key".into()),
            ..options
        };
        let engine = Engine::open(Home::below(folder.path()), options)
            .await
            .unwrap();
        let events = engine.subscribe();
        let session = engine.start_session(workspace.root()).unwrap().id;
        Self {
            engine,
            events,
            session,
            server,
            workspace,
            folder,
        }
    }

    pub(super) async fn submit(&self, text: &str) {
        self.engine
            .submit(&self.session, Submission::typed(text))
            .await
            .unwrap();
    }

    pub(super) async fn next(&mut self) -> Event {
        let event = tokio::time::timeout(PATIENCE, self.events.next()).await;
        event
            .expect("an event comes in time")
            .expect("the engine lives")
            .expect("no event is lost")
    }

    /// All events until `last` says so, that one included.
    pub(super) async fn until(
        &mut self,
        mut last: impl FnMut(&EventKind) -> bool,
    ) -> Vec<EventKind> {
        let mut seen = Vec::new();
        loop {
            let event = self.next().await;
            let ends = last(&event.kind);
            seen.push(event.kind);
            if ends {
                return seen;
            }
        }
    }

    pub(super) async fn until_finished(&mut self) -> (Vec<EventKind>, StopReason) {
        let seen = self
            .until(|kind| matches!(kind, EventKind::TurnFinished { .. }))
            .await;
        let Some(EventKind::TurnFinished { reason, .. }) = seen.last() else {
            unreachable!()
        };
        let reason = *reason;
        (seen, reason)
    }

    pub(super) async fn history(&self) -> Vec<Message> {
        self.engine
            .open_session(&self.session)
            .await
            .unwrap()
            .messages
    }

    /// The same home and session in a new process, as far as that goes.
    pub(super) async fn restarted(mut self) -> Self {
        self.engine.shutdown().await;
        let options = Options {
            provider: Some("anthropic".into()),
            base_url: Some(self.server.base_url()),
            api_key: Some("test-key".into()),
            ..Options::default()
        };
        self.engine = Engine::open(Home::below(self.folder.path()), options)
            .await
            .unwrap();
        self.events = self.engine.subscribe();
        self
    }
}

pub(super) fn results(history: &[Message]) -> Vec<ToolResult> {
    let blocks = history.iter().flat_map(|message| &message.blocks);
    blocks
        .filter_map(|block| match block {
            Block::ToolResult(result) => Some(result.clone()),
            _ => None,
        })
        .collect()
}

/// Every call has exactly one result, in the message right after it.
fn assert_valid(history: &[Message]) {
    for (index, message) in history.iter().enumerate() {
        let calls: Vec<_> = message.tool_calls().map(|call| call.id.clone()).collect();
        if calls.is_empty() {
            continue;
        }
        let next = history.get(index + 1).expect("calls are answered");
        let answered: Vec<_> = results(std::slice::from_ref(next))
            .into_iter()
            .map(|result| result.call_id)
            .collect();
        assert_eq!(calls, answered);
    }
}

fn write_call() -> Reply {
    Reply::tool("write", json!({ "path": "new.txt", "content": "hi\n" }))
}

fn asked() -> Options {
    Options {
        permission_mode: Some(PermissionMode::Ask),
        ..Options::default()
    }
}

pub(super) fn bypass() -> Options {
    Options {
        permission_mode: Some(PermissionMode::Bypass),
        ..Options::default()
    }
}

#[tokio::test]
async fn an_answer_streams_and_is_kept() {
    let mut fixture = Fixture::new(vec![Reply::text("Hello there.")], asked()).await;
    fixture.submit("hi").await;
    let (seen, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Done);
    let streamed: String = seen
        .iter()
        .filter_map(|kind| match kind {
            EventKind::TextDelta { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(streamed, "Hello there.");
    let texts: Vec<_> = fixture
        .history()
        .await
        .iter()
        .map(|message| (message.role, message.text()))
        .collect();
    assert_eq!(
        texts,
        [
            (Role::User, "hi".into()),
            (Role::Assistant, "Hello there.".into())
        ]
    );
}

#[tokio::test]
async fn a_write_waits_for_the_answer_and_the_first_answer_wins() {
    let mut fixture = Fixture::new(vec![write_call(), Reply::text("Done.")], asked()).await;
    fixture.submit("make a file").await;
    let seen = fixture
        .until(|kind| matches!(kind, EventKind::PermissionAsked { .. }))
        .await;
    let Some(EventKind::PermissionAsked { request }) = seen.last() else {
        unreachable!()
    };
    assert!(!fixture.workspace.path("new.txt").exists());
    assert!(
        fixture
            .engine
            .answer(&request.id, &Answer::AllowOnce, AnsweredBy::Dialog)
    );
    let late = fixture.engine.answer(
        &request.id,
        &Answer::Deny { feedback: None },
        AnsweredBy::Card,
    );
    assert!(!late, "the second answer is too late");
    let (_, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Done);
    assert_eq!(fixture.workspace.read("new.txt").as_deref(), Some("hi\n"));
}

#[tokio::test]
async fn a_denied_call_changes_nothing_and_the_model_is_told() {
    let mut fixture = Fixture::new(vec![write_call(), Reply::text("Understood.")], asked()).await;
    fixture.submit("make a file").await;
    let seen = fixture
        .until(|kind| matches!(kind, EventKind::PermissionAsked { .. }))
        .await;
    let Some(EventKind::PermissionAsked { request }) = seen.last() else {
        unreachable!()
    };
    let no = Answer::Deny {
        feedback: Some("use notes.txt".into()),
    };
    assert!(fixture.engine.answer(&request.id, &no, AnsweredBy::Card));
    let (_, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Done);
    assert!(!fixture.workspace.path("new.txt").exists());
    let told = fixture.server.requests()[1].tool_results();
    assert_eq!(told[0]["is_error"], Value::Bool(true));
    assert!(told[0].to_string().contains("use notes.txt"), "{told:?}");
}

#[tokio::test]
async fn nobody_there_means_no_and_says_so_at_the_end() {
    let options = Options {
        unattended: true,
        ..asked()
    };
    let mut fixture = Fixture::new(vec![write_call(), Reply::text("I could not.")], options).await;
    fixture.submit("make a file").await;
    let (_, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Unanswered);
    assert!(!fixture.workspace.path("new.txt").exists());
    assert_eq!(
        results(&fixture.history().await)[0].outcome,
        Outcome::Denied
    );
}

#[tokio::test]
async fn reads_run_without_a_question_and_keep_their_order() {
    let calls = vec![
        ("read".to_owned(), json!({ "path": "notes.txt" })),
        ("list_dir".to_owned(), json!({ "path": "." })),
        ("read".to_owned(), json!({ "path": "missing.txt" })),
    ];
    let mut fixture = Fixture::new(vec![Reply::tools(calls), Reply::text("Seen.")], asked()).await;
    fixture.submit("look around").await;
    let (_, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Done);
    let history = fixture.history().await;
    assert_valid(&history);
    let outcomes: Vec<_> = results(&history)
        .iter()
        .map(|result| result.outcome)
        .collect();
    assert_eq!(outcomes, [Outcome::Ok, Outcome::Ok, Outcome::Failed]);
}

#[tokio::test]
async fn a_cancel_ends_the_command_and_leaves_valid_history() {
    let call = Reply::tool("bash", json!({ "command": "echo begun; sleep 600" }));
    let mut fixture = Fixture::new(vec![call], bypass()).await;
    fixture.submit("wait").await;
    fixture
        .until(|kind| matches!(kind, EventKind::ToolOutput { .. }))
        .await;
    assert!(fixture.engine.cancel(&fixture.session));
    let (_, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Cancelled);
    let history = fixture.history().await;
    assert_valid(&history);
    assert_eq!(results(&history)[0].outcome, Outcome::Cancelled);
}

#[tokio::test]
async fn a_cancel_while_a_question_waits_withdraws_it() {
    let mut fixture = Fixture::new(vec![write_call()], asked()).await;
    fixture.submit("make a file").await;
    fixture
        .until(|kind| matches!(kind, EventKind::PermissionAsked { .. }))
        .await;
    fixture.engine.cancel(&fixture.session);
    let (seen, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Cancelled);
    let withdrawn = seen.iter().any(|kind| {
        matches!(
            kind,
            EventKind::PermissionAnswered {
                by: AnsweredBy::Nobody,
                ..
            }
        )
    });
    assert!(withdrawn, "the dialog must learn that it is out of date");
    assert_valid(&fixture.history().await);
    assert!(!fixture.workspace.path("new.txt").exists());
}

#[tokio::test]
async fn a_cancel_in_mid_answer_keeps_what_was_said() {
    let reply = Reply::text("A long answer that takes its time to arrive.").paced_ms(200);
    let mut fixture = Fixture::new(vec![reply], asked()).await;
    fixture.submit("talk").await;
    fixture
        .until(|kind| matches!(kind, EventKind::TextDelta { .. }))
        .await;
    fixture.engine.cancel(&fixture.session);
    let (_, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Cancelled);
    let history = fixture.history().await;
    let said = history[1].text();
    assert!(
        !said.is_empty() && "A long answer that takes its time to arrive.".starts_with(&said),
        "{said:?}"
    );
    fixture.server.wait_for_abandoned().await;
}

#[tokio::test]
async fn a_limit_on_requests_ends_a_circle() {
    let script = Script::from_fn(|_| Reply::tool("list_dir", json!({ "path": "." })));
    let options = Options {
        limits: RunLimits {
            max_turns: Some(3),
            ..RunLimits::default()
        },
        ..asked()
    };
    let mut fixture = Fixture::new(script, options).await;
    fixture.submit("go round").await;
    let (seen, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Limit);
    assert_eq!(fixture.server.requests().len(), 3);
    assert!(
        seen.iter()
            .any(|kind| matches!(kind, EventKind::Notice { .. }))
    );
    assert_valid(&fixture.history().await);
}

#[tokio::test]
async fn unknown_tools_and_wrong_inputs_are_results_the_model_can_act_on() {
    let calls = vec![
        ("teleport".to_owned(), json!({})),
        ("read".to_owned(), json!({ "path": 7 })),
        ("write".to_owned(), json!({})),
    ];
    let mut fixture = Fixture::new(vec![Reply::tools(calls), Reply::text("Sorry.")], asked()).await;
    fixture.submit("try").await;
    let (_, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Done);
    let results = results(&fixture.history().await);
    assert!(
        results
            .iter()
            .all(|result| result.outcome == Outcome::Failed)
    );
    assert!(
        results[0].content.contains("read"),
        "names the tools there are: {}",
        results[0].content
    );
    assert!(
        results[1].content.contains("path") || results[1].content.contains("string"),
        "{}",
        results[1].content
    );
}

#[tokio::test]
async fn a_wrong_key_is_an_auth_error_with_a_hint_and_the_message_is_kept() {
    let mut fixture = Fixture::new(vec![Reply::status(401)], asked()).await;
    fixture.submit("hello").await;
    let (seen, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Failed);
    let Some(EventKind::TurnFinished {
        error: Some(error), ..
    }) = seen.last()
    else {
        panic!("no error")
    };
    assert_eq!(error.kind, ErrorKind::Auth);
    assert!(!error.hints.is_empty());
    assert_eq!(fixture.history().await[0].text(), "hello");
    assert_eq!(
        fixture.server.requests().len(),
        1,
        "a wrong key is not tried again"
    );
}

#[tokio::test]
async fn a_second_request_waits_its_turn() {
    let mut fixture =
        Fixture::new(vec![Reply::text("slow answer here").paced_ms(100)], asked()).await;
    fixture.submit("first").await;
    let busy = fixture
        .engine
        .submit(&fixture.session, Submission::typed("second"))
        .await;
    assert_eq!(busy.unwrap_err().kind, ErrorKind::Busy);
    fixture.until_finished().await;
    fixture.submit("second").await;
    let (_, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Done);
}

#[tokio::test]
async fn a_session_goes_on_after_a_restart() {
    let mut fixture = Fixture::new(
        vec![write_call(), Reply::text("First."), Reply::text("Second.")],
        bypass(),
    )
    .await;
    fixture.submit("one").await;
    fixture.until_finished().await;
    fixture.engine.shutdown().await;
    let options = Options {
        provider: Some("anthropic".into()),
        base_url: Some(fixture.server.base_url()),
        api_key: Some("test-key".into()),
        ..Options::default()
    };
    fixture.engine = Engine::open(Home::below(fixture.folder.path()), options)
        .await
        .unwrap();
    fixture.events = fixture.engine.subscribe();
    let view = fixture.engine.open_session(&fixture.session).await.unwrap();
    assert_eq!(
        view.mode,
        PermissionMode::Bypass,
        "the session's mode is kept"
    );
    assert_eq!(view.messages.len(), 4);
    fixture.submit("two").await;
    fixture.until_finished().await;
    let sent = fixture.server.requests()[2].body["messages"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(sent, 5, "the model sees the whole history");
}

#[tokio::test]
async fn a_history_that_a_crash_cut_is_mended() {
    let fixture = Fixture::new(vec![Reply::text("Going on.")], asked()).await;
    let store = store::Store::open(&fixture.engine.home().database())
        .await
        .unwrap();
    let summary = fixture
        .engine
        .start_session(fixture.workspace.root())
        .unwrap();
    store.create_session(&summary).await.unwrap();
    let cut = Message {
        role: Role::Assistant,
        blocks: vec![Block::ToolCall(protocol::ToolCall {
            id: "call-1".into(),
            name: "bash".into(),
            input: json!({ "command": "make" }),
        })]
        .into(),
        ..Message::user_text("turn-1".into(), "", protocol::Origin::Program, 1)
    };
    store.append_message(&summary.id, &cut).await.unwrap();
    store.close().await;
    fixture.engine.shutdown().await;

    let options = Options {
        provider: Some("anthropic".into()),
        base_url: Some(fixture.server.base_url()),
        api_key: Some("test-key".into()),
        ..Options::default()
    };
    let engine = Engine::open(Home::below(fixture.folder.path()), options)
        .await
        .unwrap();
    let view = engine.open_session(&summary.id).await.unwrap();
    assert_valid(&view.messages);
    assert_eq!(results(&view.messages)[0].outcome, Outcome::Cancelled);
    engine.shutdown().await;
}

#[tokio::test]
async fn a_workspace_that_vanished_is_said_and_the_session_kept() {
    let mut fixture = Fixture::new(vec![Reply::text("Hi.")], asked()).await;
    fixture.submit("hi").await;
    fixture.until_finished().await;
    let workspace = std::mem::take(&mut fixture.workspace);
    workspace.vanish();
    let gone = fixture
        .engine
        .submit(&fixture.session, Submission::typed("again"))
        .await
        .unwrap_err();
    assert_eq!(gone.kind, ErrorKind::WorkspaceGone);
    assert_eq!(fixture.history().await.len(), 2);
}

#[tokio::test]
async fn sequence_numbers_have_no_gaps() {
    let mut fixture = Fixture::new(vec![write_call(), Reply::text("Done.")], bypass()).await;
    fixture.submit("go").await;
    let mut last = None;
    loop {
        let event = fixture.next().await;
        if let Some(last) = last {
            assert_eq!(event.seq, last + 1);
        }
        last = Some(event.seq);
        if matches!(event.kind, EventKind::TurnFinished { .. }) {
            break;
        }
    }
}

#[tokio::test]
async fn offline_needs_neither_key_nor_network() {
    let workspace = Workspace::new().with_file("README.md", "# Tidepool\n");
    let options = Options {
        provider: Some("offline".into()),
        ..Options::default()
    };
    let ended = one_turn(options, &workspace, "what is in README").await;
    assert_eq!(ended.reason, StopReason::Done);
    let messages = ended.messages;
    assert!(
        messages.last().unwrap().text().contains("Tidepool"),
        "{}",
        messages.last().unwrap().text()
    );
}
