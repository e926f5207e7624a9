//! The project's tasks, found by the files at its top, and plain commands.

use serde_json::json;

use super::{Played, Run, Step};
use crate::commander::intent::Task;
use crate::commander::reading::{self, Entry};
use crate::commander::report::{self, code};
use crate::commander::shell::quote;

/// Builds and tests may take long.
const TASK_TIMEOUT_MS: u64 = 600_000;

/// How a kind of project does each task; none when it has no usual way.
struct Kind {
    /// A file at the top that tells the kind.
    marker: &'static str,
    test: &'static str,
    /// Put before the name of the tests that are meant.
    filter: Option<&'static str>,
    build: Option<&'static str>,
    lint: Option<&'static str>,
    format: Option<&'static str>,
}

/// The first whose file is there is the project's kind.
const KINDS: &[Kind] = &[
    Kind {
        marker: "Cargo.toml",
        test: "cargo test",
        filter: Some(" "),
        build: Some("cargo build"),
        lint: Some("cargo clippy --all-targets"),
        format: Some("cargo fmt"),
    },
    Kind {
        marker: "go.mod",
        test: "go test ./...",
        filter: Some(" -run "),
        build: Some("go build ./..."),
        lint: Some("go vet ./..."),
        format: Some("gofmt -w ."),
    },
    Kind {
        marker: "package.json",
        test: "npm test",
        filter: Some(" -- "),
        build: Some("npm run build"),
        lint: Some("npm run lint"),
        format: Some("npm run format"),
    },
    PYTHON,
    Kind {
        marker: "pytest.ini",
        ..PYTHON
    },
    Kind {
        marker: "setup.py",
        ..PYTHON
    },
    Kind {
        marker: "tox.ini",
        ..PYTHON
    },
    Kind {
        marker: "requirements.txt",
        ..PYTHON
    },
    Kind {
        marker: "justfile",
        test: "just test",
        filter: None,
        build: Some("just build"),
        lint: Some("just lint"),
        format: Some("just format"),
    },
    Kind {
        marker: "Makefile",
        test: "make test",
        filter: None,
        build: Some("make"),
        lint: Some("make lint"),
        format: Some("make format"),
    },
];

const PYTHON: Kind = Kind {
    marker: "pyproject.toml",
    test: "pytest",
    filter: Some(" -k "),
    build: Some("python -m build"),
    lint: Some("ruff check"),
    format: Some("ruff format"),
};

/// A lock file at the top of a `package.json` project tells who runs it.
const RUNNERS: &[(&str, &str)] = &[
    ("pnpm-lock.yaml", "pnpm"),
    ("yarn.lock", "yarn"),
    ("bun.lock", "bun"),
    ("bun.lockb", "bun"),
];

pub(super) fn run(run: &mut Run<'_>, task: &Task) -> Played {
    let listing = run.must(
        "list_dir",
        json!({ "path": "." }),
        "Open a project's folder first.",
    )?;
    let entries = reading::entries(listing);
    let Some(kind) = KINDS.iter().find(|kind| has(&entries, kind.marker)) else {
        return Ok(unknown_project(task));
    };
    let command = match command_of(kind, task) {
        Ok(command) => command,
        Err(words) => return Ok(words),
    };
    let runner = RUNNERS
        .iter()
        .find(|(lock, _)| kind.marker == "package.json" && has(&entries, lock));
    let command = match runner {
        Some((_, runner)) => command.replacen("npm", runner, 1),
        None => command,
    };
    let input = json!({ "command": command, "timeout_ms": TASK_TIMEOUT_MS, "description": description(task) });
    let reply = run.call("bash", input)?;
    Ok(report::task(
        &command,
        &reading::output(reply),
        matches!(task, Task::Test { .. }),
    ))
}

pub(super) fn command(run: &mut Run<'_>, command: &str) -> Played {
    if command.trim().is_empty() {
        return Err(Step::Say(
            "Say which command to run, for example “run `git status`”.".to_owned(),
        ));
    }
    let reply = run.call("bash", json!({ "command": command }))?;
    Ok(report::command(command, &reading::output(reply)))
}

fn command_of(kind: &Kind, task: &Task) -> Result<String, String> {
    let usual = match task {
        Task::Test { filter: None } => Some(kind.test),
        Task::Test {
            filter: Some(filter),
        } => {
            return match kind.filter {
                Some(before) => Ok(format!(
                    "{}{before}{}",
                    kind.test,
                    quote(&filter.replace(' ', "_"))
                )),
                None => Err(format!(
                    "I know no way to run only some tests of a project with a {}. Say “run the tests” for all of them.",
                    code(kind.marker)
                )),
            };
        }
        Task::Build => kind.build,
        Task::Lint => kind.lint,
        Task::Format => kind.format,
    };
    usual
        .map(str::to_owned)
        .ok_or_else(|| unknown_project(task))
}

fn has(entries: &[Entry], name: &str) -> bool {
    entries.iter().any(|entry| entry.name == name)
}

fn description(task: &Task) -> &'static str {
    match task {
        Task::Test { .. } => "Run the tests",
        Task::Build => "Build the project",
        Task::Lint => "Run the linter",
        Task::Format => "Format the code",
    }
}

fn unknown_project(task: &Task) -> String {
    let markers: Vec<String> = KINDS.iter().map(|kind| code(kind.marker)).collect();
    format!(
        "I do not know how to {} here: this folder has none of {}. Nothing was run. Say the command, for example “run `sh build.sh`”.",
        description(task).to_lowercase(),
        markers.join(", ")
    )
}
