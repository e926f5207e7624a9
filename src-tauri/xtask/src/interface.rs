//! The interface's side of the house: npm packages, checks, tests and build,
//! each by the script that `ui/package.json` gives it.

use std::fs;

use crate::invocation::Invocation;
use crate::step::{Failure, Note, Step};
use crate::workspace::Workspace;

pub const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// `npm ci`, when the lock file is another than the one last installed.
pub fn packages(workspace: &Workspace) -> Step {
    let (ui, tools) = (workspace.ui(), workspace.tools());
    Step::new("npm packages", move || {
        let lock_file = ui.join("package-lock.json");
        let lock = fs::read(&lock_file)
            .map_err(|error| Failure::new(format!("`{}`: {error}.", lock_file.display())))?;
        let stamp = tools.join("package-lock.installed.json");
        let is_fresh = fs::read(&stamp).is_ok_and(|installed| installed == lock);
        if is_fresh && ui.join("node_modules").is_dir() {
            return Ok(Note::Says("as the lock file says".to_owned()));
        }
        let install = Invocation::new(NPM)
            .args(&["ci", "--no-audit", "--no-fund"])
            .within(&ui);
        println!("        $ {install}");
        install.run()?;
        fs::create_dir_all(&tools)
            .and_then(|()| fs::write(&stamp, &lock))
            .map_err(|error| Failure::new(format!("`{}`: {error}.", stamp.display())))?;
        Ok(Note::Done)
    })
    .fix("npm needs its registry: is the network there? It can be run again at any time.")
}

pub fn build(workspace: &Workspace) -> Step {
    Step::command("interface: build", script(workspace, "build"))
}

pub fn checks(workspace: &Workspace) -> Vec<Step> {
    vec![
        Step::command("interface: types", script(workspace, "check"))
            .fix("svelte-check names file and line above."),
        Step::command("interface: lint", script(workspace, "lint"))
            .fix("eslint names file and line above; `npx eslint --fix` in ui mends some."),
        Step::command("interface: tests", script(workspace, "test"))
            .fix("`npx vitest NAME` in ui runs one of them again."),
    ]
}

fn script(workspace: &Workspace, name: &str) -> Invocation {
    Invocation::new(NPM)
        .args(&["run", "--silent", name])
        .within(workspace.ui())
}
