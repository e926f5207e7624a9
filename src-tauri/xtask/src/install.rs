//! What must stand before anything is built: Rust's and Node's tools, system
//! packages, npm packages, and for the tests the driver of the real window.
//! A machine that has it all passes through in about a second.

use std::fs;
use std::path::PathBuf;

use crate::interface::{self, NPM};
use crate::invocation::Invocation;
use crate::step::{Failure, Note, Step};
use crate::system;
use crate::workspace::Workspace;

/// The oldest Node that the interface's build runs on.
const NODE: (u32, u32) = (20, 19);
const TAURI_DRIVER: &str = "2.1.0";
/// TypeScript 5: the language server does not start with a newer one.
const LANGUAGE_SERVERS: &[&str] = &[
    "pyright@1.1.414",
    "typescript@5.9.3",
    "typescript-language-server@5.3.0",
];

/// What the installation is for.
#[derive(Clone, Copy, PartialEq)]
pub enum Purpose {
    Run,
    Check,
    Test,
}

pub fn steps(workspace: &Workspace, purpose: Purpose) -> Vec<Step> {
    let mut steps = vec![
        toolchain(purpose),
        system::packages(system_packages(purpose)),
        interface::packages(workspace),
    ];
    if purpose == Purpose::Test {
        steps.push(tauri_driver(workspace));
        steps.push(vendor_libraries(workspace));
        steps.push(model_gateway(workspace));
        steps.push(language_servers(workspace));
    }
    steps
}

fn system_packages(purpose: Purpose) -> Vec<&'static str> {
    let desktop: &[&str] = match purpose {
        Purpose::Test => system::DESKTOP,
        Purpose::Run if crate::display::is_absent() => system::DESKTOP,
        Purpose::Run | Purpose::Check => &[],
    };
    let tests: &[&str] = match purpose {
        Purpose::Test => system::TEST,
        Purpose::Run | Purpose::Check => &[],
    };
    let used: &[&str] = match purpose {
        Purpose::Test | Purpose::Run => system::USE,
        Purpose::Check => &[],
    };
    [system::BUILD, used, desktop, tests].concat()
}

fn toolchain(purpose: Purpose) -> Step {
    Step::new("toolchain", move || {
        let mut found = vec![version("cargo", "https://rustup.rs installs Rust.")?];
        if purpose != Purpose::Run {
            rust_component("fmt", "rustfmt")?;
            rust_component("clippy", "clippy")?;
        }
        let node = version("node", NODE_HINT)?;
        if !is_new_enough(&node) {
            return Err(Failure::new(format!(
                "Node {} is too old: the interface's build needs {}.{} or newer.",
                node.trim_start_matches("node v"),
                NODE.0,
                NODE.1
            ))
            .fix(NODE_HINT));
        }
        found.push(node);
        found.push(version(
            NPM,
            "npm comes with Node, or as the package `npm`.",
        )?);
        Ok(Note::Says(found.join(", ")))
    })
}

const NODE_HINT: &str = "Install Node 22 (20.19 is the oldest that does): https://nodejs.org/en/download, or with nvm: \
                         `nvm install 22`.";

fn version(program: &str, hint: &str) -> Result<String, Failure> {
    let printed = Invocation::new(program)
        .args(&["--version"])
        .output()
        .map_err(|failure| failure.fix(hint))?;
    let number = printed
        .split_whitespace()
        .find(|word| word.trim_start_matches('v').starts_with(char::is_numeric));
    Ok(format!("{program} {}", number.unwrap_or("?")))
}

fn is_new_enough(node: &str) -> bool {
    let mut numbers = node
        .trim_start_matches("node v")
        .split('.')
        .map_while(|number| number.parse::<u32>().ok());
    let found = numbers.next().zip(numbers.next());
    found.is_some_and(|found| found >= NODE)
}

fn rust_component(subcommand: &str, component: &str) -> Result<(), Failure> {
    Invocation::cargo(&[subcommand, "--version"])
        .output()
        .map(drop)
        .map_err(|failure| failure.fix(format!("`rustup component add {component}`")))
}

/// Stands between the tests and the web view's own driver.
fn tauri_driver(workspace: &Workspace) -> Step {
    let tools = workspace.tools();
    let program = workspace.tauri_driver();
    Step::new("tauri-driver", move || {
        let register = fs::read_to_string(tools.join(".crates.toml")).unwrap_or_default();
        if program.exists() && register.contains(&format!("\"tauri-driver {TAURI_DRIVER} ")) {
            return Ok(Note::Says(format!("{TAURI_DRIVER} is there")));
        }
        let root = tools.display().to_string();
        let install = Invocation::cargo(&["install", "tauri-driver", "--locked"]).args(&[
            "--version",
            TAURI_DRIVER,
            "--root",
            &root,
        ]);
        println!("        $ {install}");
        install.run().map(|()| Note::Done)
    })
    .fix("It comes from crates.io: is the network there?")
}

/// The vendors' own libraries, whose types the wires are held against.
fn vendor_libraries(workspace: &Workspace) -> Step {
    let list = workspace.root.join("tests/fixtures/sdk/requirements.txt");
    python_packages("vendors' libraries", workspace.sdk(), list)
}

/// A gateway as others run it, between us and a model.
fn model_gateway(workspace: &Workspace) -> Step {
    let list = workspace
        .root
        .join("tests/fixtures/gateway/requirements.txt");
    python_packages("model gateway", workspace.gateway(), list)
}

/// Language servers as people have them; clangd is a package of the system.
fn language_servers(workspace: &Workspace) -> Step {
    let home = workspace.language_servers();
    let stamp = home.join("installed.txt");
    Step::new("language servers", move || {
        let wanted = LANGUAGE_SERVERS.join(" ");
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
            return Ok(Note::Says("they are there".to_owned()));
        }
        let failed =
            |error: std::io::Error| Failure::new(format!("`{}`: {error}.", home.display()));
        fs::create_dir_all(&home).map_err(failed)?;
        let prefix = home.display().to_string();
        let install = Invocation::new(NPM)
            .args(&[
                "install",
                "--no-audit",
                "--no-fund",
                "--no-save",
                "--prefix",
                &prefix,
            ])
            .args(LANGUAGE_SERVERS);
        println!("        $ {install}");
        install.run()?;
        fs::write(&stamp, &wanted).map_err(failed)?;
        Ok(Note::Done)
    })
    .fix("npm needs its registry: is the network there?")
}

/// Packages of a list, in a Python environment of their own.
fn python_packages(name: &'static str, home: PathBuf, wanted: PathBuf) -> Step {
    let stamp = home.join("installed.txt");
    Step::new(name, move || {
        let list = fs::read_to_string(&wanted)
            .map_err(|error| Failure::new(format!("`{}`: {error}", wanted.display())))?;
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == list) {
            return Ok(Note::Says("they are there".to_owned()));
        }
        let python = home.join("bin/python").display().to_string();
        let (home, wanted) = (home.display().to_string(), wanted.display().to_string());
        Invocation::new("python3")
            .args(&["-m", "venv", "--clear", &home])
            .run()?;
        Invocation::new(python)
            .args(&[
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(&["--requirement", &wanted])
            .run()?;
        fs::write(&stamp, list)
            .map_err(|error| Failure::new(format!("`{}`: {error}", stamp.display())))?;
        Ok(Note::Done)
    })
    .fix("They come from PyPI: is the network there, and Python 3.10 or newer with `venv`?")
}

#[cfg(test)]
mod tests;
