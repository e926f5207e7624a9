//! A session that outgrows its window: what is sent, what is kept, what comes
//! back.

use std::sync::atomic::{AtomicBool, Ordering};

use protocol::{ContextPartKind, ErrorInfo, ErrorKind, EventKind, StopReason};
use serde_json::json;
use testkit::{RecordedRequest, Reply, Script};

use super::turns::{Fixture, bypass};
use crate::Options;

/// Tokens, small enough to fill in a few turns. A quarter of it is the
/// answer's; the tools alone take half of the rest.
const WINDOW: u64 = 14_000;

/// About 900 tokens.
fn long(word: &str) -> String {
    format!("{word} ").repeat(3_000 / (word.len() + 1))
}

fn is_summary(body: &serde_json::Value) -> bool {
    body["messages"]
        .as_array()
        .and_then(|messages| messages.last())
        .is_some_and(|last| last.to_string().contains("about to be condensed"))
}

/// Answers every request so, and the one for notes with notes.
fn script(answer: String) -> Script {
    Script::from_fn(move |request| {
        if is_summary(&request.body) {
            Reply::text("NOTES: the parser is half done.")
        } else {
            Reply::text(answer.clone())
        }
    })
}

async fn fixture() -> Fixture {
    within(WINDOW, long("answer")).await
}

/// A model with this window, which answers so.
async fn within(window: u64, answer: String) -> Fixture {
    let fixture = Fixture::new(script(answer), Options::default()).await;
    let mut settings = fixture.engine.settings();
    settings.context_window = window;
    fixture.engine.update_settings(settings).await.unwrap();
    fixture
}

/// The text of the last request that was no request for notes.
fn last_work(fixture: &Fixture) -> String {
    let requests = fixture.server.requests();
    let mut bodies = requests.iter().map(|request| &request.body);
    let work = bodies.rfind(|body| !is_summary(body)).unwrap();
    work["messages"].to_string()
}

async fn ask(fixture: &mut Fixture, text: &str) -> Vec<EventKind> {
    fixture.submit(text).await;
    let (seen, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Done);
    seen
}

#[tokio::test]
async fn a_full_window_is_condensed_without_losing_a_word_of_the_user() {
    let mut fixture = fixture().await;
    for turn in 0..12 {
        ask(&mut fixture, &format!("wish number {turn} end")).await;
    }
    let sent = last_work(&fixture);
    assert!(
        sent.contains("condensed by the program"),
        "nothing was condensed"
    );
    assert!(sent.contains("NOTES: the parser is half done."));
    for turn in 0..12 {
        assert!(sent.contains(&format!("wish number {turn} end")), "{turn}");
    }
    let report = fixture.engine.context(&fixture.session).await.unwrap();
    assert!(report.condensed && report.used < WINDOW, "{report:?}");
    let history = fixture.history().await;
    assert_eq!(history.len(), 24, "the stored history is whole");

    while fixture
        .engine
        .undo_compaction(&fixture.session)
        .await
        .unwrap()
    {}
    let mut settings = fixture.engine.settings();
    settings.context_window = 900_000;
    fixture.engine.update_settings(settings).await.unwrap();
    ask(&mut fixture, "and on").await;
    let sent = last_work(&fixture);
    assert!(!sent.contains("condensed by the program"));
    assert_eq!(sent.matches("wish number").count(), 12);
}

#[tokio::test]
async fn a_compaction_by_hand_survives_a_restart_and_keeps_the_focus_and_pins() {
    // Three answers are more than what always stays, and not yet so much that
    // the program condenses by itself.
    let mut fixture = within(32_000, long("answer").repeat(3)).await;
    for turn in 0..3 {
        ask(&mut fixture, &format!("wish {turn}")).await;
    }
    let (engine, session) = (&fixture.engine, &fixture.session);
    assert!(engine.toggle_pin(session).await.unwrap());
    assert!(engine.compact(session, Some("the parser")).await.unwrap());
    assert!(
        !engine.compact(session, None).await.unwrap(),
        "nothing more"
    );
    let asked = fixture.server.requests();
    let mut bodies = asked.iter().map(|request| &request.body);
    let notes = bodies.rfind(|body| is_summary(body)).unwrap().to_string();
    assert!(notes.contains("above all: the parser"));
    let booked = engine.usage_report(Some(session)).await.unwrap().turns;
    assert_eq!(booked.len(), 4, "the notes are booked beside three turns");

    let fixture = fixture.restarted().await;
    let report = fixture.engine.context(&fixture.session).await.unwrap();
    let summary = report
        .parts
        .iter()
        .find(|part| part.kind == ContextPartKind::Summary)
        .unwrap();
    assert!(report.condensed && summary.tokens > 0);
    assert!(
        fixture
            .engine
            .undo_compaction(&fixture.session)
            .await
            .unwrap()
    );
    assert!(
        !fixture
            .engine
            .undo_compaction(&fixture.session)
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn commands_are_carried_out_and_messages_are_left_alone() {
    let mut fixture = fixture().await;
    ask(&mut fixture, "hello").await;
    let (engine, session) = (&fixture.engine, &fixture.session);
    assert_eq!(engine.command(session, "hello").await.unwrap(), None);
    let reply = engine.command(session, "/compact").await.unwrap().unwrap();
    assert_eq!(
        reply.said.as_deref(),
        Some("There is nothing to condense yet.")
    );
    let reply = engine
        .command(session, "/mode plan")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(reply.said.as_deref(), Some("The mode is plan now."));
    let reply = engine.command(session, "/rename A title").await.unwrap();
    assert!(reply.is_some());
    let reply = engine.command(session, "/fork").await.unwrap().unwrap();
    let forked = reply.session.unwrap();
    assert_ne!(&forked.id, session);
    assert_eq!(forked.message_count, 2);
    let error = engine.command(session, "/compcat").await.unwrap_err();
    assert!(error.message.contains("Did you mean `/compact`?"));
}

#[tokio::test]
async fn the_effort_is_chosen_by_a_command_and_holds_from_the_next_message_on() {
    let mut fixture = Fixture::new(
        Script::from_fn(|_| Reply::text("Fine.")),
        Options::default(),
    )
    .await;
    ask(&mut fixture, "one").await;
    let effort = async |fixture: &Fixture, text: &str| {
        let reply = fixture.engine.command(&fixture.session, text).await;
        reply.unwrap().unwrap().said.unwrap()
    };
    assert_eq!(
        effort(&fixture, "/effort").await,
        "claude-sonnet-5-5 thinks as hard as it sees fit."
    );
    assert_eq!(
        effort(&fixture, "/effort high").await,
        "The effort of claude-sonnet-5-5 is high."
    );
    ask(&mut fixture, "two").await;
    let requests = fixture.server.requests();
    assert_eq!(requests[0].body.get("output_config"), None);
    assert_eq!(requests[1].body["output_config"]["effort"], "high");

    fixture
        .engine
        .command(&fixture.session, "/model claude-older")
        .await
        .unwrap();
    assert_eq!(
        effort(&fixture, "/effort max").await,
        "claude-older does not take the effort max; it is read as high."
    );
}

#[tokio::test]
async fn a_list_of_models_says_which_efforts_each_takes() {
    let fixture = Fixture::new([Reply::text("Fine.")], Options::default()).await;
    let providers = fixture.engine.providers().await;
    let efforts = |id: &str, name: &str| {
        let status = providers.iter().find(|status| status.id == id).unwrap();
        let names = status.model_facts.iter().map(|facts| &facts.name);
        assert!(names.eq(&status.models), "{id}");
        let facts = status.model_facts.iter().find(|facts| facts.name == name);
        facts.unwrap().efforts.clone()
    };
    use protocol::Effort::{High, Low, Max, Medium};
    assert_eq!(
        efforts("anthropic", "claude-opus-5-5"),
        [Low, Medium, High, Max]
    );
    assert_eq!(efforts("deepseek", "deepseek-flash"), [Low, High, Max]);
    assert_eq!(efforts("openai", "gpt-4.1"), []);
    assert_eq!(efforts("offline", "offline"), []);
}

/// What Anthropic says of a request that is too long.
fn too_long() -> Reply {
    let words = "prompt is too long: 200001 tokens > 200000 maximum";
    let error = json!({ "type": "invalid_request_error", "message": words });
    Reply::refusal(400, json!({ "type": "error", "error": error }))
}

/// A server whose model takes this many bytes of messages, whatever the
/// catalogue says; `then` answers what fits.
fn narrow(most_bytes: usize, then: impl Fn(&RecordedRequest) -> Reply + Send + 'static) -> Script {
    Script::from_fn(move |request| {
        if request.body["messages"].to_string().len() > most_bytes {
            too_long()
        } else if is_summary(&request.body) {
            Reply::text("NOTES: the parser is half done.")
        } else {
            then(request)
        }
    })
}

fn errors(seen: &[EventKind]) -> Vec<ErrorInfo> {
    let ends = seen.iter().filter_map(|kind| match kind {
        EventKind::TurnFinished { error, .. } => error.clone(),
        _ => None,
    });
    ends.collect()
}

#[tokio::test]
async fn a_conversation_too_long_for_the_model_is_condensed_and_goes_on() {
    let script = narrow(20_000, |_| Reply::text(long("answer")));
    let mut fixture = Fixture::new(script, Options::default()).await;
    for turn in 0..12 {
        ask(&mut fixture, &format!("wish number {turn} end")).await;
    }
    assert_eq!(
        fixture.history().await.len(),
        24,
        "the stored history is whole"
    );
    let sent = last_work(&fixture);
    assert!(sent.contains("condensed by the program"));
    for turn in 0..12 {
        assert!(sent.contains(&format!("wish number {turn} end")), "{turn}");
    }
    let report = fixture.engine.context(&fixture.session).await.unwrap();
    assert!(report.window.unwrap() < 30_000, "{report:?}");
    let requests = fixture.server.requests();
    let is_long = |body: &serde_json::Value| body["messages"].to_string().len() > 20_000;
    let refused = requests.iter().filter(|request| is_long(&request.body));
    assert!(refused.count() <= 2, "what was refused is learnt");
}

#[tokio::test]
async fn no_call_runs_twice_when_the_request_after_it_is_too_long() {
    let asked = AtomicBool::new(false);
    let script = narrow(28_000, move |request| {
        let is_time = request.body["messages"].to_string().contains("count");
        if is_time && !asked.swap(true, Ordering::Relaxed) {
            Reply::tool(
                "bash",
                json!({ "command": "echo x >> count.txt; seq 1 1200" }),
            )
        } else {
            Reply::text(long("answer"))
        }
    });
    let mut fixture = Fixture::new(script, bypass()).await;
    for turn in 0..8 {
        ask(&mut fixture, &format!("wish {turn}")).await;
    }
    let seen = ask(&mut fixture, "count").await;
    let condensed = |kind: &EventKind| matches!(kind, EventKind::CompactionFinished { .. });
    assert!(seen.iter().any(condensed), "{seen:?}");
    let count = std::fs::read_to_string(fixture.workspace.path("count.txt")).unwrap();
    assert_eq!(count, "x\n");
}

#[tokio::test]
async fn what_cannot_be_condensed_ends_with_what_to_do() {
    let mut fixture =
        Fixture::new(narrow(1_000, |_| Reply::text("Fine.")), Options::default()).await;
    fixture.submit(&long("paste")).await;
    let (seen, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Failed);
    let error = errors(&seen).remove(0);
    assert_eq!(error.kind, ErrorKind::ContextOverflow);
    assert!(
        error.hints[0].contains("/compact") && error.hints[0].contains("larger"),
        "{error}"
    );
    assert_eq!(
        fixture.server.requests().len(),
        1,
        "nothing was gained by asking again"
    );
}

#[tokio::test]
async fn an_answer_that_reaches_the_windows_end_is_asked_for_again_with_more_room() {
    let script = Script::from_fn(move |request| {
        let messages = request.body["messages"].to_string();
        let is_condensed = messages.contains("condensed by the program");
        let is_full =
            messages.contains("the end") || (messages.contains("a tale") && !is_condensed);
        match is_summary(&request.body) {
            true => Reply::text("NOTES: none."),
            false if is_full => {
                Reply::text("Once upon").with_stop_reason("model_context_window_exceeded")
            }
            false => Reply::text(long("answer")),
        }
    });
    let mut fixture = Fixture::new(script, Options::default()).await;
    for turn in 0..3 {
        ask(&mut fixture, &format!("wish {turn}")).await;
    }
    ask(&mut fixture, "a tale").await;
    let history = fixture.history().await;
    assert_eq!(history.len(), 8);
    assert!(
        !history[7].text().contains("Once upon"),
        "the cut answer is gone"
    );

    fixture.submit("the end").await;
    let (seen, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Failed);
    let error = errors(&seen).remove(0);
    assert_eq!(
        (error.kind, error.hints.len()),
        (ErrorKind::ContextOverflow, 2)
    );
    let last = fixture.history().await.pop().unwrap();
    assert_eq!(last.text(), "Once upon", "what was said is kept");
}

#[tokio::test]
async fn a_long_session_goes_on_with_a_model_that_takes_far_less() {
    let script = Script::from_fn(|request| {
        let size = request.body["messages"].to_string().len();
        let is_small = request.body["model"] == "claude-small";
        let words = format!("prompt is too long: {} tokens > 3000 maximum", size / 4);
        match is_summary(&request.body) {
            _ if is_small && size > 12_000 => {
                Reply::refusal(400, json!({ "error": { "message": words } }))
            }
            true => Reply::text("NOTES: none."),
            false => Reply::text(long("answer")),
        }
    });
    let mut fixture = Fixture::new(script, Options::default()).await;
    for turn in 0..30 {
        ask(&mut fixture, &format!("wish number {turn} end")).await;
    }
    let (engine, session) = (&fixture.engine, &fixture.session);
    engine
        .command(session, "/model claude-small")
        .await
        .unwrap();
    ask(&mut fixture, "and on").await;
    let sent = last_work(&fixture);
    assert!(
        sent.len() <= 12_000 && sent.contains("wish number 0 end"),
        "{}",
        sent.len()
    );
}
