//! Finds the text to replace, and helps when it is not there or not alone.

#[cfg(test)]
mod tests;

use super::Input;
use crate::call::Stop;
use crate::text::{clip_line, counted};

/// How many places are named when there are several.
const PLACES: usize = 8;

/// The most lines looked through for something alike.
const NEAR_LINES: usize = 20_000;

/// How alike a line must be to be shown.
const NEAR_RATIO: f32 = 0.6;

/// The text with its replacement. Line ends follow the file: what the model
/// writes with LF also matches CRLF, and what it inserts becomes CRLF then.
pub(super) fn replaced(text: &str, name: &str, input: &Input) -> Result<String, Stop> {
    let (old, new) = match text.contains(&input.old_text) {
        true => (input.old_text.clone(), input.new_text.clone()),
        false => (with_ends_of(text, &input.old_text), with_ends_of(text, &input.new_text)),
    };
    match (text.matches(&old).count(), input.replace_all) {
        (0, _) => Err(Stop::Failed(not_there(text, name, &input.old_text))),
        (1, _) => Ok(text.replacen(&old, &new, 1)),
        (_, true) => Ok(text.replace(&old, &new)),
        (count, false) => Err(Stop::Failed(several(text, name, &old, count))),
    }
}

fn with_ends_of(text: &str, piece: &str) -> String {
    let is_crlf = text.contains("\r\n");
    if is_crlf { piece.replace("\r\n", "\n").replace('\n', "\r\n") } else { piece.replace("\r\n", "\n") }
}

fn several(text: &str, name: &str, old: &str, count: usize) -> String {
    let lines: Vec<String> = text
        .match_indices(old)
        .take(PLACES)
        .map(|(at, _)| line_of(text, at).to_string())
        .collect();
    let more = if count > PLACES { ", …" } else { "" };
    format!(
        "`old_text` stands {count} times in `{name}`, at lines {}{more}; nothing was written. Give more of the text around the one you mean, or set `replace_all`.",
        lines.join(", ")
    )
}

fn not_there(text: &str, name: &str, old: &str) -> String {
    let base = format!("`old_text` is not in `{name}`; nothing was written.");
    if let Some(at) = spaced_alike(text, old) {
        return format!("{base} At line {at} it stands with other spaces or indentation. Read it again and copy it exactly.");
    }
    match nearest(text, old) {
        Some((number, line)) => {
            format!("{base} The nearest is line {number}:\n{line}\nRead it again and copy it exactly.")
        }
        None => format!("{base} Read it again: {} are there.", counted(text.lines().count(), "line")),
    }
}

/// The line where the same words stand with other white space.
fn spaced_alike(text: &str, old: &str) -> Option<usize> {
    let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let wanted: Vec<String> = old.lines().map(squeeze).filter(|line| !line.is_empty()).collect();
    let first = wanted.first()?;
    let lines: Vec<String> = text.lines().take(NEAR_LINES).map(squeeze).collect();
    let at = lines.iter().position(|line| line == first && !line.is_empty())?;
    let rest = lines[at..].iter().filter(|line| !line.is_empty());
    rest.take(wanted.len()).eq(wanted.iter()).then_some(at + 1)
}

/// The line most like the first line of the text wanted.
fn nearest<'a>(text: &'a str, old: &str) -> Option<(usize, &'a str)> {
    let wanted = old.lines().find(|line| !line.trim().is_empty())?.trim();
    let (wanted, _) = clip_line(wanted, 200);
    let scored = text.lines().take(NEAR_LINES).enumerate().filter_map(|(index, line)| {
        let (line, _) = clip_line(line, 200);
        // A cheap test first: a diff of every line would take seconds.
        let lengths = (line.trim().len(), wanted.len());
        if lengths.0 * 2 < lengths.1 || lengths.1 * 2 < lengths.0 {
            return None;
        }
        let ratio = similar::TextDiff::from_chars(wanted, line.trim()).ratio();
        (ratio >= NEAR_RATIO).then_some((ratio, index + 1, line))
    });
    scored.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, number, line)| (number, line))
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].bytes().filter(|byte| *byte == b'\n').count() + 1
}
