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
    /// The gate's: each figure once, of the programs that the tests run.
    Quick,
    /// Repeated, for a figure to quote, with `fam` as it is given to others.
    Full,
}

pub fn plan(workspace: &Workspace, rounds: Rounds) -> Plan {
    let plan = Plan::new("The figures are above.")
        .steps(install::steps(workspace, Purpose::Test))
        .step(interface::build(workspace))
        .step(build(workspace));
    let plan = match rounds {
        Rounds::Quick => plan,
        Rounds::Full => plan.step(build_small(workspace)),
    };
    plan.step(measure(workspace, rounds))
}

fn build_small(workspace: &Workspace) -> Step {
    Step::command(
        "small build of fam",
        Invocation::cargo(&["build", "--profile", "dist", "-p", "cli", "-p", "exec"])
            .within(&workspace.root),
    )
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
    let invocation = Invocation::cargo(&["bench", "--workspace", "--bench", "bench", "--"])
        .within(&workspace.root);
    let invocation = workspace.with_programs(invocation);
    let invocation = match rounds {
        Rounds::Quick => invocation.args(&["--quick"]),
        Rounds::Full => invocation.env("FAM_BIN", workspace.small_fam().display().to_string()),
    };
    Step::command("figures", invocation)
}
