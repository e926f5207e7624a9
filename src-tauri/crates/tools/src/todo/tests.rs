#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use serde_json::{Value, json};

use crate::door::{Door, assert_says};

#[tokio::test]
async fn the_list_is_published_as_it_is() {
    let door = Door::new();
    let todos = json!([{"text": "read", "state": "done"}, {"text": "edit", "state": "active"}, {"text": "test", "state": "pending"}]);
    let output = door.run("todo", json!({"todos": todos})).await;
    assert_eq!(
        output.content,
        "The plan has 3 steps: 1 done, 1 active, 1 pending."
    );
    assert_eq!(output.details.unwrap()["todos"], todos);
    assert_eq!(*door.user.todos.lock().unwrap(), [todos]);
    door.ok("todo", json!({"todos": []})).await;
    assert_eq!(door.user.todos.lock().unwrap().last().unwrap(), &json!([]));
}

#[tokio::test]
async fn bad_lists_are_told_and_change_nothing() {
    let door = Door::new();
    let many: Vec<Value> = (0..101)
        .map(|_| json!({"text": "x", "state": "pending"}))
        .collect();
    for (todos, words) in [
        (json!(many), "too long"),
        (
            json!([{"text": " ", "state": "pending"}]),
            "`todos[0].text` is empty",
        ),
        (
            json!([{"text": "x".repeat(2000), "state": "pending"}]),
            "`todos[0].text` is too long",
        ),
        (json!([{"text": "x", "state": "started"}]), "`pending`"),
        (json!([{"text": "x"}]), "missing field `state`"),
        (json!(["x"]), "`todos[0]`"),
    ] {
        assert_says(
            &door.failed("todo", json!({"todos": todos})).await,
            &[words],
        );
    }
    assert!(door.user.todos.lock().unwrap().is_empty());
}
