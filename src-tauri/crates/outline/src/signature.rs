//! What is told of a definition in one line: its signature and the first
//! line of its comment. Both look at a bounded piece of text around it.

use crate::definitions::Definition;
use crate::grammar::{self, Comments};
use crate::{Kind, Language};

/// Characters of a name.
const NAME_CHARS: usize = 120;

/// Characters of a signature.
const SIGNATURE_CHARS: usize = 200;

/// Bytes of source that are looked at for a signature.
const SIGNATURE_BYTES: usize = 4 * 1024;

/// Bytes of a line before a definition that may be its modifiers.
const MODIFIER_BYTES: usize = 64;

/// Characters of a comment's line.
const DOC_CHARS: usize = 120;

/// Bytes of source above a definition, or after its start, that are looked at
/// for a comment.
const DOC_BYTES: usize = 8 * 1024;

/// A comment begins so, the longest first.
const DOC_MARKS: &[&str] = &["/**", "/*", "///", "//!", "//", "*"];

/// Its name: of `A::b` in C++ the last part, and of a string what is in it.
pub(crate) fn name(one: &Definition, language: Language, source: &str) -> String {
    let text = source.get(one.name.clone()).unwrap_or_default();
    let text = match language {
        Language::Cpp => text.rsplit("::").next().unwrap_or(text),
        _ => text,
    };
    one_line(text.trim_matches(['"', '\'', '`']), NAME_CHARS)
}

/// The text up to the body, with the modifiers before it on its line and
/// without annotations.
pub(crate) fn signature(one: &Definition, source: &str) -> String {
    let start = with_modifiers(one, source);
    let end = source.floor_char_boundary(end(one, source).min(start + SIGNATURE_BYTES));
    let text = source.get(start..end).unwrap_or_default();
    let text = match one.name.start.checked_sub(start) {
        Some(name) if name < text.len() => without_annotations(text, name),
        _ => text,
    };
    let text = match one.body {
        Some(_) if one.kind != Kind::Variant => text,
        _ if one.kind == Kind::Constant => first_part(text.lines().next().unwrap_or_default()),
        _ => first_part(text),
    };
    let line = one_line(text, SIGNATURE_CHARS)
        .replace("( ", "(")
        .replace(", )", ")");
    let line = trimmed(&line, one.kind);
    match one.kind {
        // The name of a `typedef struct {…} name` stands behind the body.
        _ if one.body.is_some_and(|body| body < one.name.start) => {
            let name = source.get(one.name.clone()).unwrap_or_default();
            format!("{line} {}", one_line(name, NAME_CHARS))
        }
        Kind::Test if line.ends_with(['"', '\'', '`']) && line.contains('(') => format!("{line})"),
        _ => line.to_owned(),
    }
}

/// Of a test that has a text for a name, the end of that text.
fn end(one: &Definition, source: &str) -> usize {
    let after_name = source.as_bytes().get(one.name.end);
    match one.body {
        _ if one.kind == Kind::Test && matches!(after_name, Some(b'"' | b'\'' | b'`')) => {
            one.name.end + 1
        }
        Some(body) if one.kind != Kind::Variant => body,
        _ => one.span.end,
    }
}

/// Without what only leads to the body or to the rest of a value.
fn trimmed(line: &str, kind: Kind) -> &str {
    let is_lead = |c: char| match c {
        '{' | ':' | ';' | ',' | ' ' | '=' => true,
        '[' | '(' | '&' => kind == Kind::Constant,
        _ => false,
    };
    line.trim_end_matches(is_lead)
}

/// Words that stand before a definition on its line: `export const`, `pub`.
fn with_modifiers(one: &Definition, source: &str) -> usize {
    let start = one.span.start;
    match before(one, source) {
        Some(words) if is_modifiers(words) => start - words.len(),
        _ => start,
    }
}

/// What stands before a definition on its line, if that is short.
fn before<'a>(one: &Definition, source: &'a str) -> Option<&'a str> {
    let start = one.span.start;
    let line = (one.column <= MODIFIER_BYTES).then(|| start.saturating_sub(one.column))?;
    Some(source.get(line..start)?.trim_start())
}

fn is_modifiers(words: &str) -> bool {
    words.ends_with(' ') && words.chars().all(|c| c.is_ascii_lowercase() || c == ' ')
}

/// Leaves out `@Name(…)`, `#[…]` and `[…]` at the start of a text whose name
/// stands at `name`.
fn without_annotations(text: &str, name: usize) -> &str {
    let mut rest = text;
    loop {
        let start = rest.trim_start();
        let after = match start.as_bytes() {
            [b'@', next, ..] if next.is_ascii_alphabetic() && !start.starts_with("@interface") => {
                after_brackets(start.trim_start_matches(|c: char| {
                    c.is_alphanumeric() || matches!(c, '@' | '.' | '_' | ':')
                }))
            }
            [b'#', b'[', ..] => after_brackets(&start[1..]),
            [b'[', ..] => after_brackets(start),
            _ => return start,
        };
        if text.len() - after.len() > name {
            return start;
        }
        rest = after;
    }
}

/// What follows the brackets that a text starts with, if it does.
fn after_brackets(text: &str) -> &str {
    let mut depth = 0usize;
    let mut is_quoted = false;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'(' | b'[' if !is_quoted => depth += 1,
            b')' | b']' if !is_quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            let from = if index == 0 { 0 } else { index + 1 };
            return text.get(from..).unwrap_or_default();
        }
    }
    ""
}

/// Up to the first brace or line end that is not within parentheses.
fn first_part(text: &str) -> &str {
    let mut depth = 0usize;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b'{' | b'\n' if depth == 0 && index > 0 => return &text[..index],
            _ => {}
        }
    }
    text
}

/// The first line of the comment directly above; in Python of the docstring.
pub(crate) fn doc(one: &Definition, language: Language, source: &str) -> Option<String> {
    let found = match language {
        Language::Python => docstring(one, source),
        _ => None,
    };
    found.or_else(|| comment_above(one, grammar::comments(language), source))
}

fn docstring(one: &Definition, source: &str) -> Option<String> {
    let start = one.body?;
    let end = source.floor_char_boundary((start + DOC_BYTES).min(one.span.end));
    let text = source
        .get(start..end)?
        .trim_start_matches(['r', 'R', 'u', 'U']);
    let inside = text
        .strip_prefix("\"\"\"")
        .or_else(|| text.strip_prefix("'''"))
        .or_else(|| text.strip_prefix('"'))?;
    let line = inside.trim_start().lines().next()?;
    worth(line.trim_end_matches(['"', '\'']))
}

fn comment_above(one: &Definition, comments: Comments, source: &str) -> Option<String> {
    let words = before(one, source)?;
    if !words.is_empty() && !is_modifiers(words) {
        return None;
    }
    let line_start = one.span.start.checked_sub(one.column)?;
    let from = source.ceil_char_boundary(line_start.saturating_sub(DOC_BYTES));
    let above = source.get(from..line_start)?.strip_suffix('\n')?;
    let mut best = None;
    for line in above.rsplit('\n').map(str::trim) {
        if best.is_none() && is_annotation(line, comments) {
            continue;
        }
        let Some(text) = comment_text(line, comments) else {
            break;
        };
        best = worth(text).or(best);
        if line.starts_with("/*") {
            break;
        }
    }
    best
}

/// Annotations and decorators stand between a comment and its definition.
fn is_annotation(line: &str, comments: Comments) -> bool {
    line.starts_with('@')
        || comments == Comments::Slashes && (line.starts_with("#[") || line.starts_with('['))
}

/// What a line of a comment says; `None` when it is none.
fn comment_text(line: &str, comments: Comments) -> Option<&str> {
    let text = match comments {
        Comments::Hashes => line
            .strip_prefix('#')
            .filter(|rest| !rest.starts_with('!'))?,
        Comments::Dashes => line.strip_prefix("--")?,
        Comments::Slashes if line.ends_with("*/") && !line.starts_with('/') => line,
        Comments::Slashes => DOC_MARKS.iter().find_map(|mark| line.strip_prefix(mark))?,
    };
    let text = text.trim_end_matches("*/");
    let text = text.trim_start_matches(['#', '-', '*', '/', '!', ' ']);
    Some(without_tags(text))
}

/// `<summary>Words.</summary>` says `Words.`
fn without_tags(text: &str) -> &str {
    let Some((_, rest)) = text.strip_prefix('<').and_then(|tag| tag.split_once('>')) else {
        return text;
    };
    rest.split_once("</").map_or(rest, |(words, _)| words)
}

/// A line with words in it; rulers have none.
fn worth(line: &str) -> Option<String> {
    let has_words = line.chars().any(char::is_alphanumeric);
    has_words.then(|| one_line(line, DOC_CHARS))
}

/// The text with single blanks, cut after `limit` characters.
pub(crate) fn one_line(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        if word.is_empty() {
            continue;
        }
        if count > 0 {
            out.push(' ');
            count += 1;
        }
        for c in word.chars() {
            if count >= limit {
                out.push('…');
                return out;
            }
            out.push(c);
            count += 1;
        }
    }
    out
}
