//! `cargo xtask check`: what can be said without running the product. The
//! steps are the first half of `cargo xtask test` too.

use crate::bindings;
use crate::install::{self, Purpose};
use crate::interface;
use crate::invocation::Invocation;
use crate::step::{Plan, Step};
use crate::workspace::Workspace;

/// What clippy builds with. The gate has one profile, so that C libraries and
/// build scripts are built once; at the desk the one that is warm already wins.
#[derive(Clone, Copy)]
pub enum Profile {
    Dev,
    Release,
}

pub fn plan(workspace: &Workspace) -> Plan {
    Plan::new("The quick checks hold. `cargo xtask test` is the whole gate.")
        .steps(install::steps(workspace, Purpose::Check))
        .steps(steps(workspace, Profile::Dev))
        .step(
            Step::command(
                "rules of the house",
                Invocation::cargo(&["test", "-p", "tests", "--test", "it", "--"])
                    .args(&["architecture", "tidy"])
                    .within(&workspace.root),
            )
            .fix("STYLE.md and ARCHITECTURE.md in src-tauri give the reasons."),
        )
        .step(bindings::drift(workspace))
}

/// The interface is built before clippy: the app embeds it when it compiles.
pub fn steps(workspace: &Workspace, profile: Profile) -> Vec<Step> {
    let format = Invocation::cargo(&["fmt", "--all", "--check"]).within(&workspace.root);
    let profile: &[&str] = match profile {
        Profile::Dev => &[],
        Profile::Release => &["--release"],
    };
    let lint = |targets: &[&str]| {
        Invocation::cargo(&["clippy", "--workspace"])
            .args(targets)
            .args(profile)
            .args(&["--", "-D", "warnings"])
            .within(&workspace.root)
    };
    let bare = lint(&["--lib", "--bins", "--no-default-features"]);
    let mut steps = vec![Step::command("formatting", format).fix("`cargo fmt --all`")];
    steps.extend(interface::checks(workspace));
    steps.push(interface::build(workspace));
    let fix = "clippy names file, line and remedy above.";
    steps.push(Step::command("lints", lint(&["--all-targets"])).fix(fix));
    steps.push(Step::command("lints, no features", bare).fix(fix));
    steps
}
