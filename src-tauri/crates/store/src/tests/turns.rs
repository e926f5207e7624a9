//! Turns, usage and approvals.

use protocol::{Answer, AnsweredBy, Finding, PermissionRequest, StopReason, Usage};

use super::*;
use crate::{Approval, StoreError, TurnStart};

fn start(session: &SessionId, turn: &str, at_ms: u64) -> TurnStart {
    TurnStart {
        session: session.clone(),
        turn: turn.into(),
        provider: "offline".into(),
        model: "commander".into(),
        at_ms,
    }
}

fn usage(number: u64) -> Usage {
    Usage {
        input_tokens: number,
        output_tokens: number * 2,
        cache_read_tokens: number * 3,
        cache_write_tokens: number * 4,
    }
}

#[tokio::test]
async fn usage_adds_up_over_finished_turns_and_a_failed_last_turn_shows() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    assert_eq!(store.usage_total(&session).await.unwrap(), Usage::default());
    for (turn, at_ms, reason, expected) in [
        ("t1", 10, StopReason::Done, SessionState::Idle),
        ("t2", 20, StopReason::Failed, SessionState::Failed),
        ("t3", 30, StopReason::Cancelled, SessionState::Idle),
    ] {
        store
            .turn_started(&start(&session, turn, at_ms))
            .await
            .unwrap();
        store
            .turn_finished(&turn.into(), reason, usage(at_ms), at_ms + 5)
            .await
            .unwrap();
        let state = store.session(&session).await.unwrap().unwrap().state;
        assert_eq!(state, expected, "after {turn}");
    }
    assert_eq!(store.usage_total(&session).await.unwrap(), usage(60));
    assert_eq!(store.unfinished_turns().await.unwrap(), vec![]);
}

#[tokio::test]
async fn a_turn_of_an_unknown_session_is_refused() {
    let (_folder, path) = fresh();
    let store = Store::open(&path).await.unwrap();
    let refused = store.turn_started(&start(&"none".into(), "t1", 1)).await;
    assert!(
        matches!(refused, Err(StoreError::UnknownSession { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_turn_that_runs_in_another_process_is_not_unfinished_until_that_ends() {
    let (_folder, path) = fresh();
    let (running, session) = store_with_session(&path).await;
    running
        .turn_started(&start(&session, "t1", 10))
        .await
        .unwrap();
    assert_eq!(running.unfinished_turns().await.unwrap(), vec![]);

    let looking = Store::open(&path).await.unwrap();
    assert_eq!(looking.unfinished_turns().await.unwrap(), vec![]);
    running.close().await;
    let cut = looking.unfinished_turns().await.unwrap();
    assert_eq!(cut, vec![(session, TurnId::from("t1"))]);

    let (_, turn) = &cut[0];
    looking
        .turn_finished(turn, StopReason::Cancelled, Usage::default(), 20)
        .await
        .unwrap();
    assert_eq!(looking.unfinished_turns().await.unwrap(), vec![]);
}

#[tokio::test]
async fn approvals_come_back_with_all_their_parts() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    let request = PermissionRequest {
        id: "r1".into(),
        findings: vec![Finding {
            check: "x".into(),
            reason: "y".into(),
            danger: true,
            span: None,
        }],
        danger: true,
        ..testkit::permission_request("rm a")
    };
    let denied = Approval {
        request: request.clone(),
        answer: Answer::Deny {
            feedback: Some("keep it".into()),
        },
        by: AnsweredBy::Dialog,
        at_ms: 7,
    };
    let allowed = Approval {
        request: PermissionRequest {
            id: "r2".into(),
            ..request
        },
        answer: Answer::AllowOnce,
        by: AnsweredBy::Card,
        at_ms: 8,
    };
    store.record_approval(&session, &denied).await.unwrap();
    store.record_approval(&session, &allowed).await.unwrap();
    assert_eq!(
        store.approvals(&session).await.unwrap(),
        vec![denied.clone(), allowed]
    );

    let refused = store.record_approval(&"none".into(), &denied).await;
    assert!(refused.is_err());
}
