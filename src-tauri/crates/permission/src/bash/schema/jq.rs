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
    let mut before = ' ';
    let mut rest = filter;
    while let Some(c) = rest.chars().next() {
        let length = if c == '"' {
            let Some(end) = rest.get(1..).and_then(|body| body.find('"')) else {
                return false;
            };
            // `\(…)` in a text is a filter of its own.
            if rest.get(1..=end).is_some_and(|body| body.contains('\\')) {
                return false;
            }
            end + 2
        } else if c.is_ascii_alphabetic() || c == '_' {
            let length = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            let word = rest.get(..length).unwrap_or_default();
            let key = rest
                .get(length..)
                .is_some_and(|after| after.trim_start().starts_with(':'));
            if before != '.' && before != '$' && !key && !WORDS.contains(&word) {
                return false;
            }
            if before == '$' && matches!(word, "ENV" | "__loc__" | "__prog_args") {
                return false;
            }
            length
        } else if c.is_ascii_digit() || " .[]{}()|,:;?+-*/%=<>!$@".contains(c) {
            1
        } else {
            return false;
        };
        before = c;
        rest = rest.get(length..).unwrap_or_default();
    }
    true
}
