#![allow(clippy::unwrap_used, reason = "tests")]

use std::cell::Cell;

use protocol::{Block, Message, Outcome, ToolResult};
use serde_json::json;

use super::{FRESH_ROUNDS, Frame, Part, Written, items, seam};
use crate::catalog::{Chat, Wire};
use crate::wire::tests::history::{assistant, call, opaque, request, result, text, thinking, user};
use crate::wire::{Terms, dialect};

const WIRES: [Wire; 5] = [
    Wire::Anthropic,
    Wire::Openai,
    Wire::OpenaiChat,
    Wire::Gemini,
    Wire::Ollama,
];

const HISTORIES: u64 = 300;
const LONGEST: usize = 40;

/// A tool round, with number `n`.
fn round(n: usize) -> [Message; 2] {
    let id = format!("c{n}");
    [
        assistant(vec![call(&id, json!({ "command": format!("echo {n}") }))]),
        user(vec![result(&id, &n.to_string())]),
    ]
}

fn rounds(count: usize) -> Vec<Message> {
    let first = user(vec![text("Go on.")]);
    std::iter::once(first)
        .chain((0..count).flat_map(round))
        .collect()
}

/// Messages as sessions have them, and some that no session should have.
fn any_messages(random: &mut fastrand::Rng, n: usize) -> Vec<Message> {
    let id = format!("c{n}");
    match random.u8(..10) {
        0 => vec![user(vec![text("Why?")])],
        1 => vec![user(vec![text(" ")])],
        2 => vec![assistant(vec![thinking("Hm.", Some("sealed"))])],
        3 => vec![assistant(vec![text("So it is. ")])],
        4 => vec![assistant(vec![text("\n")])],
        5 => vec![
            assistant(vec![opaque("{}"), text("I look."), call(&id, json!({}))]),
            user(vec![
                text("Stop."),
                Block::ToolResult(ToolResult::plain(id.into(), Outcome::Failed, "")),
            ]),
        ],
        _ => round(n).into(),
    }
}

fn terms(chat: &Chat) -> Terms<'_> {
    Terms {
        model: None,
        chat,
        degree: None,
    }
}

#[test]
fn what_is_kept_gives_the_same_bytes_on_every_wire() {
    let chat = Chat::default();
    for seed in 0..HISTORIES {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut kept = WIRES.map(|_| Written::kept());
        let mut history = Vec::new();
        while history.len() < LONGEST {
            let at = history.len();
            history.extend(any_messages(&mut random, at));
            match random.u8(..12) {
                // What masks, compactions and rewinds do to a history.
                0 => history[at / 2] = user(vec![result("c0", "(left out)")]),
                1 => history.truncate(at.saturating_sub(3)),
                _ => {}
            }
            let mut request = request(history.clone());
            if random.u8(..20) == 0 {
                "another".clone_into(&mut request.model);
            }
            for (wire, kept) in WIRES.iter().zip(&mut kept) {
                let (kept, whole) = [kept, &mut Written::once()]
                    .map(|written| dialect(*wire).encode(&request, &terms(&chat), written))
                    .map(|bytes| String::from_utf8(bytes).unwrap())
                    .into();
                assert_eq!(kept, whole, "{wire:?}, history {seed}");
            }
        }
    }
}

#[test]
fn only_the_end_of_a_long_turn_is_written_again() {
    let mut written = Written::kept();
    let frame = || Frame {
        head: b"{\"a\":1}".to_vec(),
        field: "messages",
        lead: items(&["lead"]),
    };
    let most = Cell::new(0);
    let mut history = rounds(0);
    for n in 0..100 {
        history.extend(round(n));
        most.set(0);
        let body = written.body(&request(history.clone()), &frame(), |part: &Part<'_>| {
            most.set(most.get() + part.messages.len());
            items(&vec!["x"; part.messages.len()])
        });
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let length = body["messages"].as_array().unwrap().len();
        assert_eq!(length, history.len() + 1);
        assert!(most.get() <= 2 * FRESH_ROUNDS + 3, "{}", most.get());
    }
}

#[test]
fn a_seam_is_before_a_call_and_after_a_users_message() {
    assert_eq!(seam(&[]), 0);
    assert_eq!(seam(&rounds(FRESH_ROUNDS - 1)), 0);
    assert_eq!(seam(&rounds(FRESH_ROUNDS)), 1);
    assert_eq!(seam(&rounds(FRESH_ROUNDS + 1)), 3);
    let words = [user(vec![text("a")]), assistant(vec![text("b")])];
    let words: Vec<_> = std::iter::repeat_n(words, 20).flatten().collect();
    assert_eq!(seam(&words), 0);
}
