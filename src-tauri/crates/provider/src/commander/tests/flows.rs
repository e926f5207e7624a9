//! What the commander does, request by request: the calls it makes and the
//! words it ends with.

use protocol::{Origin, Outcome};
use serde_json::{Value, json};

use super::session::{
    Scripted, Session, answered, bash, denied, empty, failed, found, grepped, listing, ok, page,
    page_from,
};

/// One request: what the tools answer, what is called, what is said.
struct Case {
    say: &'static str,
    results: Vec<Scripted>,
    /// The last call's input, as far as it matters.
    last_call: Value,
    words: &'static str,
}

fn check(cases: Vec<Case>) {
    for case in cases {
        let outcome = Session::default().ask(case.say, case.results);
        let call = outcome
            .calls
            .last()
            .map_or(Value::Null, |call| call.input.clone());
        for (key, value) in case.last_call.as_object().into_iter().flatten() {
            assert_eq!(call.get(key), Some(value), "{}: {call}", case.say);
        }
        assert!(
            outcome.words.contains(case.words),
            "{}\n  said: {}\n  expected: {}",
            case.say,
            outcome.words,
            case.words
        );
    }
}

#[test]
fn a_file_is_found_and_shown() {
    check(vec![
        Case {
            say: "open main.rs",
            results: vec![found(&["src/main.rs"]), page(&["fn main() {", "}"], 2)],
            last_call: json!({ "path": "src/main.rs" }),
            words: "`src/main.rs`, 2 lines:\n\n```rust\n1  fn main() {\n2  }\n```",
        },
        Case {
            say: "open Cargo.toml",
            results: vec![
                found(&["a/Cargo.toml", "Cargo.toml", "b/Cargo.toml"]),
                page(&["[workspace]"], 1),
            ],
            last_call: json!({ "path": "Cargo.toml" }),
            words: "`Cargo.toml`, 1 line:",
        },
        Case {
            say: "what is in README?",
            results: vec![
                found(&["README.md", "ui/README.md"]),
                page(&["# Hi", "```", "code", "```"], 4),
            ],
            last_call: json!({ "path": "README.md" }),
            words: "````markdown\n1  # Hi",
        },
        Case {
            say: "open main.rs",
            results: vec![
                found(&["a/main.rs", "b/main.rs"]),
                answered("b/main.rs"),
                page(&["x"], 1),
            ],
            last_call: json!({ "path": "b/main.rs" }),
            words: "`b/main.rs`, 1 line:",
        },
        Case {
            say: "open main.rs",
            results: vec![
                found(&["a/main.rs", "b/main.rs"]),
                failed("ask_user", "Nobody answered."),
            ],
            last_call: json!({ "question": "2 files fit `main.rs`. Which one?" }),
            words: "2 files fit `main.rs`, and I do not know which one you mean:\n\n- `a/main.rs`\n- `b/main.rs`",
        },
        Case {
            say: "open mian.rs",
            results: vec![found(&[]), listing(&["src/"]), found(&["src/main.rs"])],
            last_call: json!({ "pattern": "**/*[mM][iI][aA][nN]*" }),
            words: "There is no `mian.rs` here. These names come near it:\n\n- `src/main.rs`",
        },
        Case {
            say: "open .env",
            results: vec![found(&[]), listing(&[".env", "src/"]), page(&["A=1"], 1)],
            last_call: json!({ "path": ".env" }),
            words: "`.env`, 1 line:",
        },
        Case {
            say: "open the queue",
            results: vec![
                listing(&["src/"]),
                found(&["src/queue.rs", "src/queue_test.rs"]),
                page(&["x"], 1),
            ],
            last_call: json!({ "path": "src/queue.rs" }),
            words: "`src/queue.rs`",
        },
        Case {
            say: "open the queue",
            results: vec![listing(&["src/"]), found(&[])],
            last_call: json!({ "pattern": "**/*[qQ][uU][eE][uU][eE]*" }),
            words: "No file here has `queue` in its name. To look inside the files, say “search for queue”.",
        },
        Case {
            say: "open src",
            results: vec![listing(&["src/"]), listing(&["main.rs", "lib/"])],
            last_call: json!({ "path": "src" }),
            words: "`src` holds 1 folder and 1 file:",
        },
        Case {
            say: "show lines 3 to 4 of a.txt",
            results: vec![found(&["a.txt"]), page_from(3, &["c", "d"], 9)],
            last_call: json!({ "path": "a.txt", "offset": 3, "limit": 2 }),
            words: "`a.txt`, lines 3 to 4 of 9:",
        },
    ]);
}

#[test]
fn new_files_are_written_and_old_ones_kept() {
    check(vec![
        Case {
            say: "Create a file called hello.txt.",
            results: vec![listing(&["src/"]), ok("write", "Created.")],
            last_call: json!({ "path": "hello.txt", "content": "" }),
            words: "I created `hello.txt`. It is empty.",
        },
        Case {
            say: "create a file called docs/a.txt with content one",
            results: vec![
                failed("list_dir", "No such folder."),
                ok("write", "Created."),
            ],
            last_call: json!({ "path": "docs/a.txt", "content": "one\n" }),
            words: "I created `docs/a.txt` with 1 line.",
        },
        Case {
            say: "create a file called hello.txt",
            results: vec![listing(&["hello.txt"])],
            last_call: json!({ "path": "." }),
            words: "There is already a file called `hello.txt`, so I left it as it is.",
        },
        Case {
            say: "write \"x\" to hello.txt",
            results: vec![
                listing(&["hello.txt"]),
                page(&["old"], 1),
                answered("Leave it as it is"),
            ],
            last_call: json!({ "question": "`hello.txt` already holds 1 line. What shall I do?" }),
            words: "I left `hello.txt` as it is.",
        },
        Case {
            say: "write \"x\" to hello.txt",
            results: vec![
                listing(&["hello.txt"]),
                page(&["old"], 1),
                answered("Replace what is in it"),
                ok("write", "Written."),
            ],
            last_call: json!({ "path": "hello.txt", "content": "x\n" }),
            words: "I wrote 1 line to `hello.txt`.",
        },
        Case {
            say: "append \"new\" to a.txt",
            results: vec![
                found(&["a.txt"]),
                page(&["x", "y", "x"], 3),
                ok("edit", "Changed."),
            ],
            last_call: json!({ "path": "a.txt", "old_text": "y\nx", "new_text": "y\nx\nnew" }),
            words: "I added 1 line to the end of `a.txt`.",
        },
        Case {
            say: "create a folder called my things",
            results: vec![listing(&["src/"]), bash("", 0)],
            last_call: json!({ "command": "mkdir -p -- 'my things'" }),
            words: "I created the folder `my things`.",
        },
    ]);
}

#[test]
fn edits_say_where_and_how_often() {
    check(vec![
        Case {
            say: "replace foo with bar in a.txt",
            results: vec![
                found(&["a.txt"]),
                page(&["foo foo", "x"], 2),
                ok("edit", "Changed."),
            ],
            last_call: json!({ "old_text": "foo", "new_text": "bar", "replace_all": true }),
            words: "I replaced `foo` with `bar` in `a.txt`, in 2 places.",
        },
        Case {
            say: "replace foo with bar in a.txt",
            results: vec![found(&["a.txt"]), page(&["x", "a Foo"], 2)],
            last_call: json!({ "path": "a.txt" }),
            words: "`foo` does not stand in `a.txt`, so nothing was changed. Line 2 has it in other capitals: `a Foo`.",
        },
        Case {
            say: "replace foo with bar",
            results: vec![],
            last_call: Value::Null,
            words: "Say in which file, for example “replace foo with bar in main.rs”.",
        },
        Case {
            say: "replace foo with bar in a.txt",
            results: vec![
                found(&["a.txt"]),
                page(&["foo"], 1),
                denied("edit", "The user said no. Nothing was run."),
            ],
            last_call: json!({ "path": "a.txt" }),
            words: "I did not change `a.txt`, because you said no.",
        },
    ]);
}

#[test]
fn files_are_removed_and_moved_by_quoted_commands() {
    check(vec![
        Case {
            say: "delete \"it's mine.txt\"",
            results: vec![found(&["it's mine.txt"]), bash("", 0)],
            last_call: json!({ "command": r"rm -- 'it'\''s mine.txt'" }),
            words: "I deleted `it's mine.txt`.",
        },
        Case {
            say: "delete -rf.txt",
            results: vec![found(&["-rf.txt"]), bash("", 0)],
            last_call: json!({ "command": "rm -- ./-rf.txt" }),
            words: "I deleted `-rf.txt`.",
        },
        Case {
            say: "delete a.txt",
            results: vec![
                found(&["a.txt"]),
                bash("rm: cannot remove 'a.txt': Permission denied", 1),
            ],
            last_call: json!({ "command": "rm -- a.txt" }),
            words: "it failed (exit status 1). rm: cannot remove 'a.txt': Permission denied",
        },
        Case {
            say: "delete src.d",
            results: vec![found(&[]), listing(&["src.d/"])],
            last_call: json!({ "path": "." }),
            words: "`src.d` is a folder, and that works on single files only.",
        },
        Case {
            say: "rename a.txt to b.txt",
            results: vec![
                found(&["d/a.txt"]),
                listing(&["a.txt"]),
                bash("renamed 'd/a.txt' -> 'd/b.txt'", 0),
            ],
            last_call: json!({ "command": "mv -nv -- d/a.txt d/b.txt" }),
            words: "I moved `d/a.txt` to `d/b.txt`.",
        },
        Case {
            say: "rename a.txt to b.txt",
            results: vec![found(&["a.txt"]), listing(&["a.txt", "b.txt"])],
            last_call: json!({ "path": "." }),
            words: "`b.txt` is already there, so I moved nothing over it.",
        },
        Case {
            say: "move a.txt to docs",
            results: vec![
                found(&["a.txt"]),
                listing(&["a.txt", "docs/"]),
                listing(&["x.txt"]),
                bash("renamed 'a.txt' -> 'docs/a.txt'", 0),
            ],
            last_call: json!({ "command": "mv -nv -- a.txt docs/a.txt" }),
            words: "I moved `a.txt` to `docs/a.txt`.",
        },
        Case {
            say: "how many lines does a.txt have?",
            results: vec![found(&["a.txt"]), bash("12 a.txt", 0)],
            last_call: json!({ "command": "wc -l -- a.txt" }),
            words: "`a.txt` has 12 lines.",
        },
    ]);
}

#[test]
fn searches_say_what_was_found_and_where() {
    check(vec![
        Case {
            say: "search for timeout in tests",
            results: vec![
                listing(&["tests/"]),
                grepped(&[
                    ("tests/a.rs", 3, "  timeout(5)"),
                    ("tests/b.rs", 1, "// Timeout"),
                ]),
            ],
            last_call: json!({ "pattern": "timeout", "path": "tests", "literal": true, "case_insensitive": true }),
            words: "I found `timeout` in `tests` in 2 lines of 2 files:\n\n```text\ntests/a.rs\n     3  timeout(5)\ntests/b.rs\n     1  // Timeout\n```",
        },
        Case {
            say: "search for timeout in tests",
            results: vec![listing(&["src/"]), grepped(&[])],
            last_call: json!({ "glob": "{**/*[tT][eE][sS][tT][sS]*,**/*[tT][eE][sS][tT][sS]*/**}" }),
            words: "I found no `timeout` in files and folders with `tests` in their name.",
        },
        Case {
            say: "find all uses of Session",
            results: vec![grepped(&[("a.rs", 1, "Session")])],
            last_call: json!({ "pattern": r"\bSession\b" }),
            words: "I found `Session` as a whole word in 1 line of 1 file:",
        },
        Case {
            say: "which file defines the main loop?",
            results: vec![grepped(&[("a.rs", 7, "fn main_loop() {")])],
            last_call: json!({ "case_insensitive": true }),
            words: "`a.rs` defines `main loop`.",
        },
        Case {
            say: "which file defines the server",
            results: vec![grepped(&[]), grepped(&[("a.rs", 7, "struct HttpServer {")])],
            last_call: json!({ "case_insensitive": true }),
            words: "Nothing defines `server` exactly, but these come near:",
        },
        Case {
            say: "where is main.rs",
            results: vec![found(&["src/main.rs"])],
            last_call: json!({ "pattern": "**/main.rs" }),
            words: "It is `src/main.rs`.",
        },
        Case {
            say: "how many tests does the parser have",
            results: vec![grepped(&[
                ("parser.rs", 1, "#[test]"),
                ("parser.rs", 9, "#[tokio::test]"),
            ])],
            last_call: json!({ "output": "content" }),
            words: "I found 2 lines that look like tests in files and folders with `parser` in their name, in 1 file:\n\n- `parser.rs: 2`",
        },
    ]);
}

#[test]
fn tasks_follow_the_files_at_the_top() {
    for (entries, say, command) in [
        (
            &["Cargo.toml", "package.json"][..],
            "run the tests",
            "cargo test",
        ),
        (&["Cargo.toml"], "run the index tests", "cargo test index"),
        (&["Cargo.toml"], "build the project", "cargo build"),
        (
            &["Cargo.toml"],
            "run the linter",
            "cargo clippy --all-targets",
        ),
        (&["Cargo.toml"], "format the code", "cargo fmt"),
        (&["package.json"], "run the tests", "npm test"),
        (
            &["package.json", "pnpm-lock.yaml"],
            "run the tests for a;b",
            "pnpm test -- 'a;b'",
        ),
        (
            &["pyproject.toml"],
            "run the parser tests",
            "pytest -k parser",
        ),
        (&["go.mod"], "run the tests", "go test ./..."),
        (&["Makefile"], "build it", "make"),
    ] {
        let outcome = Session::default().ask(say, vec![listing(entries), bash("done", 0)]);
        assert_eq!(outcome.calls[1].input["command"], command, "{say}");
    }
    let outcome = Session::default().ask("run the tests", vec![listing(&["notes.txt"])]);
    assert!(
        outcome.words.contains("Nothing was run."),
        "{}",
        outcome.words
    );
    let outcome = Session::default().ask("run the index tests", vec![listing(&["Makefile"])]);
    assert!(
        outcome.words.contains("no way to run only some tests"),
        "{}",
        outcome.words
    );
}

#[test]
fn git_is_read_and_told_as_it_is() {
    check(vec![
        Case {
            say: "show the git status",
            results: vec![bash("## main...origin/main\n M a.rs\n?? b.rs", 0)],
            last_call: json!({ "command": "git status --short --branch" }),
            words: "On `main...origin/main`: 2 files changed or new:",
        },
        Case {
            say: "show the git status",
            results: vec![bash("## main", 0)],
            last_call: Value::Null,
            words: "On `main`: nothing is changed.",
        },
        Case {
            say: "show the git status",
            results: vec![bash(
                "fatal: not a git repository (or any of the parent directories): .git",
                128,
            )],
            last_call: Value::Null,
            words: "it failed (exit status 128). fatal: not a git repository (or any of the parent directories): .git To start one, say “run `git init`”.",
        },
        Case {
            say: "show me the diff",
            results: vec![bash("", 0)],
            last_call: json!({ "command": "git diff HEAD" }),
            words: "Nothing is changed since the last commit",
        },
    ]);
}

#[test]
fn git_changes_only_what_was_asked_for() {
    check(vec![
        Case {
            say: "commit the changes",
            results: vec![
                answered("Fix it's parser"),
                bash("[main 1234567] Fix it's parser", 0),
            ],
            last_call: json!({ "command": r"git commit -a -m 'Fix it'\''s parser'" }),
            words: "I committed the changes of the files git follows:\n\n```text\n[main 1234567]",
        },
        Case {
            say: "commit the changes",
            results: vec![failed("ask_user", "Nobody answered.")],
            last_call: Value::Null,
            words: "I committed nothing, because I have no message for it.",
        },
        Case {
            say: "commit the changes with message x",
            results: vec![bash("nothing to commit, working tree clean", 1)],
            last_call: Value::Null,
            words: "There is nothing to commit. Git says:",
        },
        Case {
            say: "what changed?",
            results: vec![bash("## main\n M a.rs\n\n a.rs | 2 +-", 0)],
            last_call: Value::Null,
            words: "On `main`: 1 file changed or new:\n\n```text\n M a.rs\n```\n\n```text\n a.rs | 2 +-\n```",
        },
        Case {
            say: "what changed today?",
            results: vec![bash("\n## main\n M a.rs", 0)],
            last_call: Value::Null,
            words: "No commit was made today.\n\nOn `main`: 1 file",
        },
        Case {
            say: "create a branch called -f",
            results: vec![],
            last_call: Value::Null,
            words: "`-f` cannot be a branch's name. Nothing was done.",
        },
        Case {
            say: "create a branch called parser",
            results: vec![bash("Switched to a new branch 'parser'", 0)],
            last_call: json!({ "command": "git switch -c parser" }),
            words: "I created the branch `parser` and switched to it.",
        },
    ]);
}

#[test]
fn commands_are_run_as_given_and_reported_as_they_ended() {
    check(vec![
        Case {
            say: "run `ls -la | wc -l`",
            results: vec![bash("7", 0)],
            last_call: json!({ "command": "ls -la | wc -l" }),
            words: "`ls -la | wc -l` ran and ended well.\n\n```text\n7\n```",
        },
        Case {
            say: "run cargo check",
            results: vec![bash("error: could not compile", 101)],
            last_call: json!({ "command": "cargo check" }),
            words: "`cargo check` failed with exit status 101.",
        },
        Case {
            say: "run cargo check",
            results: vec![failed(
                "bash",
                "(stopped after 120 s, its time limit; give a longer `timeout_ms` if it needs one)",
            )],
            last_call: Value::Null,
            words: "`cargo check` did not end well.",
        },
    ]);
}

#[test]
fn a_conversation_goes_on_with_it_and_again() {
    let mut session = Session::default();
    let made = session.say(
        "Create a file called notes dot text.",
        Origin::Spoken,
        vec![listing(&[]), ok("write", "Created.")],
    );
    assert_eq!(made.calls[1].input["path"], "notes.txt");
    let shown = session.say("Show it.", Origin::Spoken, vec![page(&["hi"], 1)]);
    assert_eq!(shown.calls[0].input["path"], "notes.txt");
    let again = session.say("Read it again.", Origin::Spoken, vec![page(&["hi"], 1)]);
    assert!(
        again.words.contains("`notes.txt`, 1 line:"),
        "{}",
        again.words
    );
    let gone = session.say("Delete it.", Origin::Spoken, vec![bash("", 0)]);
    assert_eq!(gone.calls[0].input["command"], "rm -- notes.txt");
}

#[test]
fn a_stopped_call_ends_the_request() {
    let stopped = Scripted {
        outcome: Outcome::Cancelled,
        ..ok("bash", "Cancelled.")
    };
    let outcome = Session::default().ask("run cargo check", vec![stopped]);
    assert!(
        outcome
            .words
            .starts_with("I was stopped when I was about to run `cargo check`."),
        "{}",
        outcome.words
    );
}

#[test]
fn two_requests_are_done_in_turn_and_the_second_only_after_the_first() {
    let results = vec![
        listing(&[]),
        ok("write", "Created."),
        listing(&["a.txt"]),
        empty(),
        ok("write", "Written."),
    ];
    let outcome = Session::default().ask("create a.txt and overwrite it with hi", results);
    assert_eq!(
        outcome.calls[4].input,
        json!({ "path": "a.txt", "content": "hi\n" })
    );
    assert_eq!(
        outcome.words,
        "I created `a.txt`. It is empty.\n\nI wrote 1 line to `a.txt`."
    );

    let results = vec![
        found(&["a.txt"]),
        denied("bash", "The user said no. Nothing was run."),
    ];
    let outcome = Session::default().ask("delete a.txt and run the tests", results);
    assert!(
        outcome
            .words
            .ends_with("So I did not go on to the rest of the request."),
        "{}",
        outcome.words
    );
}
