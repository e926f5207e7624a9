#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use serde_json::json;

use super::{Change, SHOWN_LINES, Tally, describe_one};

fn describe(change: &Change<'_>) -> (serde_json::Value, Tally) {
    describe_one(change, 1)
}

#[test]
fn a_change_becomes_hunks_with_context() {
    let old: String = (1..=20).map(|number| format!("{number}\n")).collect();
    let new = old.replace("10\n", "ten\nten and a half\n");
    let (details, tally) = describe(&Change {
        path: "n.txt",
        old: Some(&old),
        new: Some(&new),
        created: false,
    });
    assert_eq!(
        tally,
        Tally {
            added: 2,
            removed: 1
        }
    );
    let line = |kind: &str, text: &str| json!({"kind": kind, "text": text});
    assert_eq!(
        details,
        json!({
            "path": "n.txt", "created": false, "deleted": false, "added": 2, "removed": 1, "truncated": false,
            "hunks": [{"old_start": 7, "new_start": 7, "lines": [
                line("context", "7"), line("context", "8"), line("context", "9"),
                line("del", "10"), line("add", "ten"), line("add", "ten and a half"),
                line("context", "11"), line("context", "12"), line("context", "13"),
            ]}],
        })
    );
}

#[test]
fn far_apart_changes_are_hunks_of_their_own() {
    let old: String = (1..=40).map(|number| format!("{number}\n")).collect();
    let new = old.replace("5\n", "five\n");
    let (details, _) = describe(&Change {
        path: "n",
        old: Some(&old),
        new: Some(&new),
        created: false,
    });
    assert_eq!(details["hunks"].as_array().unwrap().len(), 4);
}

#[test]
fn a_new_file_is_all_added() {
    let (details, tally) = describe(&Change {
        path: "n",
        old: None,
        new: Some("a\nb"),
        created: true,
    });
    assert_eq!(
        tally,
        Tally {
            added: 2,
            removed: 0
        }
    );
    assert_eq!(details["created"], true);
    assert_eq!(
        details["hunks"][0]["lines"][1],
        json!({"kind": "add", "text": "b"})
    );
}

#[test]
fn a_huge_change_is_bounded() {
    let new = "line\n".repeat(100_000) + &"x".repeat(1_000_000);
    let (details, tally) = describe(&Change {
        path: "n",
        old: None,
        new: Some(&new),
        created: false,
    });
    assert_eq!(tally.added, 100_001);
    assert_eq!(
        details["hunks"][0]["lines"].as_array().unwrap().len(),
        SHOWN_LINES
    );
    assert_eq!(details["truncated"], true);
    assert!(details.to_string().len() < 100_000);
}
