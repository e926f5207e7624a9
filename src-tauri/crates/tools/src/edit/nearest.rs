//! Helps a model whose `old_text` is not in the file: shows the lines it
//! probably meant.

use std::time::{Duration, Instant};

use similar::TextDiff;

use crate::text::clip_line;

/// Lines compared at most; a longer file gets no such help.
const LINES_COMPARED: usize = 20_000;

/// How long the comparison may take.
const PATIENCE: Duration = Duration::from_millis(300);

/// Lines shown at most.
const LINES_SHOWN: usize = 12;

/// Bytes compared and shown of one line.
const LINE_BYTES: usize = 300;

/// How alike two lines must be to be worth showing.
const LIKENESS: f32 = 0.6;

/// Why `wanted` was not found in `content`, and what is there instead.
pub(super) fn explain(content: &str, wanted: &str, name: &str) -> String {
    let start = format!("`old_text` is not in `{name}`; nothing was changed.");
    let lines: Vec<&str> = content.lines().collect();
    let wanted: Vec<&str> = wanted.lines().collect();
    if let Some(at) = same_but_for_spaces(&lines, &wanted) {
        let shown = excerpt(&lines, at, wanted.len());
        return format!("{start} Lines that differ only in spaces or indentation:\n{shown}");
    }
    match most_alike(&lines, &wanted) {
        Some(at) => format!(
            "{start} The nearest lines are:\n{}",
            excerpt(&lines, at, wanted.len())
        ),
        None => format!("{start} Read the file and copy the text exactly."),
    }
}

fn same_but_for_spaces(lines: &[&str], wanted: &[&str]) -> Option<usize> {
    let bare = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let wanted: Vec<String> = wanted.iter().map(|line| bare(line)).collect();
    let first = wanted.first().filter(|line| !line.is_empty())?;
    let fits = |at: &usize| {
        let window = lines.get(*at..*at + wanted.len());
        window.is_some_and(|window| {
            window
                .iter()
                .zip(&wanted)
                .all(|(line, wanted)| bare(line) == *wanted)
        })
    };
    (0..lines.len().min(LINES_COMPARED))
        .filter(|at| bare(lines[*at]) == *first)
        .find(fits)
}

/// Where the first meaningful line of `wanted` has its best likeness.
fn most_alike(lines: &[&str], wanted: &[&str]) -> Option<usize> {
    if lines.len() > LINES_COMPARED {
        return None;
    }
    let (skipped, first) = wanted
        .iter()
        .enumerate()
        .find(|(_, line)| !line.trim().is_empty())?;
    let first = clip_line(first.trim(), LINE_BYTES).0;
    let limit = Instant::now() + PATIENCE;
    let mut best = (LIKENESS, None);
    for (at, line) in lines.iter().enumerate() {
        let line = clip_line(line.trim(), LINE_BYTES).0;
        if line.len() > 2 * first.len() || first.len() > 2 * line.len() {
            continue;
        }
        let ratio = TextDiff::from_chars(first, line).ratio();
        if ratio > best.0 {
            best = (ratio, Some(at));
        }
        if Instant::now() > limit {
            break;
        }
    }
    best.1.map(|at| at.saturating_sub(skipped))
}

fn excerpt(lines: &[&str], at: usize, count: usize) -> String {
    let shown = lines
        .iter()
        .enumerate()
        .skip(at)
        .take(count.clamp(1, LINES_SHOWN));
    shown
        .map(|(index, line)| format!("{:>6}\t{}\n", index + 1, clip_line(line, LINE_BYTES).0))
        .collect()
}
