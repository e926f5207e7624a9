//! `jq` filters made of paths and well-known pure functions. What reads the
//! environment, other files or modules is refused.

use super::Reading;
use crate::bash::script::Leaf;

const WORDS: &[&str] = &[
    "add",
    "all",
    "and",
    "any",
    "ascii_downcase",
    "ascii_upcase",
    "as",
    "contains",
    "del",
    "elif",
    "else",
    "empty",
    "end",
    "endswith",
    "false",
    "first",
    "flatten",
    "from_entries",
    "group_by",
    "has",
    "if",
    "index",
    "inside",
    "join",
    "keys",
    "keys_unsorted",
    "last",
    "length",
    "limit",
    "ltrimstr",
    "map",
    "map_values",
    "max",
    "max_by",
    "min",
    "min_by",
    "not",
    "null",
    "or",
    "paths",
    "range",
    "recurse",
    "reduce",
    "reverse",
    "rtrimstr",
    "select",
    "sort",
    "sort_by",
    "split",
    "startswith",
    "test",
    "then",
    "to_entries",
    "tojson",
    "tonumber",
    "tostring",
    "true",
    "type",
    "unique",
    "unique_by",
    "values",
    "with_entries",
    "walk",
    "fromjson",
    "csv",
    "tsv",
    "json",
    "text",
    "base64",
];

pub(super) fn read(leaf: &Leaf, reading: &mut Reading) {
    let mut filter_seen = false;
    for word in leaf.args() {
        let text = word.text.as_str();
        match text {
            "--raw-output"
            | "--compact-output"
            | "--slurp"
            | "--null-input"
            | "--exit-status"
            | "--sort-keys"
            | "--tab"
            | "--color-output"
            | "--monochrome-output"
            | "--join-output"
            | "--raw-input" => {}
            _ if text.starts_with("--") => reading.refuse(
                word,
                format!("the option `{text}` of `jq` is not known to be harmless"),
            ),
            _ if text.len() > 1
                && text.starts_with('-')
                && text[1..].chars().all(|c| "rcsneSCMjRa".contains(c)) => {}
            _ if text.starts_with('-') && text.len() > 1 => {
                reading.refuse(
                    word,
                    format!("the option `{text}` of `jq` is not known to be harmless"),
                );
            }
            _ if filter_seen => reading.read(word, text),
            _ => {
                filter_seen = true;
                if !harmless(text) {
                    reading.refuse(word, "this `jq` filter may read more than its input");
                }
            }
        }
    }
}

fn harmless(filter: &str) -> bool {
    let (mut before, mut solid) = (' ', ' ');
    let mut open: Vec<char> = Vec::new();
    let mut rest = filter;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '"' => text(rest),
            c if c.is_ascii_alphabetic() || c == '_' => {
                let in_object = open.last() == Some(&'{') && matches!(solid, '{' | ',');
                word(rest, before, in_object)
            }
            c if c.is_ascii_digit() || " .[]{}()|,:;?+-*/%=<>!$@".contains(c) => Some(1),
            _ => None,
        };
        let Some(length) = length else { return false };
        match c {
            '{' | '(' | '[' => open.push(c),
            '}' | ')' | ']' => drop(open.pop()),
            _ => {}
        }
        before = c;
        solid = if c == ' ' { solid } else { c };
        rest = rest.get(length..).unwrap_or_default();
    }
    true
}

/// A text in quotes; `\(…)` in it would be a filter of its own.
fn text(rest: &str) -> Option<usize> {
    let end = rest.get(1..)?.find('"')?;
    (!rest.get(1..=end)?.contains('\\')).then_some(end + 2)
}

/// A field, a variable, a key of an object, or a known function.
fn word(rest: &str, before: char, in_object: bool) -> Option<usize> {
    let length = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(rest.len());
    let (name, after) = rest.split_at(length);
    let key = after.trim_start().starts_with(':')
        || (in_object && after.trim_start().starts_with([',', '}']));
    let fine = match before {
        '.' => true,
        '$' => !matches!(name, "ENV" | "__loc__" | "__prog_args"),
        _ => key || WORDS.contains(&name),
    };
    fine.then_some(length)
}
