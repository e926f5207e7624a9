#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use serde_json::json;

use crate::door::{Door, assert_says};

#[tokio::test]
async fn a_job_ends_with_everything_it_started() {
    let door = Door::new();
    let script = "(setsid sleep 1000 & echo $! > pid); sleep 1000";
    door.ok("bash", json!({"command": script, "background": true}))
        .await;
    let pid: i32 = door.get("pid").trim().parse().unwrap();
    let said = door.ok("job_kill", json!({"id": "job-1"})).await;
    assert_eq!(said, "Ended `job-1`, with every process it started.");
    let lives = || std::path::Path::new(&format!("/proc/{pid}/stat")).exists();
    for _ in 0..200 {
        if !lives() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(!lives(), "the child of the job lives on");
    let again = door.ok("job_kill", json!({"id": "job-1"})).await;
    assert_says(&again, &["has ended already: stopped after"]);
}

#[tokio::test]
async fn jobs_end_with_the_session() {
    let door = Door::new();
    door.ok("bash", json!({"command": "sleep 1000", "background": true}))
        .await;
    let job = door.ctx.jobs.get("job-1").unwrap();
    drop(door);
    assert_eq!(
        job.wait().await.output.outcome,
        protocol::Outcome::Cancelled
    );
}
