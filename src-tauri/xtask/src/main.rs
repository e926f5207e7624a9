//! The workshop's one door: `cargo xtask run | test | check | bench | soak |
//! fuzz | bindings`.
//! Each command is a list of numbered steps; a step that fails names the exact
//! command and what to do. Nothing here is linked into the product.

#![allow(
    clippy::print_stdout,
    reason = "a command-line tool: its output is what it is for"
)]

mod bench;
mod bindings;
mod check;
mod display;
mod fuzz;
mod install;
mod interface;
mod invocation;
mod run;
mod soak;
mod step;
mod system;
mod test;
mod workspace;

use std::process::ExitCode;

use step::Plan;
use workspace::Workspace;

const HELP: &str = "\
Usage: cargo xtask <command>

Commands:
  run [-- args]     Install what is missing, build and open the app. Without a
                    display it opens on a virtual one and says how to look.
  test              Everything the gate holds: install, check, build, all tests,
                    the real window, the figures.
  check             The quick part: formatting, lints, types, interface tests,
                    the rules of the house.
  bench [--quick]   Build for release and print the figures against their bars.
  soak              The tests of chance, ten times as long: kills, edits, rewinds.
  fuzz [TARGET] [--minutes N]
                    libFuzzer before what takes bytes from anybody, 10 minutes for
                    each of prepass, decoder, validator, rules, config, paths.
  bindings          Write the interface's types from the Rust types.
  help              This text.

Steps install what they need: Debian and Ubuntu packages when root or
passwordless sudo is there (otherwise they print the command), the interface's
npm packages, and for tests tauri-driver under target/tools.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, rest)) = arguments.split_first() else {
        eprint!("{HELP}");
        return ExitCode::from(2);
    };
    if asks_for_help(command) || rest.first().is_some_and(|first| asks_for_help(first)) {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    match Workspace::find().and_then(|workspace| plan(&workspace, command, rest)) {
        Ok(plan) => plan.carry_out(),
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}

fn asks_for_help(argument: &str) -> bool {
    matches!(argument, "help" | "--help" | "-h")
}

fn plan(workspace: &Workspace, command: &str, rest: &[String]) -> Result<Plan, step::Failure> {
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    match (command, rest.as_slice()) {
        ("run", []) => Ok(run::plan(workspace, &[])),
        ("run", ["--", arguments @ ..]) => Ok(run::plan(workspace, arguments)),
        ("test", []) => Ok(test::plan(workspace)),
        ("check", []) => Ok(check::plan(workspace)),
        ("bench", []) => Ok(bench::plan(workspace, bench::Rounds::Full)),
        ("bench", ["--quick"]) => Ok(bench::plan(workspace, bench::Rounds::Quick)),
        ("soak", []) => Ok(soak::plan(workspace)),
        ("fuzz", arguments) => {
            fuzz::Order::parse(arguments).map(|order| fuzz::plan(workspace, &order))
        }
        ("bindings", []) => Ok(bindings::plan(workspace)),
        _ => Err(step::Failure::new(format!(
            "`cargo xtask {}` is not a command.",
            std::iter::once(command)
                .chain(rest)
                .collect::<Vec<_>>()
                .join(" ")
        ))
        .fix("`cargo xtask help` lists the commands.")),
    }
}
