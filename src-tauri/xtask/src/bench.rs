//! `cargo xtask bench`: the figures of the release build beside their bars.
//! A missed bar is printed and fails nothing: machines differ; what cannot be
//! measured at all does fail. The measuring itself is `tests/bench`.

use crate::install::{self, Purpose};
use crate::interface;
use crate::invocation::Invocation;
use crate::step::{Plan, Step};
use crate::workspace::Workspace;

#[derive(Clone, Copy)]
pub enum Rounds {
    /// The gate's: each figure once.
    Quick,
    /// Repeated, for a figure to quote.
    Full,
}

pub fn plan(workspace: &Workspace, rounds: Rounds) -> Plan {
    Plan::new("The figures are above.")
        .steps(install::steps(workspace, Purpose::Test))
        .step(interface::build(workspace))
        .step(build(workspace))
        .step(measure(workspace, rounds))
}

/// Everything at once: cargo then chooses the features of shared dependencies
/// once, and neither the tests nor the figures build them again.
pub fn build(workspace: &Workspace) -> Step {
    Step::command(
        "release build",
        Invocation::cargo(&["build", "--release", "--workspace", "--all-targets"])
            .within(&workspace.root),
    )
}

pub fn measure(workspace: &Workspace, rounds: Rounds) -> Step {
    let rounds: &[&str] = match rounds {
        Rounds::Quick => &["--quick"],
        Rounds::Full => &[],
    };
    let invocation = Invocation::cargo(&["bench", "--workspace", "--bench", "bench", "--"])
        .args(rounds)
        .within(&workspace.root);
    Step::command("figures", workspace.with_programs(invocation))
}
