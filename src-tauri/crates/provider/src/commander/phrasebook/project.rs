//! Tests, builds, git and commands.

use super::{Found, Phrase};
use crate::commander::intent::{Git, Intent, Task};
use crate::commander::shell::is_program;

pub(super) const PHRASES: &[Phrase] = &[
    (
        &[
            "run|execute|start all? of? the? my? unit? tests|test|testsuite again?",
            "run|execute all? the? test suite",
            "test",
            "test it|everything|the|this project|code|app|crate?",
            "do|are|does the? tests|test pass|passing|green",
        ],
        |_| Some(Intent::Task(Task::Test { filter: None })),
    ),
    (
        &[
            "run|execute all? the? {filter} tests|test",
            "run|execute all? the? tests|test called|named|for|of|in|matching the? {filter}",
        ],
        |found| {
            Some(Intent::Task(Task::Test {
                filter: Some(found.noun("filter")),
            }))
        },
    ),
    (
        &[
            "build|compile it|everything?",
            "build|compile the|this project|code|app|crate",
            "run the? build",
        ],
        |_| Some(Intent::Task(Task::Build)),
    ),
    (
        &[
            "run the? linter|lint|lints|clippy|checks",
            "lint it|everything?",
            "lint|check the|this project|code|crate",
        ],
        |_| Some(Intent::Task(Task::Lint)),
    ),
    (
        &[
            "format it|everything|all?",
            "format the|this|all? project|code|files|crate",
            "run the? formatter",
        ],
        |_| Some(Intent::Task(Task::Format)),
    ),
    (
        &[
            "what changed|has today",
            "what has? changed|happened today",
            "what did i|we change|do today",
        ],
        |_| Some(Intent::Git(Git::Today)),
    ),
    (
        &[
            "show|check|get|tell|give me? the? git status",
            "what|how is the git? status",
            "git status",
            "what|which files changed|are changed|modified",
        ],
        |_| Some(Intent::Git(Git::Status)),
    ),
    (
        &[
            "what has? changed",
            "what did i|we|you change",
            "show|list me? the|my? changes",
            "what are the|my changes",
        ],
        |_| Some(Intent::Git(Git::Changes)),
    ),
    (&["show|get|give me? the? git? diff", "git diff"], |_| {
        Some(Intent::Git(Git::Diff))
    }),
    (
        &[
            "show|list|get me? the? git? log|history",
            "show|list me? the? last|latest|recent? commits|commit",
            "git log",
        ],
        |_| Some(Intent::Git(Git::Log)),
    ),
    (
        &[
            "show|list me? the? all? git? branches|branch",
            "what|which branch am i on",
            "what|which branch is this",
            "git branch",
        ],
        |_| Some(Intent::Git(Git::Branches)),
    ),
    (
        &[
            "commit the|my|all? changes|it|this|that|everything? with the? message {message}",
            "commit the|my|all? changes|it|this|that|everything? saying|as {message}",
        ],
        |found| {
            Some(Intent::Commit {
                message: Some(found.verbatim("message")),
            })
        },
    ),
    (
        &[
            "commit the|my|all|these? changes|it|this|that|everything?",
            "slash commit",
            "/commit",
            "make a commit",
        ],
        |_| Some(Intent::Commit { message: None }),
    ),
    (
        &["create|make|start|add a? new? branch called|named? {name}"],
        |found| {
            Some(Intent::NewBranch {
                name: branch(found),
            })
        },
    ),
    (
        &[
            "switch|change|go to the? branch {name}",
            "switch|change|go to the? {name} branch",
            "check out the? branch? {name}",
            "checkout the? branch? {name}",
        ],
        |found| {
            Some(Intent::SwitchBranch {
                name: branch(found),
            })
        },
    ),
    (
        &["push the|my? branch|changes|commits|it?", "git push"],
        |_| Some(Intent::Push),
    ),
    (
        &[
            "where am i",
            "which|what folder|directory is this",
            "which|what folder|directory are|am we|you|i in",
            "pwd",
        ],
        |_| {
            Some(Intent::Command {
                command: "pwd".to_owned(),
            })
        },
    ),
];

/// Commands come last: any program's name may also begin a sentence.
pub(super) const COMMANDS: &[Phrase] = &[
    (
        &["$|! {command}", "run|execute the? command {command}"],
        |found| {
            Some(Intent::Command {
                command: found.verbatim("command"),
            })
        },
    ),
    (&["run|execute {command}"], |found| {
        command(found).filter(|_| runs(found))
    }),
    (&["{command}"], |found| {
        command(found).filter(|_| is_direct(found))
    }),
];

#[expect(
    clippy::unnecessary_wraps,
    reason = "the table's functions may find nothing"
)]
fn command(found: &Found<'_>) -> Option<Intent> {
    Some(Intent::Command {
        command: found.verbatim("command"),
    })
}

/// "run cargo check" and "run `anything at all`", but not "run the show".
fn runs(found: &Found<'_>) -> bool {
    let text = found.text("command");
    let first = text.split_whitespace().next().unwrap_or_default();
    found.is_quoted("command") || is_program(first) || first.starts_with("./")
}

/// "cargo check" without a "run" before it.
fn is_direct(found: &Found<'_>) -> bool {
    let text = found.text("command");
    let first = text.split_whitespace().next().unwrap_or_default();
    let lower = first.chars().next().is_some_and(char::is_lowercase);
    (lower && is_program(first)) || first.starts_with("./")
}

/// Branch names hold no spaces; spoken ones do.
fn branch(found: &Found<'_>) -> String {
    let name = found.text("name");
    name.split_whitespace().collect::<Vec<_>>().join("-")
}
