#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use protocol::{ToolCall, TurnId};

use super::*;

/// A history in short: `u` a request, `a` an answer, `a1,2` an answer with
/// calls, `r1,2` results, `t1` typed text with a result in it.
fn history(short: &str) -> Vec<Message> {
    let words = short.split_whitespace().enumerate();
    words.map(|(index, word)| message(index, word)).collect()
}

fn message(index: usize, word: &str) -> Message {
    let (kind, calls) = word.split_at(1);
    let calls = calls.split(',').filter(|call| !call.is_empty());
    let text = Block::Text {
        text: format!("text {index}"),
    };
    let mut blocks: Vec<Block> = calls
        .map(|call| match kind {
            "a" => Block::ToolCall(ToolCall {
                id: call.into(),
                name: "bash".into(),
                input: serde_json::Value::Null,
            }),
            _ => Block::ToolResult(ToolResult::plain(call.into(), Outcome::Ok, "done")),
        })
        .collect();
    if kind != "r" {
        blocks.insert(0, text);
    }
    Message {
        id: format!("m{index}").into(),
        turn_id: TurnId::from("t"),
        role: if kind == "a" {
            Role::Assistant
        } else {
            Role::User
        },
        origin: if matches!(kind, "u" | "t") {
            Origin::Typed
        } else {
            Origin::Program
        },
        blocks: blocks.into(),
        created_ms: 1,
    }
}

fn short(history: &[Message]) -> String {
    let words = history.iter().map(|message| {
        let kind = match (message.role, message.origin) {
            (Role::Assistant, _) => "a",
            (_, Origin::Program) => "r",
            _ => "u",
        };
        let ids: Vec<&str> = message
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::ToolCall(call) => Some(call.id.as_str()),
                Block::ToolResult(result) => Some(result.call_id.as_str()),
                _ => None,
            })
            .collect();
        format!("{kind}{}", ids.join(","))
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_cut_never_parts_a_call_from_its_result() {
    let long = "u a1,2 r1 r2 a u a3 r3 a";
    for (text, asked, kept, moved) in [
        (long, Cut::Through("m0".into()), 1, 0),
        (long, Cut::Through("m1".into()), 4, 2),
        (long, Cut::Through("m2".into()), 4, 1),
        (long, Cut::Through("m3".into()), 4, 0),
        (long, Cut::Before("m0".into()), 0, 0),
        (long, Cut::Before("m2".into()), 1, -1),
        (long, Cut::Before("m3".into()), 1, -2),
        (long, Cut::Before("m4".into()), 4, 0),
        (long, Cut::Before("m5".into()), 5, 0),
        (long, Cut::Before("m7".into()), 6, -1),
        (long, Cut::End, 9, 0),
        ("u a1", Cut::End, 1, -1),
        ("u a1", Cut::Through("m1".into()), 1, -1),
        ("u a1,2 r1", Cut::Through("m2".into()), 1, -2),
        ("", Cut::End, 0, 0),
    ] {
        let history = history(text);
        let made = cut(&history, &asked).unwrap();
        assert_eq!((made.kept, made.moved), (kept, moved), "{text} {asked:?}");
        let last = usize::try_from(kept)
            .unwrap()
            .checked_sub(1)
            .map(|index| history[index].id.clone());
        assert_eq!(made.last_kept, last);
    }
    let missing = cut(&history("u a"), &Cut::Before("m9".into())).unwrap_err();
    assert_eq!(missing.kind, ErrorKind::NotFound);
}

#[test]
fn a_history_that_lost_rows_is_valid_again() {
    for (lost, expected) in [
        ("u a1 r1 a", "u a1 r1 a"),
        ("u a1 a", "u a1 r1 a"),
        ("u a1 u a", "u a1 r1 u a"),
        ("u r1 a", "u a"),
        ("u a1,2 r2 a", "u a1,2 r2 r1 a"),
        ("u a1 r1 r1 a", "u a1 r1 a"),
        ("u a1 r9 a", "u a1 r1 a"),
        ("r1 u a", "u a"),
        ("u a1", "u a1"),
        ("", ""),
    ] {
        assert_eq!(short(&mend(history(lost))), expected, "{lost}");
    }
}

#[test]
fn every_loss_of_rows_and_every_cut_leaves_calls_and_results_paired() {
    let whole = history("u a1,2 r1,2 a u a3 r3 a4 r4 a u a5,6 r5 r6 a");
    for mask in 0_u32..1 << whole.len() {
        let left: Vec<Message> = whole
            .iter()
            .enumerate()
            .filter(|(index, _)| mask & (1 << index) != 0)
            .map(|(_, message)| message.clone())
            .collect();
        let mended = mend(left.clone());
        assert_paired(&mended);
        for message in left.iter().filter(|message| message.role == Role::User) {
            if message.origin == Origin::Typed {
                assert!(mended.iter().any(|kept| kept.id == message.id));
            }
        }
    }
}

/// Every result follows its call, and every call but the last answer's has
/// its result before the next answer.
fn assert_paired(history: &[Message]) {
    let mut open: Vec<ToolCallId> = Vec::new();
    for message in history {
        if message.role == Role::Assistant {
            assert!(open.is_empty(), "{}", short(history));
            open = message.tool_calls().map(|call| call.id.clone()).collect();
        } else {
            for block in &message.blocks {
                assert!(answers_open(block, &mut open), "{}", short(history));
            }
        }
    }
}

#[test]
fn a_stretch_begins_with_no_result_whose_call_is_not_in_it() {
    for (text, expected, dropped) in [
        ("r1 a u", "a u", 1),
        ("r1 r2 a u", "a u", 2),
        ("u a1 r1", "u a1 r1", 0),
        ("a1 r1 a", "a1 r1 a", 0),
        ("r1", "r1", 0),
        ("", "", 0),
    ] {
        let mut messages = history(text);
        assert_eq!(without_orphans_at_start(&mut messages), dropped, "{text}");
        assert_eq!(short(&messages), expected, "{text}");
    }
}
