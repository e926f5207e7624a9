//! Keys that a turn meets reach no file, no provider and no export.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::json;
use testkit::{Reply, Workspace};

use crate::fam::{Fam, bash};

#[path = "../../src-tauri/crates/redact/src/tests/samples.rs"]
#[expect(dead_code, reason = "near misses are for the crate's own tests")]
mod samples;

use samples::{SAMPLES, write};

/// Shorter parts of a secret of several lines may stand anywhere.
const PART_BYTES: usize = 16;
/// How much of what stands before a secret is shown.
const BEFORE: usize = 60;

/// One secret: the text it stands in, and the parts that must not be seen.
struct Secret {
    id: &'static str,
    text: String,
    parts: Vec<String>,
}

fn secrets() -> Vec<Secret> {
    let of = |(number, sample): (usize, &samples::Sample)| {
        let written = write(sample.secret, number as u64);
        let secret = match written.split_once('«') {
            Some((_, rest)) => rest.split_once('»').unwrap().0,
            None => &written,
        };
        let lines = secret.lines().filter(|line| !line.starts_with("-----"));
        let parts = lines
            .filter(|line| line.len() >= PART_BYTES || !secret.contains('\n'))
            .map(str::to_owned);
        Secret {
            id: sample.id,
            parts: parts.collect(),
            text: written.replace(['«', '»'], ""),
        }
    };
    SAMPLES.iter().enumerate().map(of).collect()
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.file_type().unwrap().is_dir() {
            files_below(&entry.path(), found);
        } else {
            found.push(entry.path());
        }
    }
}

fn place(bytes: &[u8], part: &str) -> Option<usize> {
    bytes
        .windows(part.len())
        .position(|window| window == part.as_bytes())
}

/// The secrets that can be read in it: the id, and what stands before.
fn seen(secrets: &[Secret], bytes: &[u8]) -> Vec<String> {
    let shown = |secret: &Secret| {
        let at = secret.parts.iter().find_map(|part| place(bytes, part))?;
        let before = bytes.get(at.saturating_sub(BEFORE)..at).unwrap_or_default();
        Some(format!(
            "{} behind {:?}",
            secret.id,
            String::from_utf8_lossy(before)
        ))
    };
    secrets.iter().filter_map(shown).collect()
}

#[test]
fn no_key_that_a_turn_meets_is_written_sent_or_exported() {
    let secrets = secrets();
    assert!(secrets.len() >= 40);
    let texts: Vec<&str> = secrets.iter().map(|secret| secret.text.as_str()).collect();
    let notes = texts.join("\n\n");
    assert_eq!(seen(&secrets, notes.as_bytes()).len(), secrets.len());
    let workspace = Workspace::new().with_file("notes.txt", &notes);
    let script = vec![
        bash("cat notes.txt"),
        Reply::tool("read", json!({ "path": "notes.txt" })),
        Reply::tool("grep", json!({ "pattern": "." })),
        bash(&format!("cat <<'E'\n{notes}\nE")),
        Reply::text(format!("I found these:\n{notes}")),
    ];
    let fam = Fam::within(workspace, script);
    let prompt = format!("What are these?\n{notes}");
    let output = fam.call(&["run", "--permission-mode", "bypass", "--json", &prompt]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}");

    let mut files = Vec::new();
    files_below(fam.home(), &mut files);
    assert!(!files.is_empty());
    for file in files {
        if file.starts_with(fam.home().join("data/checkpoints/blobs")) {
            // A rewind gives the user's own file back as it was, keys and
            // all; its copy is for nobody else's eyes.
            let mode = std::fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{}: {mode:o}", file.display());
            continue;
        }
        let found = seen(&secrets, &std::fs::read(&file).unwrap());
        assert!(found.is_empty(), "{}: {found:?}", file.display());
    }
    // The first request carries what the user said, the others what was read.
    let requests = fam.server.requests();
    assert!(requests.len() >= 5, "{}", requests.len());
    for request in requests {
        let found = seen(&secrets, request.body.to_string().as_bytes());
        assert!(found.is_empty(), "sent: {found:?}");
    }
    let list = fam.call(&["session", "list", "--json"]);
    let list: serde_json::Value = serde_json::from_slice(&list.stdout).unwrap();
    let id = list[0]["id"].as_str().unwrap().to_owned();
    for format in [&["session", "export", &id][..], &["session", "show", &id]] {
        let exported = fam.call(format);
        assert!(exported.status.success() && !exported.stdout.is_empty());
        let found = seen(&secrets, &exported.stdout);
        assert!(found.is_empty(), "{format:?}: {found:?}");
    }
    assert!(seen(&secrets, errors.as_bytes()).is_empty());
}
