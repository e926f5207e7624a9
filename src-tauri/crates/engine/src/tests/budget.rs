//! Budgets of the settings: they hold wherever a turn is started.

use protocol::{ErrorKind, EventKind, StopReason};
use serde_json::json;
use testkit::{Reply, Script};

use super::turns::Fixture;
use crate::{Options, RunLimits, Settings};

async fn fixture(change: impl FnOnce(&mut Settings)) -> Fixture {
    let script = Script::from_fn(|_| Reply::text("Hi."));
    let fixture = Fixture::new(script, Options::default()).await;
    let mut settings = fixture.engine.settings();
    change(&mut settings);
    fixture.engine.update_settings(settings).await.unwrap();
    fixture
}

/// How a request ends: its reason and the kind of its error.
async fn ask(fixture: &mut Fixture) -> (StopReason, Option<ErrorKind>) {
    fixture.submit("hello").await;
    let (seen, reason) = fixture.until_finished().await;
    let Some(EventKind::TurnFinished { error, .. }) = seen.last() else {
        panic!("no end: {seen:?}");
    };
    (reason, error.as_ref().map(|error| error.kind))
}

const DONE: (StopReason, Option<ErrorKind>) = (StopReason::Done, None);
const USED_UP: (StopReason, Option<ErrorKind>) = (StopReason::Failed, Some(ErrorKind::Limit));

fn start_another(fixture: &mut Fixture) {
    let session = fixture.engine.start_session(fixture.workspace.root());
    fixture.session = session.unwrap().id;
}

#[tokio::test]
async fn the_days_budgets_hold_across_sessions() {
    let money: fn(&mut Settings) = |settings| settings.daily_budget_usd = 1e-9;
    let tokens: fn(&mut Settings) = |settings| settings.daily_budget_tokens = 1;
    for change in [money, tokens] {
        let mut fixture = fixture(change).await;
        assert_eq!(
            ask(&mut fixture).await,
            DONE,
            "the first one tells the cost"
        );
        start_another(&mut fixture);
        assert_eq!(ask(&mut fixture).await, USED_UP);
        assert_eq!(fixture.server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_sessions_budget_is_its_own() {
    let mut fixture = fixture(|settings| settings.session_budget_usd = 1e-9).await;
    assert_eq!(ask(&mut fixture).await, DONE);
    assert_eq!(ask(&mut fixture).await, USED_UP);
    start_another(&mut fixture);
    assert_eq!(ask(&mut fixture).await, DONE);
}

#[tokio::test]
async fn a_turn_ends_at_its_bound_of_requests_or_tokens() {
    let circle = || Script::from_fn(|_| Reply::tool("list_dir", json!({ "path": "." })));
    let limits = RunLimits {
        max_tokens: Some(1),
        ..RunLimits::default()
    };
    for (limits, requests) in [(limits, 0), (RunLimits::default(), 2)] {
        let options = Options {
            limits,
            ..Options::default()
        };
        let mut fixture = Fixture::new(circle(), options).await;
        let mut settings = fixture.engine.settings();
        settings.turn_requests = requests;
        fixture.engine.update_settings(settings).await.unwrap();
        assert_eq!(ask(&mut fixture).await, (StopReason::Limit, None));
        let made = fixture.server.requests().len();
        assert_eq!(made, usize::try_from(requests.max(1)).unwrap());
    }
}
