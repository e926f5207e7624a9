//! Talk, refusals, failures: what holds for every request.

use protocol::{Attachment, Block, MediaType, Origin};

use super::session::{Session, bash, denied, failed, ok};

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

#[test]
fn a_file_given_along_is_not_looked_at_and_starts_nothing() {
    let mut session = Session::default();
    session.ask("list the files", vec![ok("list_dir", "a.txt")]);
    for (text, expected) in [
        ("what is this?", "cannot look at images"),
        ("", "cannot look at images"),
        ("purple monkey dishwasher", "cannot look at images"),
        ("hello", "offline commander"),
    ] {
        let file = Block::Attachment(Attachment {
            media_type: MediaType::Png,
            name: "shot.png".into(),
            data: "AAAA".into(),
            width: Some(1),
            height: Some(1),
        });
        let said = Block::Text { text: text.into() };
        let outcome = session.give(Origin::Typed, vec![file, said], vec![]);
        assert!(
            outcome.words.contains(expected),
            "{text}: {}",
            outcome.words
        );
        assert!(outcome.calls.is_empty());
    }
}
