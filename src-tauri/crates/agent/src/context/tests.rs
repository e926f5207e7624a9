use std::collections::HashSet;

use protocol::{
    Attachment, Block, MediaType, Message, MessageId, Origin, Outcome, Role, ToolCall, ToolCallId,
    ToolResult, TurnId,
};
use serde_json::{Value, json};

use super::*;

fn request(text: &str) -> Message {
    Message::user_text(TurnId::from("t"), text, Origin::Typed, 1)
}

fn said(blocks: Vec<Block>) -> Message {
    Message {
        id: MessageId::new(),
        turn_id: TurnId::from("t"),
        role: Role::Assistant,
        origin: Origin::Program,
        blocks: blocks.into(),
        created_ms: 2,
    }
}

fn text(text: &str) -> Block {
    Block::Text { text: text.into() }
}

fn call(id: &str, tool: &str, path: &str) -> Block {
    Block::ToolCall(ToolCall {
        id: ToolCallId::from(id),
        name: tool.into(),
        input: json!({ "path": path }),
    })
}

fn results(results: Vec<(&str, Outcome, &str)>) -> Message {
    let blocks = results.into_iter().map(|(id, outcome, content)| {
        Block::ToolResult(ToolResult::plain(ToolCallId::from(id), outcome, content))
    });
    Message {
        role: Role::User,
        ..said(blocks.collect())
    }
}

fn writes(call: &ToolCall) -> bool {
    call.name == "write"
}

fn material<'a>(
    history: &'a [Message],
    cut: usize,
    pinned: &'a HashSet<MessageId>,
    todos: &'a Value,
) -> Material<'a> {
    Material {
        history,
        cut,
        pinned,
        changes: &writes,
        todos,
    }
}

fn compaction(history: &[Message], cut: usize, pinned: &HashSet<MessageId>) -> Compaction {
    let ledger = Ledger::of(&material(history, cut, pinned, &Value::Null));
    Compaction {
        first_kept: history[cut].id.clone(),
        text: ledger.render("All is well."),
        created_ms: 3,
    }
}

/// A session of some turns, each with some rounds of calls.
fn random_history(random: &mut fastrand::Rng) -> Vec<Message> {
    let mut history = Vec::new();
    // No two calls of a session have the same id, also not of several of these.
    let first = random.u64(..);
    let mut next = 0;
    for turn in 0..random.usize(1..12) {
        history.push(request(&format!("wish {turn} {}", random.u64(..))));
        for _ in 0..random.usize(0..5) {
            let ids: Vec<String> = (0..random.usize(1..4))
                .map(|_| {
                    next += 1;
                    format!("call-{first}-{next}")
                })
                .collect();
            let tool = if random.bool() { "read" } else { "write" };
            let path = format!("src/{}.rs", random.u8(..4));
            history.push(said(ids.iter().map(|id| call(id, tool, &path)).collect()));
            let long = "output ".repeat(random.usize(0..400));
            history.push(results(
                ids.iter()
                    .map(|id| (id.as_str(), Outcome::Ok, long.as_str()))
                    .collect(),
            ));
        }
        history.push(said(vec![text(&format!("answer {turn}"))]));
    }
    history
}

/// Every result follows its call, every call has its result.
fn assert_valid(messages: &[Message]) {
    let mut open: HashSet<&ToolCallId> = HashSet::new();
    for message in messages {
        for block in &message.blocks {
            match block {
                Block::ToolCall(call) => assert!(open.insert(&call.id)),
                Block::ToolResult(result) => {
                    assert!(open.remove(&result.call_id), "orphan {}", result.call_id);
                }
                _ => {}
            }
        }
    }
    assert!(open.is_empty(), "unanswered {open:?}");
}

#[test]
fn any_compaction_is_valid_keeps_requests_and_pins_and_can_be_undone() {
    for seed in 0..400 {
        let mut random = fastrand::Rng::with_seed(seed);
        let history = random_history(&mut random);
        let tokens: Vec<u64> = history.iter().map(tokens_of_message).collect();
        let keep = random.u64(0..tokens.iter().sum::<u64>() + 10);
        let Some(cut) = choose_cut(&history, &tokens, keep) else {
            continue;
        };
        let pinned: HashSet<MessageId> = history
            .iter()
            .filter(|_| random.u8(..5) == 0)
            .map(|message| message.id.clone())
            .collect();
        let compaction = compaction(&history, cut, &pinned);
        let masked = random.usize(0..=history.len());
        let shown = visible(&history, Some(&compaction), masked);
        assert_valid(&shown);
        let all: String = shown.iter().map(whole).collect();
        for message in &history {
            if is_request(message) {
                assert!(all.contains(&message.text()), "seed {seed}");
            }
            if pinned.contains(&message.id) && message.role == Role::Assistant {
                assert!(all.contains(&message.text()), "seed {seed}");
            }
        }
        assert_eq!(visible(&history, None, 0), history, "seed {seed}");
    }
}

/// All a model reads of a message.
fn whole(message: &Message) -> String {
    let parts = message.blocks.iter().map(|block| match block {
        Block::Text { text } => text.clone(),
        Block::ToolResult(result) => result.content.clone(),
        other => format!("{other:?}"),
    });
    parts.collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn the_cut_keeps_the_last_turns_or_falls_inside_a_long_one() {
    let short = [
        request("a"),
        said(vec![text("1")]),
        request("b"),
        said(vec![text("2")]),
        request("c"),
        said(vec![text("3")]),
    ];
    let long = [
        request("a"),
        said(vec![call("1", "read", "x")]),
        results(vec![("1", Outcome::Ok, "x")]),
        said(vec![call("2", "read", "x")]),
        results(vec![("2", Outcome::Ok, "x")]),
        said(vec![text("done")]),
    ];
    let cases: [(&[Message], u64, Option<usize>); 6] = [
        (&short, 100, Some(2)),
        (&short, 2, Some(4)),
        (&short, 0, Some(5)),
        (&short[..2], 100, None),
        (&long, 3, Some(3)),
        (&long, 2, Some(5)),
    ];
    for (history, keep, expected) in cases {
        let tokens = vec![1; history.len()];
        assert_eq!(choose_cut(history, &tokens, keep), expected, "{keep}");
    }
}

#[test]
fn the_ledger_has_files_todos_failures_and_the_models_notes() {
    let history = [
        request("Rename it"),
        said(vec![
            call("1", "read", "a.rs"),
            call("2", "read", "b.rs"),
            call("3", "write", "b.rs"),
            call("4", "write", "c.rs"),
        ]),
        results(vec![
            ("1", Outcome::Ok, ""),
            ("2", Outcome::Ok, ""),
            ("3", Outcome::Ok, ""),
            ("4", Outcome::Denied, "The user said no."),
        ]),
        request("Go on"),
    ];
    let todos = json!([{ "text": "Rename", "state": "active" }]);
    let pinned = HashSet::new();
    let ledger = Ledger::of(&material(&history, 3, &pinned, &todos));
    let text = ledger.render("Half done.");
    for part in [
        "1. Rename it",
        "## Files changed\n\n- `b.rs`\n",
        "## Files read\n\n- `a.rs`\n",
        "- [active] Rename",
        "- The user said no.",
        "Half done.",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("c.rs`") && !text.contains("Go on"));
}

#[test]
fn old_output_is_masked_and_its_call_stays() {
    let mut history = Vec::new();
    for turn in 0..8 {
        let id = format!("call-{turn}");
        history.push(request("look"));
        history.push(said(vec![call(&id, "read", "a.rs")]));
        history.push(results(vec![(&id, Outcome::Ok, &"line\n".repeat(500))]));
        history.push(said(vec![text("seen")]));
    }
    let end = masked_before(&history);
    assert_eq!(end, 8, "six turns stay whole");
    let shown = visible(&history, None, end);
    assert_valid(&shown);
    assert!(whole(&shown[2]).starts_with("(Output of read left out, 2500 bytes."));
    assert_eq!(shown[8..], history[8..]);
}

#[test]
fn a_view_gives_what_is_visible_and_keeps_what_it_made() {
    for seed in 0..60 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut view = View::default();
        let mut history = Vec::new();
        let mut before: Vec<Message> = Vec::new();
        let mut made: Option<Compaction> = None;
        let mut masked = 0;
        for _ in 0..20 {
            history.extend(random_history(&mut random));
            let change = random.u8(..20);
            match change {
                0 => masked = masked_before(&history),
                1 => {
                    let cut = random.usize(..history.len());
                    made = Some(compaction(&history, cut, &HashSet::new()));
                }
                2 => made = None,
                3 => {
                    history.truncate(random.usize(1..=history.len()));
                    masked = masked.min(history.len());
                }
                4 => history.push(with_picture()),
                _ => {}
            }
            let shown = view.of(&history, made.as_ref(), masked);
            let wanted = visible(&history, made.as_ref(), masked);
            assert!(shown == wanted, "{seed}: what is shown differs");
            let is_same = |(one, other): (&Message, &Message)| {
                std::ptr::eq::<Vec<Block>>(&*one.blocks, &*other.blocks)
            };
            let only_grew = change > 4;
            assert!(
                !only_grew || before.iter().zip(&shown).all(is_same),
                "{seed}"
            );
            before = shown;
        }
    }
}

#[test]
fn a_compaction_that_comes_back_stands_for_its_part_again() {
    let mut random = fastrand::Rng::with_seed(7);
    let mut history = random_history(&mut random);
    history.extend(random_history(&mut random));
    let made = compaction(&history, history.len() / 2, &HashSet::new());
    let mut view = View::default();
    for length in [history.len(), 1, history.len() - 1, 2, history.len()] {
        let part = &history[..length];
        let shown = view.of(part, Some(&made), 0);
        let wanted = visible(part, Some(&made), 0);
        assert!(shown == wanted, "{length}: what is shown differs");
    }
}

fn with_picture() -> Message {
    let mut message = request("look at this");
    message.blocks.push(Block::Attachment(Attachment {
        media_type: MediaType::Png,
        name: "shot.png".into(),
        data: "QUJD".repeat(1 << 21),
        width: Some(4),
        height: Some(3),
    }));
    message
}

#[test]
fn a_compaction_of_another_history_stands_for_nothing() {
    let history = [request("a"), said(vec![text("b")])];
    let stray = Compaction {
        first_kept: MessageId::new(),
        text: "?".into(),
        created_ms: 0,
    };
    assert_eq!(visible(&history, Some(&stray), 0), history);
}

#[test]
fn estimates_learn_from_what_was_counted() {
    let mut calibration = Calibration::default();
    assert_eq!(calibration.correct(1_000), 1_000);
    for _ in 0..30 {
        calibration.observe(1_000, 1_500);
    }
    assert!((1_490..=1_500).contains(&calibration.correct(1_000)));
    for (estimated, counted) in [(1_000, 0), (1_000, 90_000), (10, 20)] {
        let before = calibration;
        calibration.observe(estimated, counted);
        assert_eq!(calibration, before, "{estimated} {counted}");
    }
}

#[test]
fn the_summary_is_asked_for_behind_the_same_beginning() {
    let base = provider::Request {
        model: "m".into(),
        system: "s".into(),
        messages: vec![request("a"), said(vec![text("b")])],
        tools: Vec::new(),
        max_output_tokens: 9,
        effort: protocol::Effort::Auto,
    };
    let asked = summary_request(base.clone(), Some("  the parser "), 5);
    assert_eq!(asked.messages[..2], base.messages[..]);
    let last = asked.messages[2].text();
    assert!(last.contains("condensed") && last.ends_with("above all: the parser\n"));
    assert_eq!((asked.system, asked.tools), (base.system, base.tools));
}

fn image(name: &str, data: String) -> Block {
    Block::Attachment(Attachment {
        media_type: MediaType::Png,
        name: name.into(),
        data,
        width: Some(750),
        height: Some(1_000),
    })
}

fn with_image(text: &str, name: &str, bytes: usize) -> Message {
    let mut message = request(text);
    message.blocks.insert(0, image(name, "A".repeat(bytes)));
    message
}

#[test]
fn images_count_by_their_pixels_and_documents_by_their_size() {
    let tokens = |block: Block| tokens_of_message(&said(vec![block]));
    let small = tokens(image("a.png", "A".repeat(4_000_000)));
    assert!((1_000..1_100).contains(&small), "{small}");
    let large = tokens(Block::Attachment(Attachment {
        media_type: MediaType::Png,
        name: "b.png".into(),
        data: String::new(),
        width: Some(8_000),
        height: Some(8_000),
    }));
    assert!((5_000..5_100).contains(&large), "{large}");
    let document = tokens(Block::Attachment(Attachment {
        media_type: MediaType::Pdf,
        name: "c.pdf".into(),
        data: "A".repeat(4_000_000),
        width: None,
        height: None,
    }));
    assert!((90_000..110_000).contains(&document), "{document}");
}

#[test]
fn old_attachments_are_masked_like_old_output_and_too_many_bytes_of_them_too() {
    let mut history = vec![with_image("wish", "old.png", 10)];
    for turn in 0..MASK_AFTER_TURNS {
        history.push(with_image(&format!("wish {turn}"), "new.png", 10));
    }
    let sent = visible(&history, None, masked_before(&history));
    assert_eq!(sent[0].attachments().count(), 0);
    let words = sent[0].text();
    assert!(words.contains("the image `old.png`") && words.ends_with("wish"));
    assert!(
        sent[1..]
            .iter()
            .all(|message| message.attachments().count() == 1)
    );

    let heavy: Vec<Message> = (0..3)
        .map(|turn| with_image("wish", &format!("{turn}.png"), 10 * 1024 * 1024))
        .collect();
    let sent = visible(&heavy, None, 0);
    let counts: Vec<usize> = sent
        .iter()
        .map(|message| message.attachments().count())
        .collect();
    assert_eq!(counts, [0, 1, 1], "the newest stay");
}

#[test]
fn a_summary_request_carries_no_attachments_and_the_ledger_names_them() {
    let history = [
        with_image("look", "shot.png", 10),
        said(vec![text("a cat")]),
        request("go on"),
    ];
    let base = provider::Request {
        model: "m".into(),
        system: "s".into(),
        messages: history.to_vec(),
        tools: Vec::new(),
        max_output_tokens: 9,
        effort: protocol::Effort::Auto,
    };
    let asked = summary_request(base, None, 5);
    assert!(
        asked
            .messages
            .iter()
            .all(|message| message.attachments().count() == 0)
    );
    let ledger = Ledger::of(&material(&history, 2, &HashSet::new(), &Value::Null));
    assert!(
        ledger
            .render("")
            .contains("1. (the image `shot.png` was attached.) look")
    );
}

#[test]
fn a_running_sum_is_the_sum() {
    let mut random = fastrand::Rng::with_seed(7);
    let mut sum = RunningSum::default();
    for _ in 0..20 {
        let history = random_history(&mut random);
        let whole = |messages: &[Message]| messages.iter().map(tokens_of_message).sum::<u64>();
        for end in [1, history.len() / 2, history.len(), history.len(), 0, 1] {
            let part = &history[..end.min(history.len())];
            assert_eq!(sum.of(part), whole(part));
        }
    }
}
