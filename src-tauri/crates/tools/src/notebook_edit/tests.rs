#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use serde_json::{Value, json};

use crate::door::{Door, assert_says};
use crate::notebook::NOTEBOOK;

fn input(action: &str, cell: usize, source: Option<&str>) -> Value {
    let mut input = json!({"path": "n.ipynb", "action": action, "cell": cell});
    if let Some(source) = source {
        input["source"] = json!(source);
    }
    input
}

#[tokio::test]
async fn cells_are_replaced_inserted_and_deleted() {
    let door = Door::new();
    door.put("n.ipynb", NOTEBOOK);
    let shown = door.ok("read", json!({"path": "n.ipynb"})).await;
    assert_says(
        &shown,
        &[
            "[cell 1: markdown]",
            "print('hello')",
            "image/png, not shown",
        ],
    );
    let output = door
        .run("notebook_edit", input("replace", 2, Some("x = 1")))
        .await;
    assert_eq!(output.content, "Replaced cell 2 of `n.ipynb`.");
    assert!(
        !output.details.unwrap()["hunks"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    door.ok("notebook_edit", input("insert", 0, Some("first")))
        .await;
    door.ok("notebook_edit", input("delete", 2, None)).await;
    let shown = door.ok("read", json!({"path": "n.ipynb"})).await;
    assert_says(
        &shown,
        &[
            "[cell 1: code]\n     2\tfirst\n",
            "[cell 2: code]\n     4\tx = 1\n",
        ],
    );
}

#[tokio::test]
async fn what_cannot_be_is_told_and_nothing_changes() {
    let door = Door::new();
    door.put("n.ipynb", NOTEBOOK);
    door.put("broken.ipynb", "{\"cells\": ");
    let said = door.failed("notebook_edit", input("delete", 3, None)).await;
    assert_says(&said, &["has 2 cells; there is no cell 3"]);
    let said = door
        .failed("notebook_edit", input("insert", 3, Some("x")))
        .await;
    assert_says(&said, &["there is no cell 3"]);
    let mut broken = input("delete", 1, None);
    broken["path"] = json!("broken.ipynb");
    assert_says(
        &door.failed("notebook_edit", broken).await,
        &["no notebook"],
    );
    assert_says(
        &door.ok("read", json!({"path": "broken.ipynb"})).await,
        &["{\"cells\": "],
    );
    for (input, words) in [
        (input("replace", 1, None), "`source` is missing"),
        (input("delete", 1, Some("x")), "takes no `source`"),
        (input("replace", 0, Some("x")), "counts from 1"),
    ] {
        let error = door.plan("notebook_edit", &input).unwrap_err();
        assert_says(&error.to_string(), &[words]);
    }
    assert_eq!(door.get("n.ipynb"), NOTEBOOK);
}

#[tokio::test]
async fn a_notebook_that_was_only_shown_is_not_written_as_a_whole() {
    let door = Door::new();
    door.put("n.ipynb", NOTEBOOK);
    door.ok("read", json!({"path": "n.ipynb"})).await;
    let said = door
        .failed("write", json!({"path": "n.ipynb", "content": "{}"}))
        .await;
    assert_says(&said, &["only a part"]);
}
