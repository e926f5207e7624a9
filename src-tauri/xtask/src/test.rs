//! `cargo xtask test`: the whole gate, from a fresh clone, without questions.
//! One profile (release) for lints, tests, the app and the figures, so that a
//! cold machine builds each dependency once.

use crate::bench::{self, Rounds};
use crate::check::{self, Profile};
use crate::install::{self, Purpose};
use crate::invocation::Invocation;
use crate::step::{Plan, Step};
use crate::workspace::Workspace;

pub fn plan(workspace: &Workspace) -> Plan {
    Plan::new("The gate holds: formatting, lints, interface, all tests, the real window, figures.")
        .steps(install::steps(workspace, Purpose::Test))
        .steps(check::steps(workspace, Profile::Release))
        .step(bench::build(workspace))
        .step(tests(workspace))
        .step(bench::measure(workspace, Rounds::Quick))
}

/// All of them: unit tests, bindings drift, `tests/it`, and `tests/e2e`, which
/// drives the real window and keeps its pictures in `artifacts/`.
fn tests(workspace: &Workspace) -> Step {
    let invocation =
        Invocation::cargo(&["test", "--release", "--workspace"]).within(&workspace.root);
    Step::command("tests", workspace.with_programs(invocation))
        .fix("`cargo test --release -p CRATE NAME` runs one of them again; pictures of the window are in artifacts.")
}
