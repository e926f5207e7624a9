//! Decoys at the door: what is sent, what a call of one comes to, and that
//! nothing of it happens while they are off.

use protocol::{AuditKind, ContextPartKind, EventKind, NoticeLevel, Outcome, StopReason};
use serde_json::{Value, json};
use testkit::{Reply, Script};

use super::ledger::{NOTICED, ledger};
use super::turns::{Fixture, bypass, results};
use crate::Options;

/// The names of the tools that a request tells, in order.
fn names(tools: &Value) -> Vec<String> {
    let tools = tools.as_array().expect("tools are sent");
    let name = |tool: &Value| tool["name"].as_str().expect("a name").to_owned();
    tools.iter().map(name).collect()
}

fn with_decoys() -> Options {
    Options {
        flags: vec!["decoys".into()],
        ..bypass()
    }
}

/// Calls the first tool of a request that is no built-in one.
fn calls_a_decoy() -> Script {
    let mut called = false;
    Script::from_fn(move |request| {
        if std::mem::replace(&mut called, true) {
            return Reply::text("Done.");
        }
        let real: Vec<&str> = tools::all(&web::Web::new())
            .iter()
            .map(|tool| tool.name())
            .collect();
        let decoy = names(&request.body["tools"])
            .into_iter()
            .find(|name| !real.contains(&name.as_str()));
        Reply::tool(decoy.unwrap_or_else(|| "none".into()), json!({ "a": 1 }))
    })
}

#[tokio::test]
async fn a_called_decoy_is_refused_told_and_kept_on_record() {
    let mut fixture = Fixture::new(calls_a_decoy(), with_decoys()).await;
    fixture.submit("go").await;
    let (seen, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Done);
    let result = results(&fixture.history().await).remove(0);
    assert_eq!(result.outcome, Outcome::Denied);
    assert!(
        result.content.contains("nothing was run"),
        "{}",
        result.content
    );
    assert!(seen.iter().any(|kind| matches!(
        kind,
        EventKind::Notice { level: NoticeLevel::Warning, text } if text.contains("a decoy")
    )));
    assert!(
        !seen
            .iter()
            .any(|kind| matches!(kind, EventKind::PermissionAsked { .. }))
    );
    let audit = ledger(&fixture.engine, NOTICED).await;
    assert_eq!(audit.len(), 1);
    assert_eq!(audit[0].kind, AuditKind::DecoyCalled);
    assert_eq!(audit[0].session_id.as_ref(), Some(&fixture.session));
}

#[tokio::test]
async fn every_request_has_the_same_tools_also_the_one_for_notes_and_after_a_restart() {
    let long = "answer ".repeat(2400);
    let script = Script::from_fn(move |_| Reply::text(long.clone()));
    let mut fixture = Fixture::new(script, Options::default()).await;
    fixture.engine.set_flag("decoys", Some(true)).await.unwrap();
    let mut settings = fixture.engine.settings();
    settings.context_window = 44_000;
    fixture.engine.update_settings(settings).await.unwrap();
    for turn in 0..3 {
        fixture.submit(&format!("wish {turn}")).await;
        fixture.until_finished().await;
    }
    let compacted = fixture.engine.compact(&fixture.session, None).await;
    assert!(compacted.unwrap());
    let mut fixture = fixture.restarted().await;
    fixture.submit("and on").await;
    fixture.until_finished().await;

    let requests = fixture.server.requests();
    assert!(requests.len() >= 5, "{}", requests.len());
    let first = requests[0].body["tools"].to_string();
    let count = names(&requests[0].body["tools"]).len() - tools::all(&web::Web::new()).len();
    assert!((3..=5).contains(&count), "{count}");
    for request in &requests {
        assert_eq!(request.body["tools"].to_string(), first);
    }

    let report = fixture.engine.context(&fixture.session).await.unwrap();
    let part = |kind| report.parts.iter().find(|part| part.kind == kind);
    let decoys = part(ContextPartKind::Decoys).expect("they are shown");
    assert_eq!(decoys.names.as_ref().map(Vec::len), Some(count));
    assert!(decoys.tokens > 0);
    assert!(part(ContextPartKind::Tools).unwrap().tokens > decoys.tokens);
}

#[tokio::test]
async fn while_they_are_off_nothing_of_them_is_sent() {
    let mut fixture = Fixture::new(calls_a_decoy(), bypass()).await;
    fixture.submit("go").await;
    fixture.until_finished().await;
    let sent = names(&fixture.server.requests()[0].body["tools"]);
    assert_eq!(sent.len(), tools::all(&web::Web::new()).len());
    assert_eq!(
        results(&fixture.history().await)[0].outcome,
        Outcome::Failed
    );
    assert_eq!(ledger(&fixture.engine, NOTICED).await, []);
    let report = fixture.engine.context(&fixture.session).await.unwrap();
    assert!(
        report
            .parts
            .iter()
            .all(|part| part.kind != ContextPartKind::Decoys)
    );
    assert!(!fixture.engine.home().data.join("decoy-seed").exists());
}
