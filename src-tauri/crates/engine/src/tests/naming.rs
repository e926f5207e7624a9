//! Names of sessions, made by the fast model after the first answer.

use protocol::{EventKind, StopReason};
use testkit::Reply;

use super::turns::Fixture;
use crate::Options;

const TITLE: &str = "Notes of two lines";

async fn named(replies: Vec<Reply>, options: Options) -> Fixture {
    let mut fixture = Fixture::new(replies, options).await;
    fixture.server = fixture.server.naming_sessions(TITLE);
    fixture
}

fn title_of(kind: &EventKind) -> Option<&str> {
    match kind {
        EventKind::SessionUpdated { summary } => Some(&summary.title),
        _ => None,
    }
}

#[tokio::test]
async fn the_fast_model_names_a_session_after_its_first_answer() {
    let mut fixture = named(vec![Reply::text("It has two.")], Options::default()).await;
    fixture.submit("how many lines has notes.txt").await;
    let seen = fixture.until(|kind| title_of(kind) == Some(TITLE)).await;
    let finished = seen
        .iter()
        .any(|kind| matches!(kind, EventKind::TurnFinished { .. }));
    assert!(finished, "nobody waits for a name");
    let request = &fixture.server.title_requests()[0];
    assert_eq!(request.body["model"], "claude-haiku-5-5");
    assert!(request.last_text().contains("how many lines has notes.txt"));
    assert!(request.last_text().contains("It has two."));
    let report = fixture.engine.usage_report(Some(&fixture.session)).await;
    let turns = report.unwrap().turns;
    assert!(
        turns.iter().any(|turn| turn.model == "claude-haiku-5-5"),
        "what it took is booked"
    );

    fixture.submit("and words").await;
    let (_, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Done);
    let fixture = fixture.restarted().await;
    let list = fixture.engine.sessions("").await.unwrap();
    assert_eq!(list[0].title, TITLE);
    assert_eq!(fixture.server.title_requests().len(), 1);
}

#[tokio::test]
async fn a_name_the_user_gave_stays() {
    let slow = Reply::text("Two.").delayed_ms(300);
    let mut fixture = named(vec![slow], Options::default()).await;
    fixture.submit("how many lines has notes.txt").await;
    fixture
        .engine
        .rename_session(&fixture.session, "Mine")
        .await
        .unwrap();
    fixture.until_finished().await;
    fixture.engine.shutdown().await;
    assert!(fixture.server.title_requests().is_empty());
}

#[tokio::test]
async fn a_script_pays_for_no_name_nor_who_turned_names_off() {
    let script = Options {
        unattended: true,
        ..Options::default()
    };
    let turned_off = Options {
        flags: vec!["-background_titles".into()],
        ..Options::default()
    };
    for options in [script, turned_off] {
        let mut fixture = named(vec![Reply::text("Two.")], options).await;
        fixture.submit("how many lines has notes.txt").await;
        fixture.until_finished().await;
        fixture.engine.shutdown().await;
        assert!(fixture.server.title_requests().is_empty());
    }
}
