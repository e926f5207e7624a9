#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use serde_json::json;

use super::fair_share;
use crate::door::{Door, assert_says};

#[tokio::test]
async fn short_files_are_whole_and_long_ones_share() {
    let door = Door::new();
    door.put("short.txt", "one\ntwo\n");
    door.put("empty.txt", "");
    door.put("latin.txt", b"caf\xe9\n");
    let long: String = (1..=1900)
        .map(|number| format!("line {number} of a long file\n"))
        .collect();
    door.put("long.txt", &long);
    door.put("long2.txt", &long);
    let paths = [
        "short.txt",
        "long.txt",
        "empty.txt",
        "long2.txt",
        "latin.txt",
    ];
    let output = door.run("read_many", json!({ "paths": paths })).await;
    let shown = output.content;
    assert_says(
        &shown,
        &[
            "==> short.txt <==\n     1\tone\n     2\ttwo\n",
            "==> empty.txt <==\n(The file is empty.)",
            "==> long.txt <==\n     1\tline 1 of a long file\n",
            "of 1900 lines; go on with `read` at offset ",
            "     1\tcafé\n(The file is in windows-1252",
        ],
    );
    assert!(shown.len() <= 44 * 1024, "{}", shown.len());
    let files = output.details.unwrap()["files"].clone();
    let seen = [&files[1]["to"], &files[3]["to"]];
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].as_u64().unwrap() > 400, "{seen:?}");

    // What was seen whole may be written, what was not may not.
    door.ok("write", json!({"path": "short.txt", "content": "x\n"}))
        .await;
    let said = door
        .failed("write", json!({"path": "long.txt", "content": "x\n"}))
        .await;
    assert_says(&said, &["only a part"]);
}

#[tokio::test]
async fn one_that_cannot_be_read_does_not_hide_the_others() {
    let door = Door::new();
    door.put("a.txt", "one\n");
    door.put("bin", b"\0\0");
    let shown = door
        .ok(
            "read_many",
            json!({"paths": ["b.txt", "a.txt", "bin", "."]}),
        )
        .await;
    assert_says(
        &shown,
        &[
            "`b.txt` does not exist",
            "     1\tone",
            "`bin` is not text",
            "`.` is a folder",
        ],
    );
    let said = door
        .failed("read_many", json!({"paths": ["b.txt", "bin"]}))
        .await;
    assert_says(&said, &["`b.txt` does not exist", "`bin` is not text"]);
}

#[test]
fn every_file_is_judged() {
    let door = Door::new();
    let plan = door
        .plan(
            "read_many",
            &json!({"paths": ["a", "./a", "~/b", "c", "d"]}),
        )
        .unwrap();
    assert_eq!(plan.accesses.len(), 4);
    for paths in [vec![], vec!["a"; 51]] {
        let error = door
            .plan("read_many", &json!({ "paths": paths }))
            .unwrap_err();
        assert_says(&error.to_string(), &["from 1 to 50"]);
    }
}

#[test]
fn room_is_shared_fairly() {
    for (sizes, room, share) in [
        (vec![], 100, 100),
        (vec![10, 20], 100, 100),
        (vec![10, 200], 100, 90),
        (vec![300, 10, 200], 100, 45),
        (vec![50, 50, 50], 90, 30),
    ] {
        assert_eq!(fair_share(&sizes, room), share, "{sizes:?}");
    }
}
