//! `cargo xtask fuzz`: libFuzzer before every function that takes bytes from
//! anybody, on stable Rust: the compiler's own coverage pass, asked for by its
//! flags. For the night, not for the gate, which replays what was kept.
//!
//! It starts from the kept inputs and writes new ones under cargo's target
//! folder only; `-merge=1` of the built program chooses which are worth keeping.

use std::path::{Path, PathBuf};

use crate::invocation::Invocation;
use crate::step::{Failure, Note, Plan, Step};
use crate::workspace::Workspace;

/// As in `tests/fuzz/src/lib.rs`; the steps want their names before it is built.
const TARGETS: &[&str] = &[
    "prepass",
    "decoder",
    "validator",
    "rules",
    "config",
    "paths",
];

const MINUTES: u64 = 10;

/// What makes an input a failure besides a broken promise.
const TIMEOUT_S: u32 = 5;
const MEMORY_MB: u32 = 2_048;
/// Longer inputs only take time: commands and files are short.
const INPUT_BYTES: u32 = 600;

/// What libFuzzer reads of a program: which edges ran, what was compared.
const COVERAGE: &str = "-Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Ccodegen-units=1 -Cdebug-assertions=on -Coverflow-checks=on";

/// What is to be fuzzed, for how long each.
#[derive(Debug, PartialEq, Eq)]
pub struct Order {
    targets: Vec<&'static str>,
    minutes: u64,
}

impl Order {
    /// Reads `[TARGET] [--minutes N]`.
    pub fn parse(arguments: &[&str]) -> Result<Self, Failure> {
        let (target, rest) = match arguments {
            [name, rest @ ..] if !name.starts_with('-') => (Some(*name), rest),
            rest => (None, rest),
        };
        let minutes = match rest {
            [] => Some(MINUTES),
            ["--minutes", minutes] => minutes.parse().ok().filter(|minutes| *minutes > 0),
            _ => None,
        };
        let minutes = minutes.ok_or_else(|| {
            Failure::new("`cargo xtask fuzz` takes `[TARGET] [--minutes N]`, N a whole number.")
        })?;
        let targets = match target {
            None => TARGETS.to_vec(),
            Some(asked) => {
                let known = TARGETS.iter().copied().find(|name| *name == asked);
                vec![known.ok_or_else(|| {
                    Failure::new(format!("There is no fuzz target `{asked}`."))
                        .fix(format!("The targets are {}.", TARGETS.join(", ")))
                })?]
            }
        };
        Ok(Self { targets, minutes })
    }
}

pub fn plan(workspace: &Workspace, order: &Order) -> Plan {
    let place = Place {
        root: workspace.root.clone(),
        target: workspace.target.join("fuzz"),
    };
    let fuzz = |target: &'static str| place.fuzz(target, order.minutes);
    Plan::new("It held: nothing crashed, hung or broke a promise.")
        .step(place.build(&order.targets))
        .steps(order.targets.iter().copied().map(fuzz))
}

#[derive(Clone)]
struct Place {
    root: PathBuf,
    /// Apart from other builds: everything here is built with coverage.
    target: PathBuf,
}

impl Place {
    fn build(&self, targets: &[&str]) -> Step {
        let place = self.clone();
        let bins: Vec<String> = targets
            .iter()
            .flat_map(|target| ["--bin", target])
            .map(str::to_owned)
            .collect();
        Step::new("build with coverage", move || {
            let host = host()?;
            let build = Invocation::cargo(&["build", "--release", "-p", "fuzz"])
                .args(&["--features", "libfuzzer", "--target", &host])
                .args(&bins)
                .env("RUSTFLAGS", COVERAGE)
                .env("CARGO_TARGET_DIR", place.target.display().to_string())
                .within(&place.root);
            println!("        $ {build}");
            build.run().map(|()| Note::Done)
        })
        .fix("libFuzzer is C++: it wants a C++ compiler, on Debian `apt-get install g++`.")
    }

    fn fuzz(&self, target: &'static str, minutes: u64) -> Step {
        let place = self.clone();
        Step::new(target, move || {
            let corpus = place.made("corpus", target)?;
            let crashes = place.made("crashes", target)?;
            let kept = place.root.join("tests/fixtures/fuzz").join(target);
            let program = place.target.join(host()?).join("release").join(target);
            let run = Invocation::new(program.display().to_string())
                .args(&[
                    format!("-max_total_time={}", minutes * 60),
                    format!("-timeout={TIMEOUT_S}"),
                    format!("-rss_limit_mb={MEMORY_MB}"),
                    format!("-max_len={INPUT_BYTES}"),
                    format!("-artifact_prefix={}/", crashes.display()),
                    "-print_final_stats=1".to_owned(),
                ])
                .args(&[corpus.display().to_string(), kept.display().to_string()])
                .within(&place.root);
            println!("        $ {run}");
            run.run()
                .map_err(|failure| failure.fix(remedy(&crashes, &kept)))?;
            Ok(Note::Says(format!(
                "found inputs are in {}",
                corpus.display()
            )))
        })
    }

    /// A folder for what a run finds.
    fn made(&self, kind: &str, target: &str) -> Result<PathBuf, Failure> {
        let folder = self.target.join(kind).join(target);
        std::fs::create_dir_all(&folder)
            .map(|()| folder.clone())
            .map_err(|error| {
                Failure::new(format!("`{}` cannot be made: {error}.", folder.display()))
            })
    }
}

/// The newest input that broke something, and what to do with it.
fn remedy(crashes: &Path, kept: &Path) -> String {
    let entries = crashes.read_dir().into_iter().flatten().flatten();
    let newest = entries
        .map(|entry| entry.path())
        .max_by_key(|path| path.metadata().and_then(|about| about.modified()).ok());
    let input = newest.unwrap_or_else(|| crashes.to_owned());
    format!(
        "The input is {}. Mend what it shows, and copy it into {}.",
        input.display(),
        kept.display()
    )
}

/// This machine's own triple. Naming it keeps coverage out of build scripts.
fn host() -> Result<String, Failure> {
    let asked = Invocation::new("rustc").args(&["--version", "--verbose"]);
    let answer = asked.output()?;
    let host = answer.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| Failure::of(&asked, "It does not name its host."))
}

#[cfg(test)]
mod tests;
