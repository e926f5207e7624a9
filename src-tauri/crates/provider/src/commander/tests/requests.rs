//! Requests as people type and say them, beyond the speech model's phrases.

use crate::commander::intent::parse;
use crate::commander::utterance::Voice;

fn check(voice: Voice, rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(text, expected)| {
            let parsed = format!("{:?}", parse(text, voice));
            (parsed != *expected)
                .then(|| format!("{text}\n  expected: {expected}\n  parsed:   {parsed}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_opened_by_name_path_pronoun_and_noun() {
    check(
        Voice::Typed,
        &[
            (
                "open main.rs",
                r#"Open { file: Named("main.rs"), lines: None }"#,
            ),
            (
                "Could you please open the file src/main.rs for me?",
                r#"Open { file: Named("src/main.rs"), lines: None }"#,
            ),
            (
                "show me the contents of `my notes.txt`",
                r#"Open { file: Named("my notes.txt"), lines: None }"#,
            ),
            (
                "cat Cargo.toml",
                r#"Open { file: Named("Cargo.toml"), lines: None }"#,
            ),
            (
                "src/lib.rs",
                r#"Open { file: Named("src/lib.rs"), lines: None }"#,
            ),
            (
                "what's in readme?",
                r#"Open { file: Named("README"), lines: None }"#,
            ),
            (
                "What is in README",
                r#"Open { file: Named("README"), lines: None }"#,
            ),
            ("show it", "Open { file: Last, lines: None }"),
            ("open that file", "Open { file: Last, lines: None }"),
            (
                "show lines 10 to 20 of main.rs",
                r#"Open { file: Named("main.rs"), lines: Some((10, 20)) }"#,
            ),
            (
                "open main.rs at line 50",
                r#"Open { file: Named("main.rs"), lines: Some((40, 60)) }"#,
            ),
            (
                "open the session store",
                r#"Open { file: Vague("session store"), lines: None }"#,
            ),
            ("open .env", r#"Open { file: Named(".env"), lines: None }"#),
        ],
    );
    check(
        Voice::Spoken,
        &[
            (
                "Open main dot R S.",
                r#"Open { file: Named("main.rs"), lines: None }"#,
            ),
            (
                "Hey Familiar, open src slash main dot rs, please.",
                r#"Open { file: Named("src/main.rs"), lines: None }"#,
            ),
            (
                "Show me user underscore name dot pie.",
                r#"Open { file: Named("user_name.py"), lines: None }"#,
            ),
            (
                "What is in Cargo dot toml?",
                r#"Open { file: Named("Cargo.toml"), lines: None }"#,
            ),
        ],
    );
}

#[test]
fn files_are_made_written_and_changed() {
    check(Voice::Typed, CHANGES);
    check(
        Voice::Spoken,
        &[
            (
                "Create a file called hello dot text.",
                r#"Create { file: Named("hello.txt"), text: "" }"#,
            ),
            (
                "Create a file called hello.txt with content good morning.",
                r#"Create { file: Named("hello.txt"), text: "good morning" }"#,
            ),
        ],
    );
}

#[test]
fn folders_are_listed_and_code_is_searched() {
    check(
        Voice::Typed,
        &[
            ("list the files", "List { folder: None }"),
            ("ls", "List { folder: None }"),
            ("list src", r#"List { folder: Some("src") }"#),
            (
                "what files are in the tests folder?",
                r#"List { folder: Some("tests") }"#,
            ),
            (
                "list the files in src/commander",
                r#"List { folder: Some("src/commander") }"#,
            ),
            (
                "search for timeout in tests",
                r#"Search { pattern: "timeout", scope: Some("tests") }"#,
            ),
            (
                "search for \"foo bar\" in the src folder",
                r#"Search { pattern: "foo bar", scope: Some("src") }"#,
            ),
            (
                "search for foo in bar in src",
                r#"Search { pattern: "foo in bar", scope: Some("src") }"#,
            ),
            (
                "search the code for fn main()",
                r#"Search { pattern: "fn main()", scope: None }"#,
            ),
            (
                "search src for TODO",
                r#"Search { pattern: "TODO", scope: Some("src") }"#,
            ),
            (
                "grep unwrap",
                r#"Search { pattern: "unwrap", scope: None }"#,
            ),
            (
                "search for x everywhere",
                r#"Search { pattern: "x everywhere", scope: None }"#,
            ),
            (
                "search for x in the project",
                r#"Search { pattern: "x", scope: None }"#,
            ),
            ("find all uses of Session", r#"Uses { name: "Session" }"#),
            ("where is parse used?", r#"Uses { name: "parse" }"#),
            (
                "where is Session defined?",
                r#"Definition { name: "Session" }"#,
            ),
            (
                "which file defines the store?",
                r#"Definition { name: "store" }"#,
            ),
            ("where is main.rs?", r#"Locate { name: "main.rs" }"#),
            ("find files named config", r#"Locate { name: "config" }"#),
            ("find config.json", r#"Locate { name: "config.json" }"#),
            (
                "find the parser",
                r#"Search { pattern: "parser", scope: None }"#,
            ),
            ("how many tests are there?", "CountTests { name: None }"),
        ],
    );
}

#[test]
fn tasks_git_and_commands_are_run() {
    check(
        Voice::Typed,
        &[
            ("test", "Task(Test { filter: None })"),
            ("run my tests again", "Task(Test { filter: None })"),
            ("do the tests pass?", "Task(Test { filter: None })"),
            (
                "run the tests for the parser",
                r#"Task(Test { filter: Some("parser") })"#,
            ),
            ("build it", "Task(Build)"),
            ("lint the code", "Task(Lint)"),
            ("format everything", "Task(Format)"),
            ("git status", "Git(Status)"),
            ("what changed?", "Git(Changes)"),
            ("show the git log", "Git(Log)"),
            ("which branch am I on?", "Git(Branches)"),
            (
                "git log --oneline -3",
                r#"Command { command: "git log --oneline -3" }"#,
            ),
            (
                "commit the changes with message Fix the parser.",
                r#"Commit { message: Some("Fix the parser.") }"#,
            ),
            (
                "create a branch called fix parser",
                r#"NewBranch { name: "fix-parser" }"#,
            ),
            (
                "switch to the branch main",
                r#"SwitchBranch { name: "main" }"#,
            ),
            (
                "switch to the main branch",
                r#"SwitchBranch { name: "main" }"#,
            ),
            (
                "run `ls -la | wc -l`",
                r#"Command { command: "ls -la | wc -l" }"#,
            ),
            (
                "run cargo tree --depth 1",
                r#"Command { command: "cargo tree --depth 1" }"#,
            ),
            (
                "$ find . -name '*.rs'",
                r#"Command { command: "find . -name '*.rs'" }"#,
            ),
            ("run ls .", r#"Command { command: "ls ." }"#),
            (
                "execute the command make all",
                r#"Command { command: "make all" }"#,
            ),
            ("run away", "Unknown"),
            ("where am I?", r#"Command { command: "pwd" }"#),
        ],
    );
    check(
        Voice::Spoken,
        &[("Run cargo check.", r#"Command { command: "cargo check" }"#)],
    );
}

#[test]
fn talk_is_answered_and_limits_are_known() {
    check(
        Voice::Typed,
        &[
            ("hi", "Greet"),
            ("Hey Familiar!", "Greet"),
            ("thanks a lot!", "Thanks"),
            ("help", "Help"),
            ("what can you do?", "Help"),
            ("never mind", "Stop"),
            ("don't do that", "Stop"),
            ("do it again", "Again"),
            ("undo", "Beyond(Undo)"),
            ("remember to buy milk", "Beyond(Memory)"),
            ("explain main.rs", r#"Beyond(Explain("main.rs"))"#),
            ("why is the build red", "Beyond(Think)"),
            ("purple monkey dishwasher", "Unknown"),
        ],
    );
}

const CHANGES: &[(&str, &str)] = &[
    (
        "create a file called hello.txt",
        r#"Create { file: Named("hello.txt"), text: "" }"#,
    ),
    (
        "make a new file notes.md with content # Notes.",
        r##"Create { file: Named("notes.md"), text: "# Notes." }"##,
    ),
    (
        "create a file called a.txt in docs with content hi",
        r#"Create { file: Named("docs/a.txt"), text: "hi" }"#,
    ),
    (
        "create a file called a.txt that says \"hello, you\"",
        r#"Create { file: Named("a.txt"), text: "hello, you" }"#,
    ),
    (
        "create a file called a.txt with content one\ntwo",
        r#"Create { file: Named("a.txt"), text: "one\ntwo" }"#,
    ),
    (
        "create a folder called new things",
        r#"CreateFolder { name: "new things" }"#,
    ),
    (
        "write \"hello world\" to notes.txt",
        r#"Write { file: Named("notes.txt"), text: "hello world" }"#,
    ),
    (
        "write hello to it",
        r#"Write { file: Last, text: "hello" }"#,
    ),
    (
        "write a function that adds numbers to main.rs",
        "Beyond(Think)",
    ),
    (
        "append \"bye\" to notes.txt",
        r#"Append { file: Named("notes.txt"), text: "bye" }"#,
    ),
    (
        "add the line x = 1 to config.toml",
        r#"Append { file: Named("config.toml"), text: "x = 1" }"#,
    ),
    ("add serde to Cargo.toml", "Beyond(Think)"),
    (
        "replace foo with bar in src/main.rs",
        r#"Replace { old: "foo", new: "bar", file: Some(Named("src/main.rs")) }"#,
    ),
    (
        "replace \"a in b\" with \"c in d\" in x.txt",
        r#"Replace { old: "a in b", new: "c in d", file: Some(Named("x.txt")) }"#,
    ),
    (
        "change port 80 to port 81 in it",
        r#"Replace { old: "port 80", new: "port 81", file: Some(Last) }"#,
    ),
    ("delete old.txt", r#"Delete { file: Named("old.txt") }"#),
    ("delete it", "Delete { file: Last }"),
    ("delete everything", "Unknown"),
    (
        "remove the file -rf.txt",
        r#"Delete { file: Named("-rf.txt") }"#,
    ),
    (
        "rename a.txt to b.txt",
        r#"Move { file: Named("a.txt"), to: "b.txt" }"#,
    ),
    (
        "move a.txt to docs",
        r#"Move { file: Named("a.txt"), to: "docs" }"#,
    ),
    (
        "copy a.txt to b.txt",
        r#"Copy { file: Named("a.txt"), to: "b.txt" }"#,
    ),
    ("rename the reader to writer", "Beyond(Think)"),
    (
        "how many lines does main.rs have?",
        r#"CountLines { file: Named("main.rs") }"#,
    ),
    (
        "how many lines are in main.rs",
        r#"CountLines { file: Named("main.rs") }"#,
    ),
    (
        "how many lines are there in src/main.rs?",
        r#"CountLines { file: Named("src/main.rs") }"#,
    ),
];

#[test]
fn two_requests_in_a_row_are_two_and_names_with_and_are_one() {
    check(
        Voice::Typed,
        &[
            (
                "create a file called a.txt and open it",
                r#"Both(Create { file: Named("a.txt"), text: "" }, Open { file: Last, lines: None })"#,
            ),
            (
                "create a file called a.txt and write hi into it",
                r#"Create { file: Named("a.txt"), text: "hi" }"#,
            ),
            (
                "format the code, then run the tests",
                "Both(Task(Format), Task(Test { filter: None }))",
            ),
            (
                "build it and then run the tests and show the diff",
                "Both(Task(Build), Both(Task(Test { filter: None }), Git(Diff)))",
            ),
            (
                "search for salt and pepper",
                r#"Search { pattern: "salt and pepper", scope: None }"#,
            ),
            (
                "search for open and read",
                r#"Search { pattern: "open and read", scope: None }"#,
            ),
            (
                "create a file called salt and pepper.txt",
                r#"Create { file: Named("salt and pepper.txt"), text: "" }"#,
            ),
            (
                "write \"a and open it\" to a.txt",
                r#"Write { file: Named("a.txt"), text: "a and open it" }"#,
            ),
            (
                "$ true and run false",
                r#"Command { command: "true and run false" }"#,
            ),
            (
                "commit the changes with message fix and add tests",
                r#"Commit { message: Some("fix and add tests") }"#,
            ),
        ],
    );
}
