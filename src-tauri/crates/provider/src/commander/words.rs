//! What the commander says of itself, and its examples.

use super::intent::Beyond;

pub(super) const GREETING: &str = "Hello. I am the offline commander: I need no key and no network. \
Say what to do, for example “run the tests”, “open main.rs” or “show the git status”.";

pub(super) const WELCOME: &str = "You are welcome.";

pub(super) const NO_QUESTION: &str =
    "No question of mine is waiting for an answer. Say what to do, for example “run the tests”.";

pub(super) const NOTHING_RUNS: &str = "All right. Nothing of mine is running. \
I cannot take back what is already done; “show the git diff” lists it.";

pub(super) const NOTHING_BEFORE: &str =
    "There is no earlier request in this session that I could repeat. Say what to do.";

pub(super) const TOO_MANY_CALLS: &str = "This took more steps than I allow myself for one request, so I stopped. Ask for a smaller part of it.";

pub(super) const LOST_THREAD: &str =
    "I lost the thread of this request, so I stopped. Say it again, and I start afresh.";

pub(super) const NOT_THE_REST: &str = "So I did not go on to the rest of the request.";

/// How many examples an answer shows.
const EXAMPLES_SHOWN: usize = 5;

/// Something to say, with the words that lead to it.
struct Example {
    say: &'static str,
    near: &'static [&'static str],
}

/// Most useful first.
const EXAMPLES: &[Example] = &[
    Example {
        say: "run the tests",
        near: &[
            "test", "tests", "fail", "failing", "pass", "check", "run", "bug",
        ],
    },
    Example {
        say: "open main.rs",
        near: &[
            "open", "read", "show", "view", "look", "see", "explain", "describe", "what",
        ],
    },
    Example {
        say: "search for timeout in tests",
        near: &["search", "find", "look", "where", "grep", "contains"],
    },
    Example {
        say: "show the git status",
        near: &["git", "status", "changes", "changed", "branch", "commit"],
    },
    Example {
        say: "create a file called notes.txt",
        near: &["create", "make", "new", "write", "file", "add"],
    },
    Example {
        say: "find all uses of Session",
        near: &[
            "uses",
            "used",
            "calls",
            "references",
            "rename",
            "refactor",
            "why",
            "slow",
            "function",
            "type",
        ],
    },
    Example {
        say: "which file defines Session",
        near: &[
            "defines", "defined", "which", "where", "class", "struct", "function", "type",
            "explain",
        ],
    },
    Example {
        say: "replace foo with bar in notes.txt",
        near: &[
            "replace", "change", "rename", "edit", "fix", "remove", "move", "refactor",
        ],
    },
    Example {
        say: "write “hello” to notes.txt",
        near: &["write", "put", "text", "save"],
    },
    Example {
        say: "append “one more line” to notes.txt",
        near: &["append", "add", "line", "end"],
    },
    Example {
        say: "list the files in src",
        near: &["list", "files", "folder", "directory", "tree", "split"],
    },
    Example {
        say: "rename notes.txt to todo.txt",
        near: &["rename", "move", "name"],
    },
    Example {
        say: "delete notes.txt",
        near: &["delete", "remove", "erase", "clear"],
    },
    Example {
        say: "show the diff",
        near: &[
            "diff", "changes", "changed", "undo", "redo", "revert", "back",
        ],
    },
    Example {
        say: "build the project",
        near: &["build", "compile", "start", "server", "install"],
    },
    Example {
        say: "run the linter",
        near: &["lint", "linter", "clippy", "warnings", "check", "slow"],
    },
    Example {
        say: "format the code",
        near: &["format", "style", "indent"],
    },
    Example {
        say: "how many lines are in main.rs",
        near: &["how", "many", "count", "long", "lines"],
    },
    Example {
        say: "run `cargo tree`",
        near: &[
            "run",
            "command",
            "execute",
            "start",
            "terminal",
            "shell",
            "dependencies",
            "install",
            "update",
        ],
    },
    Example {
        say: "commit the changes with message fix the parser",
        near: &["commit", "save", "message", "git", "push"],
    },
    Example {
        say: "create a branch called parser",
        near: &["branch", "merge", "switch", "git"],
    },
];

/// The answer to "what can you do".
pub(super) fn help() -> String {
    let lines: Vec<String> = EXAMPLES
        .iter()
        .map(|example| format!("- {}", example.say))
        .collect();
    format!(
        "I am the offline commander. I turn plain requests into real work on your files, with your permission, \
         and need no key and no network. I do not write or explain code; for that, choose a language model in the \
         settings. You can say, for example:\n\n{}",
        lines.join("\n")
    )
}

/// The answer to words nobody understood.
pub(super) fn not_understood(request: &str) -> String {
    format!(
        "I did not understand that. I am the offline commander and know plain requests, for example:\n\n{}",
        examples(request)
    )
}

/// The answer to what is understood and out of reach.
pub(super) fn beyond(what: &Beyond) -> String {
    let (words, hint) = match what {
        Beyond::Think => (
            "I cannot write, change or judge code: that needs a language model. Choose one in the settings, with a key or a local server. I can look things up, run things and make plain edits, for example:",
            "find refactor test",
        ),
        Beyond::Explain(thing) => return explain(thing),
        Beyond::Look => (
            "I cannot look at images and documents: that needs a language model. Choose one in the settings, with a key or a local server, and ask again: the file stays in the session. I can, for example:",
            "open run",
        ),
        Beyond::Undo => (
            "I cannot take changes back yet. I can show what is changed:",
            "diff status git changes",
        ),
        Beyond::Memory => (
            "I cannot remember things between requests yet, so I kept nothing. I can write it into a file:",
            "write append create text line",
        ),
        Beyond::Window => (
            "I have no hand on sessions, modes, settings and windows; you find them in Familiar's own window. I can, for example:",
            "open run",
        ),
        Beyond::Plan => (
            "I cannot make or show plans: that needs a language model. I do one thing at a time, for example:",
            "run test",
        ),
        Beyond::Agents => (
            "I work alone and have no agents to start or stop. I can, for example:",
            "run test",
        ),
        Beyond::Server => (
            "I cannot start or stop things that keep running. I can run commands that end:",
            "run build command",
        ),
        Beyond::Branch => (
            "I delete, merge and rename no branches by voice. I can show and make them, or run the git command you give me:",
            "branch git run command",
        ),
        Beyond::Companion => (
            "That is not mine to do: the companion and its voice have their own switches in Familiar's window. I can, for example:",
            "run open",
        ),
        Beyond::Cost => (
            "I cost nothing and use no tokens. What other models used, I cannot see. I can, for example:",
            "run git",
        ),
        Beyond::Past => (
            "I keep no journal, so I cannot say. Git may know more:",
            "git changes changed diff",
        ),
        Beyond::Update => (
            "I cannot install updates of Familiar. I can run a command you give me:",
            "run command install",
        ),
    };
    format!("{words}\n\n{}", examples(hint))
}

fn explain(thing: &str) -> String {
    let look = match thing.split_whitespace().count() {
        1..=3 => format!(
            "- open {thing}\n- search for {thing}\n- find all uses of {thing}\n- which file defines {thing}"
        ),
        _ => examples("explain search open"),
    };
    format!(
        "I cannot explain things: that needs a language model. I can show them to you:\n\n{look}"
    )
}

/// The examples nearest to the words used, filled up from the top.
fn examples(words: &str) -> String {
    let used: Vec<String> = words
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| !word.is_empty())
        .collect();
    let score = |example: &Example| {
        example
            .near
            .iter()
            .filter(|near| used.iter().any(|word| word == *near))
            .count()
    };
    let mut ranked: Vec<&Example> = EXAMPLES.iter().collect();
    ranked.sort_by_key(|example| std::cmp::Reverse(score(example)));
    let lines: Vec<String> = ranked
        .into_iter()
        .take(EXAMPLES_SHOWN)
        .map(|example| format!("- {}", example.say))
        .collect();
    lines.join("\n")
}
