//! Replays every kept input: what was found once stays mended.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::TARGETS;

/// More files of one target make the gate slow.
const MOST_FILES: usize = 200;
const MOST_BYTES: u64 = 300 * 1024;

fn kept(target: &str) -> PathBuf {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/fuzz");
    fixtures.join(target)
}

fn inputs(target: &str) -> Vec<PathBuf> {
    let entries = kept(target).read_dir().expect("every target has a corpus");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn replay(name: &str) {
    let (_, target) = TARGETS.iter().find(|(known, _)| *known == name).unwrap();
    let files = inputs(name);
    assert!(!files.is_empty(), "nothing is kept for {name}");
    for file in files {
        let data = std::fs::read(&file).unwrap();
        let run = std::panic::AssertUnwindSafe(|| target(&data));
        assert!(
            std::panic::catch_unwind(run).is_ok(),
            "{} breaks a promise",
            file.display()
        );
    }
}

#[test]
fn prepass_holds() {
    replay("prepass");
}

#[test]
fn decoder_holds() {
    replay("decoder");
}

#[test]
fn validator_holds() {
    replay("validator");
}

#[test]
fn rules_hold() {
    replay("rules");
}

#[test]
fn config_holds() {
    replay("config");
}

#[test]
fn paths_hold() {
    replay("paths");
}

#[test]
fn every_corpus_has_a_target_and_stays_small() {
    let known: BTreeSet<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    let folders = kept("").read_dir().unwrap();
    let names: BTreeSet<String> = folders
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.iter().map(String::as_str).eq(known));
    for name in &names {
        let files = inputs(name);
        let bytes: u64 = files
            .iter()
            .map(|file| file.metadata().unwrap().len())
            .sum();
        assert!(files.len() <= MOST_FILES, "{name}: {} files", files.len());
        assert!(bytes <= MOST_BYTES, "{name}: {bytes} bytes");
    }
}

/// Inputs are any bytes: a change of line ends would make others of them.
#[test]
fn every_target_takes_any_bytes() {
    for (_, target) in TARGETS {
        for data in [
            &b""[..],
            b"\xff",
            b"\xff\xff\xff\xff",
            b"ls\0\r\n",
            b"\x01\xc3",
        ] {
            target(data);
        }
    }
}
