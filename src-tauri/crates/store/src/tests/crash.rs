//! A process that dies or may not write. The process is this test binary
//! itself, told by an environment variable to play the part.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::branches::Random;
use super::*;
use crate::{StoreError, TurnStart};

const PLAY: &str = "STORE_TEST_DATABASE";
/// In the gate; `cargo xtask soak` makes ten times as many.
const ROUNDS: usize = 100;

/// Appends until killed; writes each number to stdout once it is durable.
#[tokio::test]
async fn played_writer() {
    let Some(path) = std::env::var_os(PLAY) else {
        return;
    };
    let store = Store::open(Path::new(&path)).await.unwrap();
    let session = SessionId::from("s1");
    let turn = TurnStart {
        session: session.clone(),
        turn: TurnId::new(),
        provider: "p".into(),
        model: "m".into(),
        at_ms: 1,
    };
    store.turn_started(&turn).await.unwrap();
    let first = store.messages(&session).await.unwrap().len();
    for number in first.. {
        let message = text(&format!("m{number}"), &number.to_string(), 1);
        store.append_message(&session, &message).await.unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "\nsaved {number}").unwrap();
        out.flush().unwrap();
    }
}

/// Reports how opening went.
#[tokio::test]
async fn played_opener() {
    let Some(path) = std::env::var_os(PLAY) else {
        return;
    };
    let opened = Store::open(Path::new(&path)).await;
    let word = match opened {
        Ok(_) => "open",
        Err(StoreError::ReadOnly { .. }) => "read-only",
        Err(_) => "other",
    };
    writeln!(std::io::stdout().lock(), "\nresult {word}").unwrap();
}

fn play(test: &str, path: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(PLAY, path)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

#[tokio::test]
async fn every_acknowledged_message_survives_random_kills() {
    let (_folder, path) = fresh();
    store_with_session(&path).await.0.close().await;
    let mut random = Random(std::process::id().into());
    let mut acknowledged = 0;
    let rounds = ROUNDS * testkit::soak_factor();
    for round in 0..rounds {
        let mut child = play("tests::crash::played_writer", &path).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        for _ in 0..=random.below(8) {
            acknowledged = next_saved(&mut lines).expect("the writer goes on until killed") + 1;
        }
        // Into the middle of a write, wherever that is this time.
        std::thread::sleep(std::time::Duration::from_micros(random.next() % 2_000));
        child.kill().unwrap();
        child.wait().unwrap();
        while let Some(number) = next_saved(&mut lines) {
            acknowledged = number + 1;
        }
        survived(&path, acknowledged, round).await;
    }
    let raw = rusqlite::Connection::open(&path).unwrap();
    let finding: String = raw
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(finding, "ok");
    let held = format!("{rounds} kills, {acknowledged} acknowledged messages, none lost");
    writeln!(std::io::stdout().lock(), "\n{held}, integrity ok").unwrap();
}

/// Everything acknowledged is there and in order, and the index agrees.
async fn survived(path: &Path, acknowledged: usize, round: usize) {
    let store = Store::open(path).await.unwrap();
    let messages = store.messages(&"s1".into()).await.unwrap();
    assert!(
        messages.len() >= acknowledged,
        "round {round}: {} < {acknowledged}",
        messages.len()
    );
    for (number, message) in messages.iter().enumerate() {
        assert_eq!(message.text(), number.to_string());
    }
    let listed = store.session(&"s1".into()).await.unwrap().unwrap();
    assert_eq!(listed.message_count, messages.len() as u64);
    assert_eq!(store.unfinished_turns().await.unwrap().len(), round + 1);
    store.check().await.unwrap();
    let documents: i64 = store
        .call(|database| {
            Ok(database
                .connection
                .query_row("SELECT count(*) FROM documents", [], |row| row.get(0))?)
        })
        .await
        .unwrap();
    assert_eq!(
        documents,
        messages.len() as i64 + 1,
        "one a message and the title"
    );
    store.close().await;
}

fn next_saved(lines: &mut impl Iterator<Item = std::io::Result<String>>) -> Option<usize> {
    lines.map_while(Result::ok).find_map(|line| {
        line.strip_prefix("saved ")
            .and_then(|number| number.parse().ok())
    })
}

/// Root may write everywhere, so the part is played by a user who may not.
#[tokio::test]
async fn a_read_only_folder_and_file_are_reported_as_such() {
    use std::os::unix::fs::PermissionsExt;
    const NOBODY: u32 = 65_534;
    let (folder, path) = fresh();
    let root = std::fs::metadata(folder.path())
        .map(|data| std::os::unix::fs::MetadataExt::uid(&data))
        .unwrap()
        == 0;
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let existing = path.with_file_name("existing.db");
    std::fs::write(&existing, "").unwrap();
    let rights = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    rights(folder.path(), 0o755);
    rights(&existing, 0o444);
    rights(path.parent().unwrap(), 0o555);
    for file in [&path, &existing] {
        let mut command = play("tests::crash::played_opener", file);
        if root {
            command.uid(NOBODY).gid(NOBODY).current_dir("/");
        }
        let mut child = command.spawn().unwrap();
        let mut said = String::new();
        child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        child.wait().unwrap();
        assert!(
            said.contains("result read-only"),
            "{}: {said}",
            file.display()
        );
    }
    rights(path.parent().unwrap(), 0o755);
}
