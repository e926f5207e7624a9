//! How long the gate takes over one command.

use std::path::{Path, PathBuf};
use std::time::Instant;

use permission::judge_command;

use crate::Measured;

const COMMANDS: usize = 500;
const ROUNDS: usize = 20;

/// Times of 500 of our own commands, evenly out of every labelled file, in
/// microseconds and in order. Each is the median of its rounds: what else the
/// machine does in between is none of it.
pub fn times_us() -> Measured<Vec<f64>> {
    let workspace = tempfile::tempdir()?;
    std::fs::create_dir(workspace.path().join("src"))?;
    std::fs::write(workspace.path().join("README.md"), "text\n")?;
    let all = corpus()?;
    let mixed = (0..COMMANDS).filter_map(|at| all.get(at * all.len() / COMMANDS));
    let mut times: Vec<f64> = mixed
        .map(|command| {
            let mut rounds: Vec<f64> = (0..ROUNDS)
                .map(|_| time_us(command, workspace.path()))
                .collect();
            rounds.sort_by(f64::total_cmp);
            rounds[ROUNDS / 2]
        })
        .collect();
    times.sort_by(f64::total_cmp);
    Ok(times)
}

fn time_us(command: &str, workspace: &Path) -> f64 {
    let start = Instant::now();
    std::hint::black_box(judge_command(command, workspace));
    start.elapsed().as_secs_f64() * 1e6
}

fn corpus() -> Measured<Vec<String>> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/crates/permission/test_data/bash");
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
