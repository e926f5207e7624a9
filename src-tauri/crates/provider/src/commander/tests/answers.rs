//! Whole requests: messages in, the next step out, with scripted results in
//! the tools' own formats.

use futures::StreamExt;
use futures::executor::block_on;
use protocol::{Block, Message, MessageId, Origin, Outcome, Role, ToolCall, ToolResult, TurnId};
use serde_json::{Value, json};

use crate::{Finish, Offline, Provider, Request, StreamEvent};

/// A result as a tool would give it.
struct Scripted {
    tool: &'static str,
    outcome: Outcome,
    content: String,
    details: Option<Value>,
}

fn ok(tool: &'static str, content: &str) -> Scripted {
    Scripted {
        tool,
        outcome: Outcome::Ok,
        content: content.to_owned(),
        details: None,
    }
}

fn bash(content: &str, exit_code: i64) -> Scripted {
    let details = Some(json!({ "exit_code": exit_code }));
    let outcome = if exit_code == 0 {
        Outcome::Ok
    } else {
        Outcome::Failed
    };
    Scripted {
        tool: "bash",
        outcome,
        content: content.to_owned(),
        details,
    }
}

fn failed(tool: &'static str, content: &str) -> Scripted {
    Scripted {
        outcome: Outcome::Failed,
        ..ok(tool, content)
    }
}

fn denied(tool: &'static str, content: &str) -> Scripted {
    Scripted {
        outcome: Outcome::Denied,
        ..ok(tool, content)
    }
}

/// A conversation that goes on.
#[derive(Default)]
struct Session {
    messages: Vec<Message>,
}

/// What one request led to.
struct Outcomes {
    calls: Vec<ToolCall>,
    words: String,
}

impl Session {
    fn push(&mut self, role: Role, origin: Origin, blocks: Vec<Block>) {
        let id = MessageId::new();
        self.messages.push(Message {
            id,
            turn_id: TurnId::from("t"),
            role,
            origin,
            blocks,
            created_ms: 1,
        });
    }

    fn ask(&mut self, text: &str, results: Vec<Scripted>) -> Outcomes {
        self.say(text, Origin::Typed, results)
    }

    /// Says `text` and plays the tools until the commander has only words left.
    fn say(&mut self, text: &str, origin: Origin, results: Vec<Scripted>) -> Outcomes {
        self.push(
            Role::User,
            origin,
            vec![Block::Text {
                text: text.to_owned(),
            }],
        );
        let mut results = results.into_iter();
        let mut calls = Vec::new();
        loop {
            let (blocks, finish) = stream(&self.messages);
            self.push(Role::Assistant, Origin::Typed, blocks.clone());
            match (&blocks[..], finish) {
                ([Block::Text { text }], Finish::EndTurn) => {
                    assert_eq!(results.len(), 0, "results left after: {text}");
                    return Outcomes {
                        calls,
                        words: text.clone(),
                    };
                }
                ([Block::ToolCall(call)], Finish::ToolCalls) => {
                    let next = results
                        .next()
                        .unwrap_or_else(|| panic!("no result for {call:?}"));
                    assert_eq!(call.name, next.tool, "{call:?}");
                    let result = ToolResult {
                        details: next.details,
                        ..ToolResult::plain(call.id.clone(), next.outcome, next.content)
                    };
                    self.push(Role::User, Origin::Program, vec![Block::ToolResult(result)]);
                    calls.push(call.clone());
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

/// Runs one request, and holds what every stream must hold.
fn stream(messages: &[Message]) -> (Vec<Block>, Finish) {
    let request = || Request {
        model: Offline::MODEL.to_owned(),
        system: String::new(),
        messages: messages.to_vec(),
        tools: Vec::new(),
        max_output_tokens: 1,
    };
    let run = || block_on(Offline::new().stream(request()).collect::<Vec<_>>());
    let events: Vec<StreamEvent> = run().into_iter().map(Result::unwrap).collect();
    let again: Vec<StreamEvent> = run().into_iter().map(Result::unwrap).collect();
    assert_eq!(events, again, "the same messages give the same answer");
    let mut streamed = String::new();
    let mut blocks = Vec::new();
    for event in &events {
        match event {
            StreamEvent::Text(text) => {
                assert!(!text.is_empty() && text.len() <= 64, "{text:?}");
                streamed.push_str(text);
            }
            StreamEvent::BlockDone(block) => blocks.push(block.clone()),
            _ => {}
        }
    }
    if let [Block::Text { text }] = &blocks[..] {
        assert_eq!(*text, streamed);
    }
    match events.last() {
        Some(StreamEvent::Finished(finish)) => (blocks, *finish),
        other => panic!("{other:?}"),
    }
}

#[test]
fn small_talk_and_the_unknown_need_no_tool() {
    for (text, expected) in [
        ("hello", "offline commander"),
        ("thank you", "welcome"),
        ("what can you do?", "- run the tests"),
        ("purple monkey dishwasher", "I did not understand that."),
        ("purple git dishwasher", "- show the git status"),
        ("yes", "No question of mine"),
        ("undo that", "cannot take changes back yet"),
        ("remember that it rains", "cannot remember"),
        ("explain the main loop", "- open main loop"),
        ("try again", "no earlier request"),
        ("show it", "do not know which file"),
    ] {
        let outcome = Session::default().ask(text, vec![]);
        assert!(
            outcome.words.contains(expected),
            "{text}: {}",
            outcome.words
        );
    }
}

#[test]
fn paths_out_of_the_folder_are_refused_in_words() {
    for text in [
        "open ../secret.txt",
        "delete /etc/passwd.txt",
        "create a file called ~/x.txt",
        "list ../..",
        "rename a.txt to ../b.txt",
    ] {
        let results = if text.starts_with("rename") {
            vec![ok("glob", "a.txt")]
        } else {
            vec![]
        };
        let outcome = Session::default().ask(text, results);
        assert!(
            outcome.words.contains("I only work inside it"),
            "{text}: {}",
            outcome.words
        );
    }
}

#[test]
fn call_ids_never_repeat_within_a_session() {
    let mut session = Session::default();
    let first = session.ask("list the files", vec![ok("list_dir", "a.txt")]);
    let second = session.ask("list the files", vec![ok("list_dir", "a.txt")]);
    assert_eq!(first.calls[0].id.as_str(), "offline-1");
    assert_eq!(second.calls[0].id.as_str(), "offline-2");
}

#[test]
fn a_refusal_stops_the_request_and_is_told_with_the_users_words() {
    let said = "The user said no. Nothing was run. They added: keep it";
    for (content, expected) in [
        (
            said,
            "I did not run `rm -- a.txt`, because you said no. You added: keep it",
        ),
        (
            "The user said no. Nothing was run.",
            "I did not run `rm -- a.txt`, because you said no.",
        ),
        (
            "Plan mode only reads. Leave plan mode first.\n- It deletes",
            "I did not run `rm -- a.txt`: it was not allowed. Plan mode only reads.\n\n- It deletes",
        ),
    ] {
        let results = vec![ok("glob", "a.txt"), denied("bash", content)];
        let outcome = Session::default().ask("delete a.txt", results);
        assert_eq!(outcome.words, expected);
    }
}

#[test]
fn tests_are_run_as_the_project_wants_and_reported_as_they_ended() {
    let mut session = Session::default();
    let green = "test a ... ok\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s";
    let outcome = session.ask(
        "run the tests",
        vec![ok("list_dir", "Cargo.toml\nsrc/"), bash(green, 0)],
    );
    assert_eq!(outcome.calls[1].input["command"], "cargo test");
    assert!(
        outcome
            .words
            .starts_with("`cargo test` passed. 3 passed, 0 failed, 1 ignored."),
        "{}",
        outcome.words
    );

    let red = "test a::b ... FAILED\ntest result: FAILED. 2 passed; 1 failed; 0 ignored";
    let outcome = session.ask(
        "try again",
        vec![ok("list_dir", "Cargo.toml\nsrc/"), bash(red, 101)],
    );
    assert!(
        outcome.words.starts_with(
            "`cargo test` failed with exit status 101. 2 passed, 1 failed, 0 ignored."
        ),
        "{}",
        outcome.words
    );
    assert!(outcome.words.contains("- `a::b`"), "{}", outcome.words);
}

#[test]
fn a_tool_that_fails_is_told_with_its_words_and_a_suggestion() {
    let results = vec![
        ok("glob", "a.txt"),
        failed("read", "`a.txt` is binary data."),
    ];
    let outcome = Session::default().ask("open a.txt", results);
    assert_eq!(
        outcome.words,
        "I tried to open `a.txt`, and it failed. `a.txt` is binary data. “list the files” shows what can be opened."
    );
}
