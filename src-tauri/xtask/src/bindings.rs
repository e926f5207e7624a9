//! `cargo xtask bindings`: what is written from the Rust types, the interface's
//! types and the schema of the settings. The generators are tests; without the
//! permission to write they compare, and fail on drift.

use crate::install::{self, Purpose};
use crate::interface;
use crate::invocation::Invocation;
use crate::step::{Plan, Step};
use crate::workspace::Workspace;

/// Set, the generator writes instead of comparing.
const WRITE: &str = "FAMILIAR_WRITE_BINDINGS";

pub fn plan(workspace: &Workspace) -> Plan {
    Plan::new("ui/src/ipc/types.ts and assets/settings.schema.json are as the Rust types say.")
        .steps(install::steps(workspace, Purpose::Check))
        .step(interface::build(workspace))
        .step(Step::command(
            "write bindings",
            generator(workspace).env(WRITE, "1"),
        ))
        .step(Step::command(
            "write the settings' schema",
            schema(workspace).env(WRITE, "1"),
        ))
}

pub fn drift(workspace: &Workspace) -> Step {
    Step::command("bindings", generator(workspace)).fix("`cargo xtask bindings` writes them anew.")
}

fn generator(workspace: &Workspace) -> Invocation {
    Invocation::cargo(&["test", "--release", "--workspace", "--lib", "bindings"])
        .within(&workspace.root)
}

fn schema(workspace: &Workspace) -> Invocation {
    Invocation::cargo(&[
        "test",
        "--release",
        "--workspace",
        "--lib",
        "the_kept_schema",
    ])
    .within(&workspace.root)
}
