//! Measures how long a judgement takes over a mixed corpus:
//! `cargo run --release -p permission --example five_hundred_commands`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use permission::{Decision, judge_command};

const COMMANDS: usize = 500;
const ROUNDS: usize = 20;

type Measured<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Measured<()> {
    let workspace = tempfile::tempdir()?;
    std::fs::create_dir(workspace.path().join("src"))?;
    std::fs::write(workspace.path().join("README.md"), "text\n")?;
    let all = corpus()?;
    // Evenly out of every file, so that each kind is in it.
    let mixed: Vec<&String> = (0..COMMANDS)
        .filter_map(|at| all.get(at * all.len() / COMMANDS))
        .collect();
    let plain: Vec<&String> = all
        .iter()
        .filter(|command| judge_command(command, workspace.path()).decision == Decision::Allow)
        .collect();
    report("a mixed corpus", &mixed, workspace.path())?;
    report("what runs unasked", &plain, workspace.path())
}

fn report(name: &str, commands: &[&String], workspace: &Path) -> Measured<()> {
    // The median of a command's rounds is its time: what else the machine
    // does in between is none of it.
    let mut times_us: Vec<f64> = commands
        .iter()
        .filter_map(|command| {
            let mut rounds: Vec<f64> = (0..ROUNDS).map(|_| time_us(command, workspace)).collect();
            rounds.sort_by(f64::total_cmp);
            rounds.get(ROUNDS / 2).copied()
        })
        .collect();
    times_us.sort_by(f64::total_cmp);
    let at = |part: f64| {
        let index = (times_us.len() as f64 * part) as usize;
        times_us.get(index).copied().unwrap_or_default()
    };
    writeln!(
        std::io::stdout(),
        "{name}: {} commands, median {:.0} µs, p99 {:.0} µs, longest {:.0} µs",
        commands.len(),
        at(0.5),
        at(0.99),
        times_us.last().copied().unwrap_or_default()
    )?;
    Ok(())
}

fn time_us(command: &str, workspace: &Path) -> f64 {
    let start = Instant::now();
    std::hint::black_box(judge_command(command, workspace));
    start.elapsed().as_secs_f64() * 1e6
}

fn corpus() -> Measured<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data/bash");
    let mut files: Vec<PathBuf> = Vec::new();
    for kind in ["allow", "ask", "deny"] {
        for entry in std::fs::read_dir(folder.join(kind))? {
            files.push(entry?.path());
        }
    }
    files.sort();
    let mut commands = Vec::new();
    for file in files {
        for line in std::fs::read_to_string(file)?.lines() {
            let line: serde_json::Value = serde_json::from_str(line)?;
            commands.extend(line["cmd"].as_str().map(str::to_owned));
        }
    }
    Ok(commands)
}
