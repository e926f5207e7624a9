//! One changed place of a file, found again by the lines around it.

use crate::call::Stop;
use crate::edit::{Lines, Place};
use crate::text::clip_line;

/// Line numbers listed when lines stand at several places.
const LISTED: usize = 10;

/// Bytes shown of a line that was not found.
const LINE_BYTES: usize = 160;

/// Some lines of a file that become others.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Hunk {
    /// A line that stands above, when the lines alone are not unique.
    pub(super) below: Option<String>,
    /// The line it begins at, from 1, as the maker of the patch saw it.
    pub(super) near: Option<usize>,
    /// The lines that are there, context included.
    pub(super) old: Vec<String>,
    /// The lines that take their place.
    pub(super) new: Vec<String>,
    /// It reaches to the end of the file.
    pub(super) at_end: bool,
    /// Whether the file ends in a newline then, if the patch says so.
    pub(super) final_newline: Option<bool>,
}

/// The text with all hunks applied. They stand in the order of the file.
pub(super) fn apply(text: &str, hunks: &[Hunk], name: &str) -> Result<String, Stop> {
    let lines = Lines::of(text);
    let file = File::of(lines.plain());
    let mut changes: Vec<(Place, String)> = Vec::new();
    let mut from = 0;
    for (at, hunk) in hunks.iter().enumerate() {
        let first = file.find(hunk, from).map_err(|why| {
            Stop::failed(format!(
                "Part {} of the patch for `{name}`: {why} Nothing was changed.",
                at + 1
            ))
        })?;
        changes.push(file.change(hunk, first));
        from = first + hunk.old.len();
    }
    let changes: Vec<(Place, &str)> = changes
        .iter()
        .map(|(place, new)| (place.clone(), new.as_str()))
        .collect();
    Ok(lines.rebuilt(&changes))
}

/// A text with plain line feeds, by lines.
struct File<'t> {
    text: &'t str,
    /// Without their ends.
    lines: Vec<&'t str>,
    /// Where each line begins.
    starts: Vec<usize>,
}

impl<'t> File<'t> {
    fn of(text: &'t str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let base = text.as_ptr() as usize;
        let starts = lines
            .iter()
            .map(|line| line.as_ptr() as usize - base)
            .collect();
        Self {
            text,
            lines,
            starts,
        }
    }

    /// The index of the line where the hunk begins.
    fn find(&self, hunk: &Hunk, from: usize) -> Result<usize, String> {
        let from = match &hunk.below {
            None => from,
            Some(above) => self.below(above, from)?,
        };
        if hunk.old.is_empty() {
            return self.insertion(hunk, from);
        }
        for same in [exactly as Same, but_for_blanks_at_the_end] {
            let mut places = self.places(&hunk.old, from, same);
            if hunk.at_end {
                places.retain(|first| first + hunk.old.len() == self.lines.len());
            }
            match (places.as_slice(), hunk.near, &hunk.below) {
                ([], _, _) => {}
                ([first], _, _) => return Ok(*first),
                (places, Some(near), _) => {
                    let far = |first: &&usize| first.abs_diff(near.saturating_sub(1));
                    return places
                        .iter()
                        .min_by_key(far)
                        .copied()
                        .ok_or_else(String::new);
                }
                // The first one below the line it names.
                ([first, ..], None, Some(_)) => return Ok(*first),
                (places, None, None) => return Err(ambiguous(places)),
            }
        }
        Err(self.missing(hunk, from))
    }

    /// The index of the line below the one that reads `above`.
    fn below(&self, above: &str, from: usize) -> Result<usize, String> {
        let rest = || self.lines.iter().enumerate().skip(from);
        rest()
            .find(|(_, line)| **line == above)
            .or_else(|| rest().find(|(_, line)| line.trim() == above.trim()))
            .map(|(at, _)| at + 1)
            .ok_or_else(|| {
                let (shown, _) = clip_line(above, LINE_BYTES);
                format!("The line behind `@@`, `{shown}`, is not in the rest of the file.")
            })
    }

    /// Where lines go that replace none.
    fn insertion(&self, hunk: &Hunk, from: usize) -> Result<usize, String> {
        match (hunk.at_end || self.lines.is_empty(), hunk.near, &hunk.below) {
            (true, _, _) => Ok(self.lines.len()),
            // `@@ -3,0 +4 @@`: behind line 3.
            (false, Some(near), _) if near >= from && near <= self.lines.len() => Ok(near),
            (false, None, Some(_)) => Ok(from),
            _ => {
                Err("It says where nothing goes; give context lines around what comes.".to_owned())
            }
        }
    }

    fn places(&self, wanted: &[String], from: usize, same: Same) -> Vec<usize> {
        let last = self.lines.len().saturating_sub(wanted.len());
        (from..=last)
            .filter(|first| {
                let there = self.lines.get(*first..first + wanted.len());
                there.is_some_and(|there| {
                    there
                        .iter()
                        .zip(wanted)
                        .all(|(line, wanted)| same(line, wanted))
                })
            })
            .collect()
    }

    /// Names the first line that is not where the ones before it are.
    fn missing(&self, hunk: &Hunk, from: usize) -> String {
        let longest = |first: usize| {
            let there = self.lines.iter().skip(first);
            there
                .zip(&hunk.old)
                .take_while(|(line, wanted)| but_for_blanks_at_the_end(line, wanted))
                .count()
        };
        let best = (from..self.lines.len())
            .map(|first| (longest(first), first))
            .max_by_key(|(count, first)| (*count, std::cmp::Reverse(*first)));
        let (count, first) = best.unwrap_or((0, from));
        let wanted = hunk.old.get(count).map_or("", String::as_str);
        let (wanted, _) = clip_line(wanted, LINE_BYTES);
        if count == 0 {
            return format!(
                "Its first line, `{wanted}`, is not in the rest of the file. Read the file and copy the lines exactly."
            );
        }
        let number = first + count + 1;
        match self.lines.get(first + count) {
            Some(there) => {
                let (there, _) = clip_line(there, LINE_BYTES);
                format!(
                    "It fits at line {} up to line {number}, which is `{there}` and not `{wanted}`.",
                    first + 1
                )
            }
            None => format!(
                "It fits at line {}, but the file ends before `{wanted}`.",
                first + 1
            ),
        }
    }

    /// The bytes that change, and what they become.
    fn change(&self, hunk: &Hunk, first: usize) -> (Place, String) {
        let end = first + hunk.old.len();
        let start = |line: usize| self.starts.get(line).copied().unwrap_or(self.text.len());
        let ends_bare = !self.text.is_empty() && !self.text.ends_with('\n');
        let mut new: String = hunk.new.iter().flat_map(|line| [line, "\n"]).collect();
        if end == self.lines.len() {
            // The last line keeps its end, or its want of one.
            let bare = hunk.final_newline.map_or(ends_bare, |newline| !newline);
            if bare && new.ends_with('\n') {
                new.pop();
            }
            if ends_bare && first == self.lines.len() && !hunk.new.is_empty() {
                new.insert(0, '\n');
            }
        }
        (start(first)..start(end), new)
    }
}

type Same = fn(&str, &str) -> bool;

fn exactly(line: &str, wanted: &str) -> bool {
    line == wanted
}

fn but_for_blanks_at_the_end(line: &str, wanted: &str) -> bool {
    line.trim_end() == wanted.trim_end()
}

fn ambiguous(places: &[usize]) -> String {
    let mut numbers: Vec<String> = places
        .iter()
        .take(LISTED)
        .map(|at| (at + 1).to_string())
        .collect();
    if places.len() > LISTED {
        numbers.push("…".to_owned());
    }
    format!(
        "Its lines stand at several places (lines {}). Give more context, or put a line above it behind `@@`.",
        numbers.join(", ")
    )
}
