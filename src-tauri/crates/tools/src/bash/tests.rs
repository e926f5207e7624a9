#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::time::{Duration, Instant};

use protocol::{Access, Outcome, OutputStream};
use serde_json::json;
use tool::OUTPUT_LIMIT_BYTES;

use crate::door::{Door, assert_says};

#[tokio::test]
async fn a_command_answers_with_output_and_status() {
    let door = Door::new();
    for (command, outcome, content, code) in [
        ("echo hello", Outcome::Ok, "hello\n", json!(0)),
        ("printf no-newline", Outcome::Ok, "no-newline\n", json!(0)),
        ("true", Outcome::Ok, "(exit code 0, no output)\n", json!(0)),
        (
            "echo out; sleep 0.05; echo err >&2; exit 3",
            Outcome::Failed,
            "out\nerr\n(exit code 3)\n",
            json!(3),
        ),
        ("false", Outcome::Failed, "(exit code 1)\n", json!(1)),
        (
            "kill -9 $$",
            Outcome::Failed,
            "(ended by signal 9)\n",
            json!(null),
        ),
    ] {
        let output = door.run("bash", json!({"command": command})).await;
        assert_eq!(
            (output.outcome, output.content.as_str()),
            (outcome, content),
            "{command}"
        );
        assert_eq!(output.details.unwrap()["exit_code"], code, "{command}");
    }
}

#[tokio::test]
async fn output_is_seen_while_the_command_runs() {
    let door = Door::new();
    door.ok(
        "bash",
        json!({"command": "echo one; sleep 0.05; echo two >&2", "description": "Say it"}),
    )
    .await;
    let seen = door.user.seen.lock().unwrap().clone();
    assert_eq!(
        seen,
        [
            (OutputStream::Stdout, "one\n".to_owned()),
            (OutputStream::Stderr, "two\n".to_owned())
        ]
    );
}

#[tokio::test]
async fn it_runs_in_the_workspace_each_time_anew() {
    let door = Door::new();
    door.ok(
        "bash",
        json!({"command": "mkdir sub && cd sub && export X=1 && touch here"}),
    )
    .await;
    assert_eq!(door.tree(), ["sub", "sub/here"]);
    let said = door.ok("bash", json!({"command": "pwd; echo [$X]"})).await;
    assert_eq!(said, format!("{}\n[]\n", door.workspace.display()));
}

#[tokio::test]
async fn no_key_reaches_a_command() {
    let said = Door::new().ok("bash", json!({"command": "env"})).await;
    for line in said.lines() {
        let name = line.split('=').next().unwrap();
        let secret = ["KEY", "TOKEN", "SECRET", "PASSWORD"]
            .iter()
            .any(|word| name.contains(word));
        assert!(!secret, "{name}");
    }
    assert_says(&said, &["PATH=", "TERM=dumb"]);
}

#[tokio::test]
async fn a_timeout_fails_and_keeps_what_was_printed() {
    let door = Door::new();
    let output = door
        .run(
            "bash",
            json!({"command": "echo before; sleep 1000", "timeout_ms": 300}),
        )
        .await;
    assert_eq!(output.outcome, Outcome::Failed);
    assert_says(
        &output.content,
        &["before\n(stopped with all its processes after 300 milliseconds"],
    );
    let details = output.details.unwrap();
    assert_eq!(
        (&details["timed_out"], &details["exit_code"]),
        (&json!(true), &json!(null))
    );
}

#[tokio::test]
async fn a_cancel_ends_the_command_and_says_so() {
    let door = Door::new();
    let cancel = door.ctx.cancel.clone();
    let started = door.workspace.join("started");
    let stop = async {
        let limit = Instant::now() + Duration::from_secs(10);
        while !started.exists() {
            assert!(Instant::now() < limit, "it never started");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        cancel.cancel();
    };
    let (output, ()) = tokio::join!(
        door.run(
            "bash",
            json!({"command": "echo a; touch started; sleep 1000"})
        ),
        stop
    );
    assert_eq!(output.outcome, Outcome::Cancelled);
    assert_eq!(
        output.content,
        "a\n(stopped by the user, with all its processes)\n"
    );
}

#[tokio::test]
async fn a_background_process_is_mentioned() {
    let door = Door::new();
    let said = door
        .ok("bash", json!({"command": "sleep 1000 & echo $!"}))
        .await;
    assert_says(&said, &["in the background goes on"]);
    let pid = said.lines().next().unwrap();
    door.ok("bash", json!({"command": format!("kill {pid}")}))
        .await;
}

#[tokio::test]
async fn a_flood_keeps_its_head_and_tail() {
    let output = Door::new()
        .run("bash", json!({"command": "seq 1 100000; exit 1"}))
        .await;
    assert!(
        output.content.starts_with("1\n2\n") && output.content.ends_with("100000\n(exit code 1)\n")
    );
    assert!(output.content.len() <= OUTPUT_LIMIT_BYTES);
    assert_eq!(output.content.matches("left out").count(), 1);
    assert_eq!(output.details.unwrap()["truncated"], true);
}

#[tokio::test]
async fn bad_inputs_are_told() {
    let door = Door::new();
    for (input, words) in [
        (json!({"command": " \n"}), "empty"),
        (json!({"command": "a\0b"}), "NUL"),
        (json!({"command": "x".repeat(200_000)}), "script file"),
        (
            json!({"command": "true", "timeout_ms": 0}),
            "from 1 to 600000",
        ),
        (
            json!({"command": "true", "timeout_ms": 600_001}),
            "from 1 to 600000",
        ),
        (json!({"command": "true", "timeout_ms": -5}), "`timeout_ms`"),
        (json!({"command": ["ls"]}), "`command`"),
    ] {
        assert_says(&door.failed("bash", input).await, &[words]);
    }
}

#[test]
fn the_gate_judges_the_very_command() {
    let door = Door::new();
    let plan = door
        .plan("bash", &json!({"command": "  ls   -l # x"}))
        .unwrap();
    let cwd = door.workspace.display().to_string();
    assert_eq!(
        plan.accesses,
        [Access::Execute {
            command: "  ls   -l # x".to_owned(),
            cwd
        }]
    );
    for (asked, count) in [(true, 2), (false, 1)] {
        let input = json!({"command": "ls", "outside_sandbox": asked});
        let plan = door.plan("bash", &input).unwrap();
        assert_eq!(plan.accesses.len(), count);
        assert_eq!(plan.accesses.contains(&Access::Unconfined), asked);
    }
}
