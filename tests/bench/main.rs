//! The figures of the built programs beside their bars, in one table, run by
//! `cargo xtask bench`. A missed bar is printed and fails nothing, since
//! machines differ; a figure that cannot be taken at all is an error.

#![allow(
    clippy::print_stdout,
    reason = "a command-line tool: its output is what it is for"
)]

mod command_line;
mod decision;
mod desktop;
mod history;
mod process;
mod sandbox;
mod table;
mod window;

use std::path::PathBuf;
use std::process::ExitCode;

use table::{Row, Table};

pub type Measured<T> = Result<T, Box<dyn std::error::Error>>;

const TURNS: usize = 50;
/// Just below the most tool calls that one turn may make.
const MANY_TURNS: usize = 990;
const STARTS: usize = 20;

fn main() -> ExitCode {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let window_rounds = if is_quick { 1 } else { 3 };
    let sizes: &[usize] = match is_quick {
        true => &[1_000, 10_000],
        false => &[1_000, 10_000, 100_000],
    };
    let most = sizes[sizes.len() - 1];
    let mut table = Table::default();
    table.take("tool turns of `fam run`", turns);
    table.take("many tool turns of `fam run`", many_turns);
    table.take("start of `fam run`", start);
    table.take("memory of the app", || memory(window_rounds));
    table.take("a long session", || history::sessions(most));
    table.take("sessions of growing length", || history::engine(sizes));
    table.take("checkpoints", history::checkpoints);
    table.take("the gate", decisions);
    table.take("the sandbox", confined);
    print!("{table}");
    match table.is_complete() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn turns() -> Measured<Vec<Row>> {
    let run = command_line::tool_turns(&program("FAM_BIN")?, TURNS)?;
    Ok(vec![
        Row::at_most("cost per tool turn", 5.0, "ms").measured(&run.costs_ms),
        Row::at_most("peak memory of that run", 16.0, "MB").measured(&[run.peak_mb]),
        Row::at_most("first request, all tools in it", 18.0, "KB").measured(&[run.first_body_kb]),
    ])
}

/// The cost of a turn must not grow with the conversation.
fn many_turns() -> Measured<Vec<Row>> {
    let run = command_line::tool_turns(&program("FAM_BIN")?, MANY_TURNS)?;
    let last = &run.costs_ms[run.costs_ms.len() - TURNS..];
    Ok(vec![
        Row::at_most("cost per tool turn, the last of 990", 5.0, "ms").measured(last),
        Row::plain("peak memory of 990 turns", "MB").measured(&[run.peak_mb]),
    ])
}

fn start() -> Measured<Vec<Row>> {
    let starts = command_line::starts(&program("FAM_BIN")?, STARTS)?;
    let row = Row::at_most("process start to first request", 20.0, "ms");
    Ok(vec![row.measured(&starts)])
}

fn decisions() -> Measured<Vec<Row>> {
    let times = decision::times_us()?;
    let slowest = times[times.len() * 99 / 100];
    Ok(vec![
        Row::at_most("judging a command, median of 500", 150.0, "µs")
            .measured(&[times[times.len() / 2]]),
        Row::at_most("judging a command, p99 of 500", 2000.0, "µs").measured(&[slowest]),
    ])
}

fn confined() -> Measured<Vec<Row>> {
    let fam = program("FAM_BIN")?;
    let folder = fam.parent().unwrap_or(std::path::Path::new("."));
    let row = Row::at_most("sandbox, added to a command", 10.0, "ms");
    Ok(vec![row.measured(&sandbox::added_ms(folder)?)])
}

fn memory(rounds: usize) -> Measured<Vec<Row>> {
    let empty_window = program("EMPTY_WINDOW_BIN")?;
    let familiar = program("FAMILIAR_BIN")?;
    let (mut empty, mut full) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        empty.push(window::memory_mb(&empty_window, window::Shows::OneWindow)?);
        full.push(window::memory_mb(&familiar, window::Shows::WindowAndPet)?);
    }
    let times: Vec<f64> = full
        .iter()
        .zip(&empty)
        .map(|(full, empty)| full / empty)
        .collect();
    Ok(vec![
        Row::plain("empty Tauri window, all processes", "MB").measured(&empty),
        Row::plain("app with pet, all processes", "MB").measured(&full),
        Row::at_most("app with pet / empty window", 1.2, "×").measured(&times),
    ])
}

/// `cargo xtask bench` says where the built programs are.
fn program(variable: &str) -> Measured<PathBuf> {
    let path = std::env::var_os(variable)
        .map(PathBuf::from)
        .ok_or_else(|| format!("{variable} is not set; run `cargo xtask bench`"))?;
    if !path.is_file() {
        return Err(format!("`{}` is not there; run `cargo xtask bench`", path.display()).into());
    }
    Ok(path)
}
