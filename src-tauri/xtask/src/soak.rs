//! `cargo xtask soak`: the tests of chance, ten times as long as in the gate:
//! 1,000 kills of a writing process, random edit scripts and rewinds, rewinds
//! that are killed. For the night, not for the gate.

use crate::invocation::Invocation;
use crate::step::{Plan, Step};
use crate::workspace::Workspace;

/// Rounds, as a multiple of the gate's.
const FACTOR: &str = "10";

pub fn plan(workspace: &Workspace) -> Plan {
    Plan::new("It held: no acknowledged message was lost, every rewind was exact.")
        .step(soak(
            workspace,
            "kills of the store",
            &["--lib", "random_kills"],
        ))
        .step(soak(
            workspace,
            "edits and rewinds",
            &["--lib", "tests::scripts::"],
        ))
        .step(soak(workspace, "killed rewinds", &["--test", "killed"]))
}

/// From the whole workspace, as the gate builds it: nothing is built twice.
fn soak(workspace: &Workspace, name: &'static str, arguments: &[&str]) -> Step {
    let invocation = Invocation::cargo(&["test", "--release", "--workspace"])
        .args(arguments)
        .args(&["--", "--nocapture"])
        .env("FAMILIAR_SOAK", FACTOR)
        .within(&workspace.root);
    Step::command(name, invocation)
}
