#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use protocol::OutputStream;
use tokio_util::sync::CancellationToken;

use crate::{
    Command, Environment, ExecError, Exit, Finished, HEAD_BYTES, SCRIPT_BYTES, TAIL_BYTES,
};

fn command(script: &str, cwd: &Path) -> Command {
    Command {
        script: script.to_owned(),
        cwd: cwd.to_owned(),
        timeout: Duration::from_secs(30),
        environment: Environment::of_process(cwd),
        confined: None,
    }
}

async fn finish(command: Command) -> Finished {
    crate::run(command, |_, _| {}, &CancellationToken::new())
        .await
        .unwrap()
}

async fn run(script: &str) -> Finished {
    let dir = tempfile::tempdir().unwrap();
    finish(command(script, dir.path())).await
}

/// Waits until `done` holds; fails after ten seconds.
async fn eventually(what: &str, done: impl Fn() -> bool) {
    let limit = Instant::now() + Duration::from_secs(10);
    while !done() {
        assert!(Instant::now() < limit, "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn lives(pid_file: &Path) -> bool {
    let pid = std::fs::read_to_string(pid_file).unwrap_or_default();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    stat.rsplit_once(')')
        .is_some_and(|(_, rest)| !rest.starts_with(" Z"))
}

#[tokio::test]
async fn a_command_ends_with_its_status_and_output() {
    let cases = [
        ("echo out", Exit::Code(0), "out\n"),
        ("exit 3", Exit::Code(3), ""),
        ("echo err >&2; false", Exit::Code(1), "err\n"),
        (
            "no-such-program-here",
            Exit::Code(127),
            "bash: line 1: no-such-program-here: command not found\n",
        ),
        ("kill -9 $$", Exit::Signal(9), ""),
        ("yes | head -2", Exit::Code(0), "y\ny\n"),
        ("cat", Exit::Code(0), ""),
        ("printf 'a\\r\\nb'", Exit::Code(0), "a\nb"),
    ];
    for (script, exit, output) in cases {
        let finished = run(script).await;
        let said = finished
            .output
            .text()
            .replace("/bin/bash", "bash")
            .replace("/usr/bash", "bash");
        assert_eq!((finished.exit, said.as_str()), (exit, output), "{script}");
        assert!(!finished.left_running, "{script}");
    }
}

#[tokio::test]
async fn live_output_names_its_stream() {
    let dir = tempfile::tempdir().unwrap();
    let mut seen = Vec::new();
    let command = command("echo one; sleep 0.05; echo two >&2", dir.path());
    crate::run(
        command,
        |stream, text| seen.push((stream, text.to_owned())),
        &CancellationToken::new(),
    )
    .await
    .unwrap();
    assert_eq!(
        seen,
        [
            (OutputStream::Stdout, "one\n".to_owned()),
            (OutputStream::Stderr, "two\n".to_owned())
        ]
    );
}

#[tokio::test]
async fn it_runs_in_its_folder_with_the_rebuilt_environment() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = command(
        "pwd -P; env | cut -d= -f1 | sort | tr '\\n' ' '",
        dir.path(),
    );
    let variables = [
        ("PATH", "/usr/bin:/bin"),
        ("HOME", "/h"),
        ("ANTHROPIC_API_KEY", "sk-secret"),
        ("BASH_ENV", "/tmp/x"),
    ];
    command.environment = Environment::rebuild(
        variables.map(|(name, value)| (name.into(), value.into())),
        dir.path(),
    );
    let finished = finish(command).await;
    let expected = format!(
        "{}\nFAMILIAR_RUN GIT_PAGER GIT_TERMINAL_PROMPT HOME NO_COLOR OLDPWD PAGER PATH PWD SHLVL TERM _ ",
        dir.path().canonicalize().unwrap().display()
    );
    assert_eq!(
        finished.output.text().replace("OLDPWD ", ""),
        expected.replace("OLDPWD ", "")
    );
}

#[tokio::test]
async fn it_leads_a_process_group_of_its_own() {
    let finished = run("test $$ = $(ps -o pgid= -p $$) && echo leader; ps -o tty= -p $$").await;
    assert!(
        finished.output.text().starts_with("leader\n"),
        "{:?}",
        finished.output
    );
}

#[tokio::test]
async fn what_cannot_start_is_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let token = CancellationToken::new();
    let gone = crate::run(command("true", &dir.path().join("gone")), |_, _| {}, &token).await;
    assert!(
        matches!(gone, Err(ExecError::FolderGone { .. })),
        "{gone:?}"
    );
    let long = crate::run(
        command(&"#".repeat(SCRIPT_BYTES + 1), dir.path()),
        |_, _| {},
        &token,
    )
    .await;
    assert!(matches!(long, Err(ExecError::TooLong { .. })), "{long:?}");
    let nul = crate::run(command("echo \0", dir.path()), |_, _| {}, &token).await;
    assert!(matches!(nul, Err(ExecError::NulByte)), "{nul:?}");
    let longest = finish(command(&"#".repeat(SCRIPT_BYTES), dir.path())).await;
    assert_eq!(longest.exit, Exit::Code(0));
}

#[tokio::test]
async fn a_timeout_kills_and_keeps_the_output() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = command("echo before; echo $BASHPID > pid; sleep 1000", dir.path());
    command.timeout = Duration::from_millis(300);
    let finished = finish(command).await;
    assert_eq!(
        (finished.exit, finished.output.text().as_str()),
        (Exit::TimedOut, "before\n")
    );
    assert!(!lives(&dir.path().join("pid")));
}

#[tokio::test]
async fn a_background_process_does_not_hold_the_call() {
    let dir = tempfile::tempdir().unwrap();
    let finished = finish(command(
        "sleep 1000 & echo $! > pid; echo started",
        dir.path(),
    ))
    .await;
    assert_eq!(
        (finished.exit, finished.output.text().as_str()),
        (Exit::Code(0), "started\n")
    );
    assert!(finished.left_running);
    assert!(finished.duration < Duration::from_secs(10));
    assert!(lives(&dir.path().join("pid")), "it was started to stay");
    run(&format!(
        "kill {}",
        std::fs::read_to_string(dir.path().join("pid")).unwrap()
    ))
    .await;
}

#[tokio::test]
async fn a_chatty_background_process_does_not_hold_the_call() {
    let finished = run("yes & sleep 0.1; exit 4").await;
    assert_eq!(finished.exit, Exit::Code(4));
    assert!(finished.left_running);
    assert!(finished.duration < Duration::from_secs(20));
}

/// Starts `script`, waits for its file `ready`, cancels, and checks that of
/// the processes it wrote down none is left.
async fn check_cancel(script: &str, pid_files: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    let token = CancellationToken::new();
    let run = crate::run(command(script, dir.path()), |_, _| {}, &token);
    let ready = dir.path().join("ready");
    let cancel = async {
        eventually("the script got ready", || ready.exists()).await;
        for file in pid_files {
            eventually("it lives before the cancel", || {
                lives(&dir.path().join(file))
            })
            .await;
        }
        token.cancel();
        Instant::now()
    };
    let (finished, cancelled_at) = tokio::join!(run, cancel);
    assert!(cancelled_at.elapsed() < Duration::from_secs(5), "{script}");
    assert_eq!(finished.unwrap().exit, Exit::Cancelled, "{script}");
    for file in pid_files {
        assert!(
            !lives(&dir.path().join(file)),
            "{file} of {script} still lives"
        );
    }
}

#[tokio::test]
async fn cancel_kills_the_whole_tree() {
    let cases: [(&str, &[&str]); 7] = [
        ("echo $$ > a; touch ready; sleep 1000", &["a"]),
        (
            "sleep 1000 & echo $! > a; echo $$ > b; touch ready; wait",
            &["a", "b"],
        ),
        (
            "trap '' TERM INT HUP; echo $$ > a; touch ready; while :; do sleep 0.01; done",
            &["a"],
        ),
        (
            "nohup setsid sh -c 'echo $$ > a; touch ready; sleep 1000; :' >/dev/null 2>&1 & wait",
            &["a"],
        ),
        // Twice forked, in a session of its own, its parents gone.
        (
            "(setsid sh -c '(sh -c \"echo \\$\\$ > a; touch ready; trap : TERM; sleep 1000; sleep 1000\") &' &) ; sleep 1000",
            &["a"],
        ),
        (
            "set -m; sh -c 'echo $$ > a; touch ready; sleep 1000; :' & wait",
            &["a"],
        ),
        (
            "sh -c 'echo $$ > a; kill -STOP $$; :' & sleep 0.1; touch ready; wait",
            &["a"],
        ),
    ];
    for (script, pid_files) in cases {
        check_cancel(script, pid_files).await;
    }
}

/// Starts of processes that still live and have this mark in their environment.
fn marked(mark: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter(|process| {
            let environment = std::fs::read(process.path().join("environ")).unwrap_or_default();
            environment
                .split(|byte| *byte == 0)
                .any(|pair| pair == mark.as_bytes())
        })
        .map(|process| process.file_name().to_string_lossy().into_owned())
        .collect()
}

/// One that is cancelled at some moment, from before it runs to when all of
/// its tree does.
async fn cancelled_at_some_moment(mark: &str, round: u64) {
    let dir = tempfile::tempdir().unwrap();
    let token = CancellationToken::new();
    let script = format!(
        "export {mark}; sleep 1000 & (setsid nohup sleep 1000 >/dev/null 2>&1 &) ; touch ready; wait"
    );
    let run = crate::run(command(&script, dir.path()), |_, _| {}, &token);
    let cancel = async {
        if round.is_multiple_of(2) {
            let ready = dir.path().join("ready");
            eventually("the script got ready", || ready.exists()).await;
        } else {
            tokio::time::sleep(Duration::from_millis(round % 12)).await;
        }
        token.cancel();
    };
    let (finished, ()) = tokio::join!(run, cancel);
    assert_eq!(finished.unwrap().exit, Exit::Cancelled);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_thousand_cancels_leave_nothing_behind() {
    const AT_ONCE: u64 = 4;
    const ROUNDS: u64 = 1000;
    let mark = format!("FAMILIAR_MARK=cancelled-{}", std::process::id());
    let worker = async |first: u64| {
        for round in 0..ROUNDS / AT_ONCE {
            cancelled_at_some_moment(&mark, first + round).await;
        }
    };
    let seen = async {
        eventually("a process with the mark", || !marked(&mark).is_empty()).await;
    };
    tokio::join!(worker(0), worker(1), worker(2), worker(3), seen);
    let limit = Instant::now() + Duration::from_secs(2);
    while !marked(&mark).is_empty() {
        assert!(Instant::now() < limit, "{:?} live on", marked(&mark));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_cancel_before_the_start_runs_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let token = CancellationToken::new();
    token.cancel();
    let finished = crate::run(command("touch ran", dir.path()), |_, _| {}, &token)
        .await
        .unwrap();
    assert_eq!(finished.exit, Exit::Cancelled);
    assert!(!dir.path().join("ran").exists());
}

#[tokio::test]
async fn dropping_the_run_kills_the_tree() {
    let dir = tempfile::tempdir().unwrap();
    let token = CancellationToken::new();
    let pid = dir.path().join("a");
    tokio::select! {
        _ = crate::run(command("(setsid sleep 1000 & echo $! > a); sleep 1000", dir.path()), |_, _| {}, &token) => {}
        () = eventually("it started", || lives(&pid)) => {}
    }
    eventually("the dropped run's process ended", || !lives(&pid)).await;
}

#[tokio::test]
async fn a_flood_is_kept_within_fixed_memory() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = command("yes familiar", dir.path());
    command.timeout = Duration::from_secs(2);
    let before = resident_bytes();
    let mut live = 0;
    let finished = crate::run(
        command,
        |_, text| live += text.len(),
        &CancellationToken::new(),
    )
    .await
    .unwrap();
    let grown = resident_bytes().saturating_sub(before);
    assert_eq!(finished.exit, Exit::TimedOut);
    assert!(
        finished.output.truncated_bytes > 10_000_000,
        "{}",
        finished.output.truncated_bytes
    );
    assert!(finished.output.head.len() + finished.output.tail.len() <= HEAD_BYTES + TAIL_BYTES);
    assert!(live as u64 > finished.output.truncated_bytes, "{live}");
    assert!(grown < 32 * 1024 * 1024, "{grown}");
}

fn resident_bytes() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse::<u64>()
        .unwrap()
        * 4096
}
