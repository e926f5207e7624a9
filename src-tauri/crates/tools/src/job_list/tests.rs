#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use serde_json::json;

use crate::door::{Door, assert_says};

#[tokio::test]
async fn jobs_are_listed_with_how_they_are() {
    let door = Door::new();
    let empty = door.ok("job_list", json!({})).await;
    assert_eq!(empty, "(Nothing runs in the background.)\n");
    door.ok("bash", json!({"command": "sleep 1000", "background": true}))
        .await;
    door.ok(
        "bash",
        json!({"command": "sleep 0.6; exit 3 # and\nmore", "background": true}),
    )
    .await;
    let running = door.ok("job_list", json!({})).await;
    assert_says(
        &running,
        &["job-1  running for 0 s  sleep 1000\n", "job-2  running"],
    );
    door.ok("job_output", json!({"id": "job-2", "wait_ms": 60_000}))
        .await;
    door.ok("job_kill", json!({"id": "job-1"})).await;
    let output = door.run("job_list", json!({})).await;
    assert_says(
        &output.content,
        &[
            "job-1  stopped after",
            "job-2  failed after 0 s  sleep 0.6; exit 3 # and more\n",
        ],
    );
    let none = door.ok("job_list", json!({"running": true})).await;
    assert_says(&none, &["Nothing runs"]);
    let jobs = output.details.unwrap()["jobs"].clone();
    assert_eq!(
        jobs[1],
        json!({"id": "job-2", "command": "sleep 0.6; exit 3 # and\nmore", "running": false})
    );
}

#[tokio::test]
async fn what_ends_at_once_is_no_job() {
    let door = Door::new();
    let said = door
        .failed(
            "bash",
            json!({"command": "echo no; exit 2", "background": true}),
        )
        .await;
    assert_eq!(said, "no\n(exit code 2)\n");
    let none = door.ok("job_list", json!({})).await;
    assert_says(&none, &["Nothing runs"]);
}
