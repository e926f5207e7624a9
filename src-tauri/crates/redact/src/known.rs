//! Values known to be secret, such as the key of the provider in use, found
//! as they are and as JSON and addresses write them.

use std::ops::Range;

use aho_corasick::{AhoCorasick, Match};

use crate::{mark, value};

/// Exact values and their names.
pub(crate) struct KnownValues {
    automaton: AhoCorasick,
    /// By the number of the pattern.
    names: Vec<String>,
}

impl KnownValues {
    /// Nothing when no value is long enough to be hidden.
    pub fn new(values: impl IntoIterator<Item = (String, String)>) -> Option<Self> {
        let mut patterns = Vec::new();
        let mut names = Vec::new();
        for (name, value) in values {
            let value = value.trim();
            if value.chars().count() < value::MIN_CHARS {
                continue;
            }
            for spelling in spellings(value) {
                patterns.push(spelling);
                names.push(mark::fit_name(&name, value));
            }
        }
        if patterns.is_empty() {
            return None;
        }
        Some(Self {
            automaton: build(&patterns),
            names,
        })
    }

    /// All places of all values, overlapping ones too.
    pub fn find<'r>(&'r self, text: &str) -> Vec<(Range<usize>, &'r str)> {
        let found = self.automaton.find_overlapping_iter(text);
        let named = |found: Match| {
            let name = &self.names[found.pattern().as_usize()];
            (found.range(), name.as_str())
        };
        found.map(named).collect()
    }

    pub fn count(&self) -> usize {
        self.names.len()
    }
}

#[expect(
    clippy::expect_used,
    reason = "only gigabytes of values overflow an automaton"
)]
fn build(patterns: &[String]) -> AhoCorasick {
    AhoCorasick::new(patterns).expect("values fit into an automaton")
}

fn spellings(value: &str) -> Vec<String> {
    let json = serde_json::Value::from(value).to_string();
    let json = json.trim_start_matches('"');
    let json = json.strip_suffix('"').unwrap_or(json);
    let mut spellings = vec![value.to_owned(), json.to_owned(), percent_encoded(value)];
    spellings.dedup();
    spellings
}

/// RFC 3986: all but unreserved characters.
fn percent_encoded(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
