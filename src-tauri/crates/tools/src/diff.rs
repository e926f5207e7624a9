//! What a card shows of a changed file: hunks of a line diff, bounded.

#[cfg(test)]
mod tests;

use std::time::Duration;

use serde_json::{Value, json};
use similar::{ChangeTag, DiffOp, TextDiff};

use crate::text::clip_line;

/// Unchanged lines shown around a change.
const CONTEXT_LINES: usize = 3;

/// The most lines a card gets.
const SHOWN_LINES: usize = 400;

/// Lines each of many files gets at least.
const SHORTEST: usize = 8;

/// The most bytes of one line.
const LINE_BYTES: usize = 400;

/// After this time a coarser diff is good enough.
const PATIENCE: Duration = Duration::from_millis(300);

/// A file before and after.
pub(crate) struct Change<'a> {
    /// As shown to the user.
    pub(crate) path: &'a str,
    /// None when there was none.
    pub(crate) old: Option<&'a str>,
    /// None when it is gone.
    pub(crate) new: Option<&'a str>,
    /// There was no file of this name.
    pub(crate) created: bool,
}

/// Lines added and removed, for the answer's text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) added: usize,
    pub(crate) removed: usize,
}

/// The card's details and the tally of one of `count` files, which share the
/// room of a card.
pub(crate) fn describe_one(change: &Change<'_>, count: usize) -> (Value, Tally) {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(
        change.old.unwrap_or_default(),
        change.new.unwrap_or_default(),
    );
    let tally = diff
        .ops()
        .iter()
        .filter(|op| !matches!(op, DiffOp::Equal { .. }))
        .fold(
            Tally {
                added: 0,
                removed: 0,
            },
            |tally, op| Tally {
                added: tally.added + op.new_range().len(),
                removed: tally.removed + op.old_range().len(),
            },
        );
    let mut room = (SHOWN_LINES / count.max(1)).max(SHORTEST);
    let groups = diff.grouped_ops(CONTEXT_LINES);
    let hunks: Vec<Value> = groups
        .iter()
        .map_while(|ops| hunk(&diff, ops, &mut room))
        .collect();
    let details = json!({
        "path": change.path,
        "created": change.created,
        "deleted": change.new.is_none(),
        "added": tally.added,
        "removed": tally.removed,
        "hunks": hunks,
        "truncated": room == 0,
    });
    (details, tally)
}

/// One hunk, line numbers from 1; none when there is no room left.
fn hunk<'a>(diff: &TextDiff<'a, 'a, str>, ops: &[DiffOp], room: &mut usize) -> Option<Value> {
    let first = ops.first().filter(|_| *room > 0)?;
    let mut lines = Vec::new();
    for change in ops.iter().flat_map(|op| diff.iter_changes(op)).take(*room) {
        let kind = match change.tag() {
            ChangeTag::Equal => "context",
            ChangeTag::Insert => "add",
            ChangeTag::Delete => "del",
        };
        let line = change.value().trim_end_matches(['\n', '\r']);
        let (shown, cut) = clip_line(line, LINE_BYTES);
        let text = if cut {
            format!("{shown}…")
        } else {
            shown.to_owned()
        };
        lines.push(json!({"kind": kind, "text": text}));
    }
    *room -= lines.len();
    Some(json!({
        "old_start": first.old_range().start + 1,
        "new_start": first.new_range().start + 1,
        "lines": lines,
    }))
}
