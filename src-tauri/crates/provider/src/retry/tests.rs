#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use futures::{StreamExt, stream};
use protocol::ErrorKind;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

use super::{MAX_ATTEMPTS, MAX_ATTEMPTS_BROKEN, MAX_ATTEMPTS_UNREACHABLE, RetryPolicy, retrying};
use crate::failure::{Failure, retry_after};
use crate::{Finish, ProviderError, StreamEvent};

type Item = Result<StreamEvent, Failure>;

fn text(text: &str) -> Item {
    Ok(StreamEvent::Text(text.to_owned()))
}

fn finished() -> Item {
    Ok(StreamEvent::Finished(Finish::EndTurn))
}

fn policy() -> RetryPolicy {
    RetryPolicy {
        random: || 0.5,
        ..RetryPolicy::default()
    }
}

/// All items of the stream, and how many attempts were begun. After the
/// scripted attempts the last one is repeated.
async fn run(attempts: Vec<Vec<Item>>) -> (Vec<Result<StreamEvent, ProviderError>>, usize) {
    let begun = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&begun);
    let begin = move || {
        let number = counter.fetch_add(1, Ordering::Relaxed);
        stream::iter(attempts[number.min(attempts.len() - 1)].clone()).boxed()
    };
    let items = retrying(policy(), "Anthropic".to_owned(), begin)
        .collect()
        .await;
    (items, begun.load(Ordering::Relaxed))
}

#[test]
fn pauses_double_up_to_the_ceiling_and_jitter_is_full() {
    let policy = RetryPolicy::default();
    let check = |attempt: u32, random: f64, expected_ms: u64| {
        assert_eq!(
            policy.delay(attempt, None, random),
            Duration::from_millis(expected_ms),
            "{attempt} {random}"
        );
    };
    check(1, 1.0, 500);
    check(2, 1.0, 1000);
    check(4, 1.0, 4000);
    check(4, 0.25, 1000);
    check(7, 1.0, 30_000);
    check(u32::MAX, 1.0, 30_000);
    check(5, 0.0, 0);
}

#[test]
fn what_the_server_asks_for_is_the_least_pause() {
    let policy = RetryPolicy::default();
    let asked = Some(Duration::from_secs(7));
    assert_eq!(policy.delay(1, asked, 0.0), Duration::from_secs(7));
    assert_eq!(policy.delay(1, asked, 1.0), Duration::from_millis(7250));
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
    let check = |text: &str, expected: Option<u64>| {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(text).unwrap());
        assert_eq!(
            retry_after(&headers, now),
            expected.map(Duration::from_secs),
            "{text}"
        );
    };
    check("3", Some(3));
    check(" 0 ", Some(0));
    check("Sun, 06 Nov 1994 08:49:47 GMT", Some(10));
    check("Sun, 06 Nov 1994 08:49:07 GMT", Some(0));
    check("-5", None);
    check("soon", None);
    check("NaN", None);
    assert_eq!(retry_after(&HeaderMap::new(), now), None);
}

#[test]
fn statuses_are_retried_only_when_it_can_help() {
    let check = |status: u16, kind: ErrorKind, is_retried: bool| {
        let failure = Failure::status("Anthropic", status, None, "why");
        assert_eq!(failure.error.kind, kind, "{status}");
        assert_eq!(
            policy().next_pause(1, &failure).is_some(),
            is_retried,
            "{status}"
        );
    };
    for status in [500, 502, 503, 504, 529, 408, 409] {
        check(status, ErrorKind::ProviderFailed, true);
    }
    check(429, ErrorKind::RateLimited, true);
    check(413, ErrorKind::ContextOverflow, false);
    for status in [400, 402, 422, 301, 307] {
        check(status, ErrorKind::BadRequest, false);
    }
    for status in [401, 403] {
        check(status, ErrorKind::Auth, false);
    }
    check(404, ErrorKind::NotFound, false);
}

#[test]
fn a_refused_certificate_is_not_tried_again() {
    let failure = Failure::unreachable("Anthropic", "certificate verify failed");
    assert_eq!(policy().next_pause(1, &failure), None);
    assert!(
        failure.error.hint.contains("clock"),
        "{}",
        failure.error.hint
    );
}

#[tokio::test(start_paused = true)]
async fn content_of_a_failed_attempt_is_discarded_after_the_pause() {
    let broken = Err(Failure::broken("Anthropic", "cut"));
    let (items, begun) = run(vec![vec![text("a"), broken], vec![text("b"), finished()]]).await;
    let events: Vec<_> = items.into_iter().map(Result::unwrap).collect();
    assert_eq!(begun, 2);
    assert_eq!(
        events,
        [
            StreamEvent::Text("a".to_owned()),
            StreamEvent::Retry {
                attempt: 2,
                delay_ms: 250,
                reason: "The answer of Anthropic broke off: cut.".to_owned()
            },
            StreamEvent::Discarded,
            StreamEvent::Text("b".to_owned()),
            StreamEvent::Finished(Finish::EndTurn),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn without_content_nothing_is_discarded() {
    let busy = Err(Failure::status("Anthropic", 529, None, ""));
    let (items, _) = run(vec![vec![busy], vec![finished()]]).await;
    let events: Vec<_> = items.into_iter().map(Result::unwrap).collect();
    assert!(
        matches!(
            events.as_slice(),
            [
                StreamEvent::Retry { attempt: 2, .. },
                StreamEvent::Finished(_)
            ]
        ),
        "{events:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_attempts_are_limited_by_kind() {
    let check = async |failure: Failure, expected: u32| {
        let kind = failure.error.kind;
        let (items, begun) = run(vec![vec![Err(failure)]]).await;
        assert_eq!(begun, usize::try_from(expected).unwrap(), "{kind:?}");
        assert_eq!(items.last().unwrap().as_ref().unwrap_err().kind, kind);
    };
    check(Failure::status("Anthropic", 429, None, ""), MAX_ATTEMPTS).await;
    check(
        Failure::unreachable("Anthropic", "refused"),
        MAX_ATTEMPTS_UNREACHABLE,
    )
    .await;
    check(Failure::broken("Anthropic", "cut"), MAX_ATTEMPTS_BROKEN).await;
    check(Failure::status("Anthropic", 401, None, ""), 1).await;
}

#[tokio::test(start_paused = true)]
async fn the_pause_is_as_long_as_announced() {
    let asked = Some(Duration::from_secs(9));
    let busy = Err(Failure::status("Anthropic", 429, asked, ""));
    let before = tokio::time::Instant::now();
    let (items, _) = run(vec![vec![busy], vec![finished()]]).await;
    let Ok(StreamEvent::Retry { delay_ms, .. }) = items[0] else {
        panic!("{items:?}")
    };
    assert_eq!(delay_ms, 9125);
    assert!(before.elapsed() >= Duration::from_millis(delay_ms));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_an_hour_ends_the_attempts() {
    let busy = Err(Failure::status(
        "Anthropic",
        429,
        Some(Duration::from_secs(3600)),
        "quota",
    ));
    let (items, begun) = run(vec![vec![busy]]).await;
    assert_eq!(begun, 1);
    let error = items[0].as_ref().unwrap_err();
    assert!(error.hint.contains("60 minutes"), "{}", error.hint);
}
