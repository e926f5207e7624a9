//! `jq` filters made of paths and well-known pure functions. What reads the
//! environment, other files or modules is refused.

use super::Reading;
use crate::bash::names::among;
use crate::bash::script::Leaf;
use crate::bash::word::Live;

const WORDS: &str = "IN INDEX abs add all and any arrays as ascii_downcase ascii_upcase base32 base64 base64d booleans capture ceil \
    contains csv catch dateadd debug del elif else empty end endswith explode false first flatten floor foreach from_entries fromdate \
    error gmtime input input_filename inputs leaf_paths localtime log mktime now pick pow strftime strptime trimstr try \
    fromjson getpath group_by gsub has html if implode in index indices input_line_number inside isnan \
    isvalid iterables join json keys keys_unsorted last length limit ltrimstr map map_values match max max_by min \
    min_by nan not nth null nulls numbers objects or path paths range recurse reduce reverse rindex round rtrimstr \
    scalars scan select setpath sh sort sort_by split splits sqrt startswith strings sub test text then to_entries \
    toarray todate tojson tonumber tostring transpose trim true tsv type unique unique_by uri values walk \
    with_entries";

/// Options that take no value.
const LONG: &[&str] = &[
    "--raw-output",
    "--compact-output",
    "--slurp",
    "--null-input",
    "--exit-status",
    "--sort-keys",
    "--tab",
    "--color-output",
    "--monochrome-output",
    "--join-output",
    "--raw-input",
    "--ascii-output",
    "--seq",
    "--help",
    "--version",
];
/// Texts in texts in texts are for a person to read.
const DEPTH_LIMIT: usize = 8;

pub(super) fn read(leaf: &Leaf, reading: &mut Reading) {
    let mut filter_seen = false;
    let mut rest = leaf.args().iter();
    while let Some(word) = rest.next() {
        let text = word.text.as_str();
        let short = text.strip_prefix('-').filter(|rest| !rest.is_empty());
        if LONG.contains(&text) || short.is_some_and(is_cluster) {
            continue;
        }
        if matches!(text, "--arg" | "--argjson") {
            let (name, value) = (rest.next(), rest.next());
            let named = name.is_some_and(|name| is_variable(&name.text));
            if !named || value.is_none() {
                reading.refuse(word, "a variable of `jq` without a plain name");
            }
        } else if text == "--indent" {
            if !rest.next().is_some_and(|value| is_digits(&value.text)) {
                reading.refuse(word, "an option without its value");
            }
        } else if short.is_some() {
            let why = format!("the option `{text}` of `jq` is not known to be harmless");
            reading.refuse(word, why);
        } else if filter_seen {
            reading.read(word, text);
        } else {
            filter_seen = true;
            if word.has(&Live::Glob) || !harmless(text) {
                reading.refuse(word, "this `jq` filter may read more than its input");
            }
        }
    }
}

fn is_cluster(letters: &str) -> bool {
    letters.chars().all(|c| "rcsneSCMjRa".contains(c))
}

fn is_digits(text: &str) -> bool {
    text.len() == 1 && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !name.starts_with("__")
}

/// Longer numbers may make a text of that length.
const DIGITS: usize = 6;

fn harmless(filter: &str) -> bool {
    let bare: String = filter.chars().filter(|c| *c != ' ').collect();
    if filter.matches("range").count() > 1 || bare.contains(".+.)") || bare.contains(".*.)") {
        return false;
    }
    let mut numbers = filter.split(|c: char| !c.is_ascii_digit());
    numbers.all(|digits| digits.len() <= DIGITS) && scan(filter, 0) == Some(filter.len())
}

/// Reads a filter up to its end, or to the parenthesis that closes it; gives
/// back how far that is. `None` for what is not known to be harmless.
fn scan(filter: &str, depth: usize) -> Option<usize> {
    let (mut before, mut solid) = (' ', ' ');
    let mut open: Vec<char> = Vec::new();
    let mut rest = filter;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            ')' if open.is_empty() && depth > 0 => break,
            '"' => text(rest, depth)?,
            c if c.is_ascii_alphabetic() || c == '_' => {
                let in_object = open.last() == Some(&'{');
                word(rest, before, in_object, matches!(solid, '{' | ','))?
            }
            c if c.is_ascii_digit() || " .[]{}()|,:;?+-*/%=<>!$@".contains(c) => 1,
            _ => return None,
        };
        match c {
            '{' | '(' | '[' => open.push(c),
            '}' | ')' | ']' => drop(open.pop()),
            _ => {}
        }
        before = c;
        solid = if c == ' ' { solid } else { c };
        rest = rest.get(length..)?;
    }
    Some(filter.len() - rest.len())
}

/// A text in quotes; `\(…)` in it is a filter of its own.
fn text(rest: &str, depth: usize) -> Option<usize> {
    if depth > DEPTH_LIMIT {
        return None;
    }
    let mut at = 1;
    loop {
        let left = rest.get(at..)?;
        let c = left.chars().next()?;
        at += match (c, left.as_bytes().get(1)) {
            ('"', _) => return Some(at + 1),
            ('\\', Some(b'(')) => {
                let inner = scan(left.get(2..)?, depth + 1)?;
                (left.as_bytes().get(2 + inner) == Some(&b')')).then_some(inner + 3)?
            }
            ('\\', Some(b'n' | b't' | b'r' | b'"' | b'\\' | b'/')) => 2,
            ('\\', _) => return None,
            _ => c.len_utf8(),
        };
    }
}

/// A field, a variable, a key of an object, or a known function.
fn word(rest: &str, before: char, in_object: bool, begins: bool) -> Option<usize> {
    let length = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(rest.len());
    let (name, after) = rest.split_at(length);
    let after = after.trim_start();
    // Elsewhere a colon stands between the ends of a slice.
    let key = in_object && (after.starts_with(':') || begins && after.starts_with([',', '}']));
    let fine = match before {
        '.' => true,
        // A key of an object may be a word of a condition in it as well.
        _ if name == "env" && !after.starts_with(':') => false,
        '$' => !matches!(name, "ENV" | "__loc__" | "__prog_args"),
        // With an argument it may go on for ever.
        _ if name == "recurse" && after.starts_with('(') => false,
        _ => key || among(WORDS, name),
    };
    fine.then_some(length)
}
