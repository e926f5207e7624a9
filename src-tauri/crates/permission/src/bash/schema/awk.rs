//! `awk` that only prints: fields, numbers, texts and comparisons. Pipes,
//! redirections, calls and `getline` are refused, and `>` with them.

use super::Reading;
use crate::bash::names::among;
use crate::bash::script::Leaf;

/// Variables and keywords that are not plain lower-case names.
const WORDS: &str = "NF NR FNR FILENAME FS OFS ORS RS BEGIN END SUBSEP";
/// What may stand before a parenthesis.
const CALLS: &str = "print printf if length tolower toupper substr index int split sprintf sub gsub match sqrt in else";
/// Loops, which may never end, and new functions.
const REFUSED: &str = "while for do function func extension bindtextdomain";

pub(super) fn read(leaf: &Leaf, reading: &mut Reading) {
    let mut program_seen = false;
    let mut rest = leaf.args().iter();
    while let Some(word) = rest.next() {
        let text = word.text.as_str();
        if !program_seen && text == "-F" {
            rest.next();
        } else if !program_seen && text.starts_with("-F") {
            continue;
        } else if !program_seen && text == "-v" {
            if !rest.next().is_some_and(|word| is_setting(&word.text)) {
                reading.refuse(word, "a variable of `awk` with more than a plain value");
            }
        } else if text.starts_with('-') && text.len() > 1 {
            reading.refuse(
                word,
                format!("the option `{text}` of `awk` is not known to be harmless"),
            );
        } else if program_seen && text.contains('=') {
            reading.refuse(word, "an assignment among the operands of `awk`");
        } else if program_seen {
            reading.read(word, text);
        } else {
            program_seen = true;
            if !harmless(text) {
                reading.refuse(word, "this `awk` program may do more than print");
            }
        }
    }
}

/// `name=value` with nothing in it that `awk` would evaluate.
fn is_setting(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, value)| {
        let is_own = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        (is_own || matches!(name, "OFS" | "FS" | "ORS" | "RS"))
            && value
                .chars()
                .all(|c| c.is_alphanumeric() || " _.,:;-".contains(c))
    })
}

/// Never, however the rest of the program reads.
const NEVER: &[&str] = &[
    "system", "getline", "@", "close", "fflush", "load", "ENVIRON", "ARGV", "PROCINFO", "SYMTAB",
];

fn harmless(program: &str) -> bool {
    let bare: String = program.chars().filter(|c| *c != ' ').collect();
    // `$(…) =`, and a `%` that goes on in another text.
    let grows = bare.contains(")=") && bare.contains("$(") && !bare.contains(")==");
    if grows || bare.contains("%\"") || bare.contains("^=") {
        return false;
    }
    if NEVER.iter().any(|word| program.contains(word)) || huge_field(program) {
        return false;
    }
    let mut slashes = Slashes::default();
    // A comparison can only be one where nothing prints yet: after `print`
    // the same sign names a file.
    let compares = program.split('{').next().unwrap_or_default().len();
    // Within parentheses it is always one, as far as they are not disputed.
    let mut depth = 0_usize;
    let is_plain = !program.contains('/');
    let mut rest = program;
    let mut before = Before::Operator;
    while let Some(c) = rest.chars().next() {
        let at = program.len() - rest.len();
        let eaten = match c {
            '"' => text(rest),
            // Behind a parenthesis awk itself must know which one it is.
            '/' if before == Before::Parenthesis => None,
            '/' if before == Before::Operator => regex(rest),
            c if c.is_ascii_alphabetic() || c == '_' => word(rest),
            ' '
            | '{'
            | '}'
            | '('
            | ')'
            | '['
            | ']'
            | ','
            | ';'
            | '$'
            | '+'
            | '-'
            | '*'
            | '/'
            | '%'
            | '^'
            | '='
            | '!'
            | '<'
            | '~'
            | '.'
            | '?'
            | ':'
            | '0'..='9' => Some(1),
            '>' if at < compares || (depth > 0 && is_plain && !rest.starts_with(">>")) => Some(1),
            '&' if rest.starts_with("&&") => Some(2),
            '|' if rest.starts_with("||") => Some(2),
            _ => None,
        };
        let Some(piece) = eaten.and_then(|length| rest.get(..length)) else {
            return false;
        };
        slashes.see(c, piece);
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        before = match c {
            ' ' => before,
            ')' => Before::Parenthesis,
            ']' | '0'..='9' | '"' => Before::Value,
            c if c.is_ascii_alphabetic() && !KEYWORDS.contains(&piece) => Before::Value,
            _ => Before::Operator,
        };
        rest = rest.get(piece.len()..).unwrap_or_default();
    }
    !slashes.disputed()
}

/// Whether another reading of the slashes could put a text's end elsewhere:
/// a pattern begun by one slash may swallow a quote and end in a text, and
/// what follows there would be code.
#[derive(Default)]
struct Slashes {
    in_text: bool,
    outside: bool,
    /// A text holds what would print elsewhere if it were code.
    acts: bool,
}

impl Slashes {
    fn see(&mut self, first: char, piece: &str) {
        if first == '"' {
            self.in_text |= piece.contains('/');
            self.acts |= piece.contains(['|', '>']);
        } else {
            self.outside |= piece.contains('/');
        }
    }

    fn disputed(&self) -> bool {
        self.in_text && self.outside && self.acts
    }
}

/// `$99999999`, `NF=99999999`: a record that fills memory.
fn huge_field(program: &str) -> bool {
    let sized = program.contains("NF") || program.contains('$');
    let assigned = program
        .split("NF")
        .skip(1)
        .map(|rest| rest.trim_start().trim_start_matches(['+', '*']))
        .any(|rest| rest.starts_with('=') && !rest.starts_with("=="));
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
    let field = program.split('$').skip(1).any(|rest| digits(rest) > 4);
    sized && (assigned || field)
}

/// What stands before a `/`: it decides between division and pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Operator,
    Value,
    Parenthesis,
}

/// Words that are no values.
const KEYWORDS: &[&str] = &["print", "printf", "if", "else", "in", "next", "exit"];

fn word(text: &str) -> Option<usize> {
    let length = text
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(length);
    if name == "for" {
        return goes_through(rest).then_some(length);
    }
    if rest.trim_start().starts_with('(') {
        return among(CALLS, name).then_some(length);
    }
    let variable = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !among(REFUSED, name);
    (variable || among(WORDS, name)).then_some(length)
}

/// `(key in array)`: the one loop that always ends.
fn goes_through(rest: &str) -> bool {
    let head = rest
        .trim_start()
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(')'));
    let Some((head, _)) = head else { return false };
    let names: Vec<&str> = head.split_ascii_whitespace().collect();
    let is_name = |name: &str| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    matches!(names.as_slice(), [key, "in", array] if is_name(key) && is_name(array))
}

/// A text in quotes; a backslash may only stand before the usual letters.
fn text(rest: &str) -> Option<usize> {
    quoted(rest, '"', &['n', 't', '\\', '"', '/'])
}

/// A regular expression. Where awk might read a division instead, its body
/// would be code: so it may hold nothing that code could do harm with.
fn regex(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1);
    let mut in_brackets = false;
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                let (_, next) = chars.next()?;
                let plain = if in_brackets {
                    ESCAPES_IN_BRACKETS
                } else {
                    ESCAPES
                };
                if !plain.contains(next) {
                    return None;
                }
            }
            // Some versions of awk end a pattern at a slash in brackets and
            // others do not; quotes and nested brackets are read as oddly.
            '/' | '[' if in_brackets => return None,
            ']' if in_brackets => {
                // `[]…]` and `[^]…]`: the first one belongs to the set.
                if rest.get(..at)?.ends_with(['[', '^']) {
                    return None;
                }
                in_brackets = false;
            }
            '[' => in_brackets = true,
            '/' => return Some(at + 1),
            '\n' | '"' | '|' | '>' | '(' | '`' | ']' => return None,
            _ => {}
        }
    }
    None
}

const ESCAPES: &str = "./[]*+?^${}\\t-:#swdb";
const ESCAPES_IN_BRACKETS: &str = "./t-";

fn quoted(rest: &str, close: char, escapes: &[char]) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                let (_, next) = chars.next()?;
                if !escapes.contains(&next) {
                    return None;
                }
            }
            '\n' => return None,
            c if c == close => return Some(at + 1),
            _ => {}
        }
    }
    None
}
