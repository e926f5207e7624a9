#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use protocol::{Outcome, QuestionOption};
use serde_json::{Value, json};

use crate::door::{Door, assert_says};

#[tokio::test]
async fn the_answer_comes_back() {
    let door = Door::new();
    *door.user.answer.lock().unwrap() = Some("Tabs, of course".to_owned());
    let options = json!([{"label": "Tabs"}, {"label": "Spaces", "description": "Four of them"}]);
    let output = door
        .run(
            "ask_user",
            json!({"question": "Tabs or spaces?", "options": options}),
        )
        .await;
    assert_eq!(
        (output.outcome, output.content.as_str()),
        (Outcome::Ok, "Tabs, of course")
    );
    let asked = door.user.asked.lock().unwrap().clone();
    let options = vec![
        QuestionOption {
            label: "Tabs".to_owned(),
            description: None,
        },
        QuestionOption {
            label: "Spaces".to_owned(),
            description: Some("Four of them".to_owned()),
        },
    ];
    assert_eq!(asked, [("Tabs or spaces?".to_owned(), options)]);
}

#[tokio::test]
async fn silence_is_no_answer() {
    let door = Door::new();
    assert_says(
        &door
            .failed("ask_user", json!({"question": "Anybody?"}))
            .await,
        &["Nobody answered"],
    );
    *door.user.answer.lock().unwrap() = Some("(silence)".to_owned());
    let cancel = door.ctx.cancel.clone();
    let (output, ()) = tokio::join!(
        door.run("ask_user", json!({"question": "Anybody?"})),
        async { cancel.cancel() }
    );
    assert_eq!(output.outcome, Outcome::Cancelled);
}

#[tokio::test]
async fn bad_questions_are_told_and_not_asked() {
    let door = Door::new();
    let ten: Vec<Value> = (0..10)
        .map(|number| json!({"label": number.to_string()}))
        .collect();
    for (input, words) in [
        (json!({"question": " "}), "`question` is empty"),
        (json!({"question": "x".repeat(5000)}), "longer than"),
        (json!({"question": "?", "options": ten}), "10 options"),
        (
            json!({"question": "?", "options": [{"label": ""}]}),
            "`options[0].label`",
        ),
        (
            json!({"question": "?", "options": [{"label": "a"}, {"label": "a "}]}),
            "twice",
        ),
        (json!({"question": "?", "options": ["a"]}), "`options[0]`"),
    ] {
        assert_says(&door.failed("ask_user", input).await, &[words]);
    }
    assert!(door.user.asked.lock().unwrap().is_empty());
}
