#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use protocol::Outcome;
use serde_json::json;
use std::time::{Duration, Instant};

use crate::door::{Door, assert_says};

#[tokio::test]
async fn output_is_shown_once_and_the_end_is_told() {
    let door = Door::new();
    let script = "echo first; while [ ! -e go ]; do sleep 0.02; done; echo second; exit 4";
    let said = door
        .ok("bash", json!({"command": script, "background": true}))
        .await;
    assert_says(&said, &["in the background as `job-1`", "So far:\nfirst\n"]);
    let none = door.ok("job_output", json!({"id": "job-1"})).await;
    assert_says(&none, &["(Nothing new.)", "running for"]);
    door.put("go", "");
    let output = door
        .run("job_output", json!({"id": "job-1", "wait_ms": 60_000}))
        .await;
    assert_says(&output.content, &["second\n(job-1: failed after"]);
    let details = output.details.unwrap();
    assert_eq!(
        (&details["running"], &details["exit_code"]),
        (&json!(false), &json!(4))
    );
}

#[tokio::test]
async fn of_a_flood_the_end_is_kept() {
    let door = Door::new();
    let script = "sleep 0.6; seq 1 200000; echo last";
    door.ok("bash", json!({"command": script, "background": true}))
        .await;
    let said = door
        .ok("job_output", json!({"id": "job-1", "wait_ms": 60_000}))
        .await;
    assert_says(
        &said,
        &["bytes before this were not kept", "last\n", "left out"],
    );
    assert!(said.len() <= tool::OUTPUT_LIMIT_BYTES, "{}", said.len());
}

#[tokio::test]
async fn a_wait_ends_with_the_turn_and_the_job_does_not() {
    let door = Door::new();
    door.ok("bash", json!({"command": "sleep 1000", "background": true}))
        .await;
    let cancel = door.ctx.cancel.clone();
    let stop = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        cancel.cancel();
    });
    let started = Instant::now();
    let output = door
        .run("job_output", json!({"id": "job-1", "wait_ms": 600_000}))
        .await;
    stop.join().unwrap();
    assert_eq!(output.outcome, Outcome::Cancelled);
    assert!(started.elapsed() < Duration::from_secs(60));
    assert!(door.ctx.jobs.get("job-1").unwrap().end().is_none());
}

#[tokio::test]
async fn an_unknown_job_is_told_with_those_there_are() {
    let door = Door::new();
    let said = door.failed("job_output", json!({"id": "job-7"})).await;
    assert_eq!(said, "There is no `job-7`. Nothing runs in the background.");
    door.ok("bash", json!({"command": "sleep 1000", "background": true}))
        .await;
    let said = door.failed("job_kill", json!({"id": "job-7"})).await;
    assert_eq!(said, "There is no `job-7`. There are job-1.");
    let error = door.plan("job_output", &json!({"id": "job-1", "wait_ms": 600_001}));
    assert_says(&error.unwrap_err().to_string(), &["at most 600000"]);
}
