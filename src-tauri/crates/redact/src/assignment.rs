//! Reads `name = value` as it is written in environments, settings, JSON,
//! YAML, XML, code, headers, queries and flags, when the name denotes a secret
//! and the value looks like one.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::name::kind_of;
use crate::shape::Secret;
use crate::value;

const NAME_MAX_BYTES: usize = 64;

/// What stands between a name and its value is shorter.
const LINK_MAX_BYTES: usize = 160;

/// A value is judged by its beginning, so that a text that is one long word
/// is not read anew at each name in it.
const JUDGED_MAX_BYTES: usize = 128;

/// From the end of a name to where its value begins. The group says what
/// else must be true: `quoted` wants a quoted value, `tag` a `<` before the
/// name, `flag` a `-` at its front.
const LINK: &str = r#"(?x)^
    (?:\\{0,3}["'`])? \]? [\x20\t]{0,8}
    (?:
        [?!]?:[\x20\t]*(?:&(?:'[a-z]+\x20)?)?[A-Za-z_][A-Za-z0-9_<>:.|\[\]]{0,40}[\x20\t]+=[\x20\t]+
      | (?:=>|:=|\?\?=|\|\|=|={1,3}|:)[\x20\t]*
      | ,?\s{0,40}(?:\\{0,3}["'])?value(?:\\{0,3}["'])?[\x20\t]*[:=][\x20\t]*
      | (?P<quoted>[,(]\s{0,40})
      | (?P<tag>>)
      | (?P<flag>[\x20\t]+)
    )
    (?:
        (?:[A-Za-z_][A-Za-z0-9_:.]{0,40}\([\x20\t]*)?[bBrRfFuU@]{0,2}
        (?P<quote>\\{0,3}["'`])
    )?"#;

#[expect(
    clippy::expect_used,
    reason = "the expression is a constant, compiled in a test"
)]
static LINK_PATTERN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(LINK).expect("LINK is an expression"));

/// The secret whose name holds the word at `at`.
pub(crate) fn read(text: &str, at: usize) -> Vec<Secret> {
    secret(text, at).into_iter().collect()
}

fn secret(text: &str, at: usize) -> Option<Secret> {
    let name = name_around(text, at)?;
    if !may_be_linked(text, &name) {
        return None;
    }
    let kind = kind_of(&text[name.clone()])?;
    let value = value_after(text, &name)?;
    if value::is_secret(value.judged(text), kind) {
        return Some(Secret {
            range: value.start..value.end(text),
            name: kind.word(),
        });
    }
    None
}

fn name_around(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let in_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let before = bytes[..at].iter().rev().take(NAME_MAX_BYTES);
    let after = bytes[at..].iter().take(NAME_MAX_BYTES);
    let start = at - before.take_while(in_name).count();
    let end = at + after.take_while(in_name).count();
    let start = start + escape_before(&bytes[..start], &bytes[start..at]);
    (end - start <= NAME_MAX_BYTES).then_some(start..end)
}

/// The `n` of a written `\n` is no part of the name after it.
fn escape_before(before: &[u8], name: &[u8]) -> usize {
    let is_escape = before.ends_with(b"\\") && matches!(name, [b'n' | b'r' | b't', ..]);
    usize::from(is_escape)
}

/// Most names are just words of a sentence or of code: this sees it faster
/// than the expression does.
fn may_be_linked(text: &str, name: &Range<usize>) -> bool {
    let is_skipped = |c: char| matches!(c, ' ' | '\t' | ']' | '\\' | '"' | '\'' | '`');
    let rest = text[name.end..].trim_start_matches(is_skipped);
    let is_sign = rest.starts_with(['=', ':', '?', '!', '|', ',', '(', '>', 'v', '\n', '\r']);
    let is_address = text[..name.start].ends_with("://");
    (is_sign || text[name.clone()].starts_with('-')) && !is_address
}

/// A value by its beginning.
struct Value<'t> {
    start: usize,
    /// The quote in front of it, with the backslashes before that.
    quote: Option<&'t str>,
}

fn value_after<'t>(text: &'t str, name: &Range<usize>) -> Option<Value<'t>> {
    let end = text.floor_char_boundary(text.len().min(name.end + LINK_MAX_BYTES));
    let link = LINK_PATTERN.captures(&text[name.end..end])?;
    let has = |group: &str| link.name(group).is_some();
    let is_tag = text[..name.start].ends_with('<');
    let is_flag = text[name.clone()].starts_with('-');
    let is_linked =
        (!has("quoted") || has("quote")) && (!has("tag") || is_tag) && (!has("flag") || is_flag);
    let start = name.end + link.get(0)?.end();
    let quote = link.name("quote").map(|quote| quote.as_str());
    let quote = quote.filter(|quote| is_closed(&text[start..], quote));
    is_linked.then_some(Value { start, quote })
}

impl Value<'_> {
    /// What the value is judged by; nothing where code goes on after it.
    fn judged<'t>(&self, text: &'t str) -> &'t str {
        let limit = text.len().min(self.start + JUDGED_MAX_BYTES);
        let seen = &text[..text.floor_char_boundary(limit)];
        let end = self.end(seen);
        let is_call = self.quote.is_none() && text[end..].starts_with(['(', '[', '{']);
        let value = &text[self.start..end];
        let is_short = value.chars().nth(value::MIN_CHARS - 1).is_none();
        if is_call || is_short { "" } else { value }
    }

    /// A quoted value ends with the same quote, any other with white space or
    /// a sign that ends values.
    fn end(&self, text: &str) -> usize {
        let rest = &text[self.start..];
        let Some(mark) = self.quote.and_then(|quote| quote.chars().next_back()) else {
            return self.start + rest.find(ends_value).unwrap_or(rest.len());
        };
        let inside = &rest[..rest.find(mark).unwrap_or(rest.len())];
        self.start + inside.trim_end_matches('\\').len()
    }
}

fn ends_value(c: char) -> bool {
    let is_bracket = matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>');
    let is_quote = matches!(c, '"' | '\'' | '`' | '\\');
    is_bracket || is_quote || matches!(c, ',' | ';' | '&' | '|') || c.is_whitespace()
}

/// Whether the quote ends on the same line.
fn is_closed(rest: &str, quote: &str) -> bool {
    let mark = quote.chars().next_back();
    let stops = |c: char| c == '\n' || Some(c) == mark;
    rest.find(stops)
        .is_some_and(|index| !rest[index..].starts_with('\n'))
}
