#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::sync::{Arc, Mutex};

use protocol::{Outcome, OutputStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{ENDED_KEPT, Jobs, News, UNREAD_BYTES};
use crate::ToolOutput;

fn jobs() -> Jobs {
    Jobs::new(TaskTracker::new(), CancellationToken::new())
}

fn nobody() -> crate::OutputSink {
    Arc::new(|_, _| {})
}

#[tokio::test]
async fn output_is_seen_live_until_the_job_goes_on_alone() {
    let jobs = jobs();
    let seen = Arc::new(Mutex::new(String::new()));
    let sink = Arc::clone(&seen);
    let live = Arc::new(move |_, text: &str| sink.lock().unwrap().push_str(text));
    let job = jobs.start("x".to_owned(), live, |job| async move {
        job.cancel.cancelled().await;
        ToolOutput::ok("stopped")
    });
    job.push(OutputStream::Stdout, "one\n");
    assert!(jobs.list().is_empty(), "what is waited for is not listed");
    jobs.keep(&job);
    job.push(OutputStream::Stderr, "two\n");
    assert_eq!(*seen.lock().unwrap(), "one\n");
    let news = |text: &str| News {
        text: text.to_owned(),
        missed: 0,
    };
    assert_eq!(job.news(), news("one\ntwo\n"));
    assert_eq!(job.news(), news(""));
    assert_eq!(jobs.get("job-1").unwrap().title, "x");
    assert!(job.end().is_none());
    job.cancel.cancel();
    assert_eq!(job.wait().await.output.content, "stopped");
}

#[tokio::test]
async fn a_flood_is_not_drawn() {
    let jobs = jobs();
    let drawn = Arc::new(Mutex::new(0));
    let sink = Arc::clone(&drawn);
    let live = Arc::new(move |_, text: &str| *sink.lock().unwrap() += text.len());
    let job = jobs.start("x".to_owned(), live, |_| {
        std::future::pending::<ToolOutput>()
    });
    for _ in 0..1000 {
        job.push(OutputStream::Stdout, &"x".repeat(4096));
    }
    let drawn = *drawn.lock().unwrap();
    assert!((512 * 1024..600 * 1024).contains(&drawn), "{drawn}");
}

#[tokio::test]
async fn what_nobody_reads_is_bounded() {
    let jobs = jobs();
    let job = jobs.start("x".to_owned(), nobody(), |_| {
        std::future::pending::<ToolOutput>()
    });
    for _ in 0..1000 {
        job.push(OutputStream::Stdout, &"ä".repeat(1001));
    }
    let news = job.news();
    assert!(news.text.len() <= UNREAD_BYTES && news.text.chars().all(|c| c == 'ä'));
    assert_eq!(news.missed as usize + news.text.len(), 1000 * 2002);
}

#[tokio::test]
async fn a_job_that_panics_or_is_dropped_has_an_end() {
    let jobs = jobs();
    let job = jobs.start("x".to_owned(), nobody(), |_| async { panic!("boom") });
    assert_eq!(job.wait().await.output.outcome, Outcome::Failed);
}

#[tokio::test]
async fn all_end_with_the_session() {
    let tasks = TaskTracker::new();
    let jobs = Jobs::new(tasks.clone(), CancellationToken::new());
    let job = jobs.start("x".to_owned(), nobody(), |job| async move {
        job.cancel.cancelled().await;
        ToolOutput::cancelled("over")
    });
    jobs.keep(&job);
    drop(jobs);
    assert_eq!(job.wait().await.output.content, "over");
    tasks.close();
    tasks.wait().await;
}

#[tokio::test]
async fn ended_jobs_are_forgotten_in_time_and_running_ones_are_not() {
    let jobs = jobs();
    let lasting = jobs.start("lasting".to_owned(), nobody(), |_| {
        std::future::pending::<ToolOutput>()
    });
    jobs.keep(&lasting);
    for _ in 0..ENDED_KEPT + 5 {
        let job = jobs.start("x".to_owned(), nobody(), |_| async { ToolOutput::ok("") });
        job.wait().await;
        jobs.keep(&job);
    }
    let list = jobs.list();
    assert_eq!(list.len(), ENDED_KEPT + 1);
    assert_eq!(list[0].title, "lasting");
    assert!(jobs.has_room());
    for _ in 0..20 {
        jobs.keep(&jobs.start("x".to_owned(), nobody(), |_| {
            std::future::pending::<ToolOutput>()
        }));
    }
    assert!(!jobs.has_room());
}
