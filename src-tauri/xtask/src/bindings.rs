//! `cargo xtask bindings`: the interface's types, written from the Rust types.
//! The generator is a test of the app; without the permission to write it
//! compares, and fails on drift.

use crate::install::{self, Purpose};
use crate::interface;
use crate::invocation::Invocation;
use crate::step::{Plan, Step};
use crate::workspace::Workspace;

/// Set, the generator writes instead of comparing.
const WRITE: &str = "FAMILIAR_WRITE_BINDINGS";

pub fn plan(workspace: &Workspace) -> Plan {
    Plan::new("ui/src/ipc/types.ts is as the Rust types say.")
        .steps(install::steps(workspace, Purpose::Check))
        .step(interface::build(workspace))
        .step(Step::command(
            "write bindings",
            generator(workspace).env(WRITE, "1"),
        ))
}

pub fn drift(workspace: &Workspace) -> Step {
    Step::command("bindings", generator(workspace)).fix("`cargo xtask bindings` writes them anew.")
}

fn generator(workspace: &Workspace) -> Invocation {
    Invocation::cargo(&["test", "-p", "familiar", "--lib", "bindings"]).within(&workspace.root)
}
