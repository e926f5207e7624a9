//! Reads the pairs of `Cookie:` and `Set-Cookie:`, hides the values that keep
//! a session, and leaves `theme=dark` and `Path=/` as they are.

use std::sync::LazyLock;

use regex::Regex;

use crate::shape::Secret;
use crate::value;

/// Servers take headers of 8 or 16 kilobytes.
const HEADER_MAX_BYTES: usize = 16 * 1024;

const NAME: &str = "session cookie";

/// The name of the header and what stands before its first pair.
const HEAD: &str = r#"(?i-u:cookie)(?:\\{0,3}["'])?[ \t]{0,4}[:=,][ \t]{0,4}(?:\\{0,3}["'`])?"#;

static HEAD_HERE: LazyLock<Regex> = LazyLock::new(|| compile(&format!("^{HEAD}")));
static NEXT_HEAD: LazyLock<Regex> = LazyLock::new(|| compile(HEAD));

/// The secrets of a header whose name ends in the word at `at`.
pub(crate) fn read(text: &str, at: usize) -> Vec<Secret> {
    let limit = text.floor_char_boundary(text.len().min(at + HEADER_MAX_BYTES));
    let Some(head) = HEAD_HERE.find(&text[at..limit]) else {
        return Vec::new();
    };
    let start = at + head.end();
    let mut secrets = Vec::new();
    let mut begin = start;
    for pair in line(&text[start..limit]).split_inclusive(';') {
        secrets.extend(value_of(pair, begin));
        begin += pair.len();
    }
    secrets
}

/// The rest of the header. The next one is read for itself, so that a text
/// full of headers is not read once for each of them.
fn line(rest: &str) -> &str {
    let rest = &rest[..NEXT_HEAD.find(rest).map_or(rest.len(), |next| next.start())];
    let end = rest.find(['\n', '"', '\'', '`', '\\']);
    &rest[..end.unwrap_or(rest.len())]
}

#[expect(clippy::expect_used, reason = "HEAD is a constant, compiled in a test")]
fn compile(source: &str) -> Regex {
    Regex::new(source).expect("HEAD is an expression")
}

fn value_of(pair: &str, begin: usize) -> Option<Secret> {
    let (name, rest) = pair.split_once('=')?;
    let ends = |c: char| c.is_whitespace() || c == ';' || c == ',';
    let value = &rest[..rest.find(ends).unwrap_or(rest.len())];
    let start = begin + name.len() + 1;
    let is_secret = value::is_random(value) && !value::is_sample(value);
    is_secret.then(|| Secret {
        range: start..start + value.len(),
        name: NAME,
    })
}
