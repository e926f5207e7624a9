#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use serde_json::{Value, json};

use crate::door::{Door, assert_says};

fn edits(pairs: &[(&str, &str)]) -> Value {
    let edits: Vec<Value> = pairs
        .iter()
        .map(|(old, new)| json!({"old_text": old, "new_text": new}))
        .collect();
    json!({"path": "a.txt", "edits": edits})
}

#[tokio::test]
async fn edits_follow_one_another() {
    let door = Door::new();
    door.put("a.txt", "one\r\ntwo\r\nthree");
    let input = edits(&[("one", "eins"), ("eins\ntwo", "1\n2\n2b"), ("three", "3")]);
    let output = door.run("multi_edit", input).await;
    assert_says(
        &output.content,
        &["Made 3 edits in `a.txt`", "4 lines added, 3 removed"],
    );
    assert_eq!(door.get("a.txt"), "1\r\n2\r\n2b\r\n3");
    let details = output.details.unwrap();
    assert_eq!(
        (&details["added"], &details["removed"]),
        (&json!(4), &json!(3))
    );
}

#[tokio::test]
async fn all_or_none() {
    let door = Door::new();
    door.put("a.txt", "one\ntwo\ntwo\n");
    for (pairs, words) in [
        (
            [("one", "1"), ("three", "3")],
            vec!["Edit 2 of 2", "not in `a.txt`"],
        ),
        (
            [("one", "1"), ("two", "2")],
            vec!["Edit 2 of 2", "at 2 places"],
        ),
        ([("one", "1"), ("1", "one")], vec!["leave `a.txt` as it is"]),
    ] {
        assert_says(&door.failed("multi_edit", edits(&pairs)).await, &words);
        assert_eq!(door.get("a.txt"), "one\ntwo\ntwo\n");
    }
    let all = json!({"path": "a.txt", "edits": [{"old_text": "two", "new_text": "2", "replace_all": true}]});
    door.ok("multi_edit", all).await;
    assert_eq!(door.get("a.txt"), "one\n2\n2\n");
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_opened() {
    let door = Door::new();
    for (input, words) in [
        (edits(&[]), "from 1 to 200"),
        (edits(&[("a", "b"); 201]), "from 1 to 200"),
        (
            edits(&[("a", "b"), ("", "b")]),
            "Edit 2: `old_text` is empty",
        ),
        (
            edits(&[("a", "a")]),
            "Edit 1: `old_text` and `new_text` are the same",
        ),
    ] {
        let error = door.plan("multi_edit", &input).unwrap_err().to_string();
        assert_says(&error, &[words]);
    }
}

#[tokio::test]
async fn a_stale_text_is_not_edited() {
    let door = Door::new();
    door.put("a.txt", "one\n");
    door.ok("read", json!({"path": "a.txt"})).await;
    door.put("a.txt", "one and theirs\n");
    let said = door.failed("multi_edit", edits(&[("one", "1")])).await;
    assert_says(&said, &["has changed since you last read it"]);
    assert_eq!(door.get("a.txt"), "one and theirs\n");
}
