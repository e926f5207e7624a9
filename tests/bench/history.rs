//! Long sessions and large projects: the store's and the checkpoints' own
//! measuring programs, built beside the others, and read here.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use testkit::Workspace;

use crate::table::Row;
use crate::{Measured, command_line, program};

/// Tool turns in each of the sessions.
const TURNS: usize = 20;

/// Figures of one run, by name, in milliseconds or megabytes.
type Figures = BTreeMap<String, f64>;

/// A session of so many messages: opening, appending, searching it.
pub fn sessions(messages: usize) -> Measured<Vec<Row>> {
    let figures = run("long_history", &[&messages.to_string()])?;
    let row = |name, bar, unit, figure: &str| -> Measured<Row> {
        Ok(Row::at_most(name, bar, unit).measured(&[value(&figures, figure)?]))
    };
    Ok(vec![
        row(
            "store: open a long session",
            1_000.0,
            "ms",
            "open and show the last 200",
        )?,
        row("store: append to it, p99", 20.0, "ms", "append, p99")?,
        row(
            "store: search, a common word",
            100.0,
            "ms",
            "search, a word in most",
        )?,
        row(
            "store: memory, all of it read",
            400.0,
            "MB",
            "memory with all in it",
        )?,
    ])
}

/// Sessions of these sizes through the whole engine: opened as the window does,
/// then gone on with by `fam run`.
pub fn engine(sizes: &[usize]) -> Measured<Vec<Row>> {
    let mut rows = Vec::new();
    for &size in sizes {
        let home = Workspace::new();
        let folder = home.root().display().to_string();
        run("long_session", &["fill", &folder, &size.to_string()])?;
        let figures = run("long_session", &["open", &folder])?;
        let turns = command_line::resumed_turns(home, "long", &program("FAM_BIN")?, TURNS)?;
        let row = |what, bar: f64, unit, figures: &[f64]| {
            Row::at_most(format!("{what}, {size} messages"), bar, unit).measured(figures)
        };
        rows.push(row("open", 1_000.0, "ms", &[value(&figures, "open")?]));
        rows.push(row("search", 100.0, "ms", &[value(&figures, "search")?]));
        rows.push(row("memory", 400.0, "MB", &[value(&figures, "memory")?]));
        let first = Row::plain(format!("first request, {size} messages"), "ms");
        rows.push(first.measured(&[turns.first_ms]));
        rows.push(row("tool turn", 5.0, "ms", &turns.costs_ms));
        rows.push(row("its memory", 400.0, "MB", &[turns.peak_mb]));
    }
    Ok(rows)
}

/// Snapshots of a project of 10,000 files.
pub fn checkpoints() -> Measured<Vec<Row>> {
    let figures = run("ten_thousand_files", &["--quick"])?;
    Ok(vec![
        Row::plain("first checkpoint, 10,000 files", "ms")
            .measured(&[value(&figures, "first snapshot")?]),
        Row::at_most("checkpoint, nothing changed", 150.0, "ms")
            .measured(&[value(&figures, "unchanged, median")?]),
    ])
}

/// Runs a measuring program and reads its lines: `name: number unit`.
fn run(name: &str, arguments: &[&str]) -> Measured<Figures> {
    let beside = program("EMPTY_WINDOW_BIN")?;
    let path = beside.parent().unwrap_or(Path::new(".")).join(name);
    let output = Command::new(&path).args(arguments).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        return Err(format!("`{}` ended with {}: {text}", path.display(), output.status).into());
    }
    let figures = text.lines().filter_map(|line| {
        let (name, figure) = line.split_once(':')?;
        let number = figure.split_whitespace().next()?.parse().ok()?;
        Some((name.trim().to_owned(), number))
    });
    Ok(figures.collect())
}

fn value(figures: &Figures, name: &str) -> Measured<f64> {
    figures
        .get(name)
        .copied()
        .ok_or_else(|| format!("no figure `{name}` among {figures:?}").into())
}
