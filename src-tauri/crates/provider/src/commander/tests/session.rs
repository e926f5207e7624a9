//! Plays whole requests: messages in, calls and words out, with scripted
//! results in the tools' own formats.

use futures::StreamExt;
use futures::executor::block_on;
use protocol::{Block, Message, MessageId, Origin, Outcome, Role, ToolCall, ToolResult, TurnId};
use serde_json::{Value, json};

use crate::{Finish, Offline, Provider, Request, StreamEvent};

/// A result as a tool would give it.
pub(super) struct Scripted {
    pub(super) tool: &'static str,
    pub(super) outcome: Outcome,
    pub(super) content: String,
    pub(super) details: Option<Value>,
}

pub(super) fn ok(tool: &'static str, content: &str) -> Scripted {
    Scripted {
        tool,
        outcome: Outcome::Ok,
        content: content.to_owned(),
        details: None,
    }
}

/// A `bash` answer.
pub(super) fn bash(output: &str, exit_code: i64) -> Scripted {
    let content = match (output, exit_code) {
        ("", 0) => "(exit code 0, no output)\n".to_owned(),
        (output, 0) => format!("{output}\n"),
        ("", code) => format!("(exit code {code})\n"),
        (output, code) => format!("{output}\n(exit code {code})\n"),
    };
    let outcome = if exit_code == 0 {
        Outcome::Ok
    } else {
        Outcome::Failed
    };
    let details =
        json!({ "exit_code": exit_code, "signal": null, "timed_out": false, "truncated": false });
    Scripted {
        tool: "bash",
        outcome,
        content,
        details: Some(details),
    }
}

/// An `ask_user` answer.
pub(super) fn answered(answer: &str) -> Scripted {
    let details = Some(json!({ "answer": answer }));
    Scripted {
        details,
        ..ok("ask_user", answer)
    }
}

pub(super) fn failed(tool: &'static str, content: &str) -> Scripted {
    Scripted {
        outcome: Outcome::Failed,
        ..ok(tool, content)
    }
}

pub(super) fn denied(tool: &'static str, content: &str) -> Scripted {
    Scripted {
        outcome: Outcome::Denied,
        ..ok(tool, content)
    }
}

/// A `list_dir` answer; folders end in a slash.
pub(super) fn listing(entries: &[&str]) -> Scripted {
    let line = |entry: &&str| {
        if entry.ends_with('/') {
            format!("{entry}\n")
        } else {
            format!("{entry}  5 bytes\n")
        }
    };
    let content = match entries {
        [] => "(The folder is empty.)\n".to_owned(),
        entries => entries.iter().map(line).collect(),
    };
    let details = Some(json!({ "path": ".", "entries": entries.len() }));
    Scripted {
        details,
        ..ok("list_dir", &content)
    }
}

/// A `glob` answer.
pub(super) fn found(paths: &[&str]) -> Scripted {
    let content = match paths {
        [] => "(No file matches `x` below `.`. Files that `.gitignore` names are not searched.)\n"
            .to_owned(),
        paths => paths.iter().map(|path| format!("{path}\n")).collect(),
    };
    let details = Some(json!({ "files": paths, "total": paths.len() }));
    Scripted {
        details,
        ..ok("glob", &content)
    }
}

/// A `read` answer from the first line on.
pub(super) fn page(lines: &[&str], total: usize) -> Scripted {
    page_from(1, lines, total)
}

/// A `read` answer from any line on.
pub(super) fn page_from(first: usize, lines: &[&str], total: usize) -> Scripted {
    let numbered = (first..)
        .zip(lines)
        .map(|(number, line)| format!("{number:>6}\t{line}\n"));
    let mut content: String = numbered.collect();
    let last = first + lines.len() - 1;
    if last < total {
        content.push_str(&format!(
            "({} of {total} lines; go on with offset {}.)\n",
            lines.len(),
            last + 1
        ));
    }
    let details = Some(json!({ "path": "a.txt", "from": first, "to": last, "total_lines": total }));
    Scripted {
        details,
        ..ok("read", &content)
    }
}

/// The `read` answer of an empty file.
pub(super) fn empty() -> Scripted {
    let details = Some(json!({ "path": "a.txt", "from": 1, "to": 0, "total_lines": 0 }));
    Scripted {
        details,
        ..ok("read", "(The file is empty.)\n")
    }
}

/// A `grep` answer with content.
pub(super) fn grepped(lines: &[(&str, usize, &str)]) -> Scripted {
    let content = match lines {
        [] => "(Nothing in `.` matches. Hidden files, and files that `.gitignore` names, are not searched.)\n".to_owned(),
        lines => lines.iter().map(|(file, number, text)| format!("{file}:{number}:{text}\n")).collect(),
    };
    let details = Some(json!({ "files": 1, "matches": lines.len(), "truncated": false }));
    Scripted {
        details,
        ..ok("grep", &content)
    }
}

/// A conversation that goes on.
#[derive(Default)]
pub(super) struct Session {
    messages: Vec<Message>,
}

/// What one request led to.
pub(super) struct Outcomes {
    pub(super) calls: Vec<ToolCall>,
    pub(super) words: String,
}

impl Session {
    fn push(&mut self, role: Role, origin: Origin, blocks: Vec<Block>) {
        let id = MessageId::new();
        self.messages.push(Message {
            id,
            turn_id: TurnId::from("t"),
            role,
            origin,
            blocks: blocks.into(),
            created_ms: 1,
        });
    }

    pub(super) fn ask(&mut self, text: &str, results: Vec<Scripted>) -> Outcomes {
        self.say(text, Origin::Typed, results)
    }

    /// Says `text` and plays the tools until the commander has only words left.
    pub(super) fn say(&mut self, text: &str, origin: Origin, results: Vec<Scripted>) -> Outcomes {
        let said = Block::Text {
            text: text.to_owned(),
        };
        self.give(origin, vec![said], results)
    }

    /// The same for any blocks.
    pub(super) fn give(
        &mut self,
        origin: Origin,
        blocks: Vec<Block>,
        results: Vec<Scripted>,
    ) -> Outcomes {
        self.push(Role::User, origin, blocks);
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
        effort: protocol::Effort::Auto,
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
