//! `sed` as a filter: printing, deleting and substituting lines. Programs
//! that write (`w`), run (`e`) or read other files (`r`) are refused.

use super::Reading;
use crate::bash::script::Leaf;

pub(super) fn read(leaf: &Leaf, reading: &mut Reading) {
    // With `-e` anywhere there is no program among the operands.
    let mut program_given = leaf
        .args()
        .iter()
        .any(|word| matches!(word.text.as_str(), "-e" | "-ne") || word.text.starts_with("--expr"));
    let mut rest = leaf.args().iter();
    while let Some(word) = rest.next() {
        match word.text.as_str() {
            "-n" | "-E" | "-r" | "-s" | "-z" | "-u" | "--quiet" | "--silent"
            | "--regexp-extended" | "-nE" | "-En" | "-nr" | "-rn" | "--posix" | "--sandbox" => {}
            "-e" | "--expression" | "-ne" => {
                let Some(program) = rest.next() else {
                    return reading.refuse(word, "an option without its value");
                };
                program_given = true;
                if !harmless(&program.text) {
                    reading.refuse(program, "this `sed` program may do more than print");
                }
            }
            text if text.starts_with("--expression=") => {
                program_given = true;
                if !harmless(text.strip_prefix("--expression=").unwrap_or_default()) {
                    reading.refuse(word, "this `sed` program may do more than print");
                }
            }
            text if text.starts_with('-') && text.len() > 1 => {
                reading.refuse(
                    word,
                    format!("the option `{text}` of `sed` is not known to be harmless"),
                );
            }
            text if program_given => reading.read(word, text),
            text => {
                program_given = true;
                if !harmless(text) {
                    reading.refuse(word, "this `sed` program may do more than print");
                }
            }
        }
    }
}

/// True for a list of addresses with `p`, `d`, `q`, `=` and `s`.
fn harmless(program: &str) -> bool {
    let mut rest = without_gathering(program.trim());
    // With both kinds the text may double with each line.
    let mut holds = [false; 2];
    loop {
        rest = rest.trim_start_matches([';', ' ', '}']);
        if rest.is_empty() {
            return holds != [true; 2];
        }
        let Some(after) = command(rest) else {
            return false;
        };
        let used = rest.get(..rest.len() - after.len()).unwrap_or_default();
        for (at, letters) in [(0, "GH"), (1, "ghx")] {
            let ends = used.trim_end().ends_with(|c| letters.contains(c));
            holds[at] |= ends && !used.contains('s');
        }
        rest = after;
    }
}

/// What follows `:a;N;$!ba;`, which gathers all lines into one.
fn without_gathering(program: &str) -> &str {
    [":a;N;$!ba;", ":a; N; $!ba; "]
        .iter()
        .find_map(|start| program.strip_prefix(start))
        .unwrap_or(program)
}

/// Reads one command; gives back what follows it.
fn command(text: &str) -> Option<&str> {
    let text = address(text)?;
    let text = match text.strip_prefix(',') {
        Some(second) => address(
            second
                .trim_start()
                .strip_prefix(['+', '~'])
                .unwrap_or(second),
        )?,
        None => text,
    };
    let text = text
        .trim_start()
        .strip_prefix('!')
        .unwrap_or(text)
        .trim_start();
    let (name, rest) = (text.chars().next()?, text.get(1..)?);
    match name {
        '{' => Some(rest),
        'p' | 'd' | 'q' | 'l' | '=' | 'P' | 'n' | 'N' | 'g' | 'G' | 'h' | 'H' | 'x' => end(rest),
        's' => {
            let delimiter = rest.chars().next().filter(char::is_ascii_punctuation)?;
            let rest = past(rest.get(1..)?, delimiter)?;
            let rest = past(rest, delimiter)?;
            end(rest.trim_start_matches([
                'g', 'p', 'i', 'I', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9',
            ]))
        }
        // The text to print goes on to the end of the line.
        'a' | 'i' | 'c' if !rest.contains('\n') && !rest.ends_with('\\') => Some(""),
        'y' => {
            let delimiter = rest.chars().next().filter(char::is_ascii_punctuation)?;
            end(past(past(rest.get(1..)?, delimiter)?, delimiter)?)
        }
        _ => None,
    }
}

fn end(rest: &str) -> Option<&str> {
    let rest = rest.trim_start();
    (rest.is_empty() || rest.starts_with([';', '}'])).then_some(rest)
}

/// A line number, `$` or `/regex/`; nothing is an address too.
fn address(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix('$') {
        return Some(rest);
    }
    if let Some(rest) = text.strip_prefix('/') {
        return past(rest, '/').map(|rest| rest.strip_prefix('I').unwrap_or(rest));
    }
    let digit = |c: char| c.is_ascii_digit();
    let rest = text.trim_start_matches(digit);
    // `first~step`
    let step = rest.strip_prefix('~').filter(|_| rest.len() < text.len());
    Some(match step {
        Some(step) if step.starts_with(digit) => step.trim_start_matches(digit),
        _ => rest,
    })
}

/// What follows the next unescaped `delimiter`. Brackets are not looked
/// into: a delimiter inside of one must be escaped here.
fn past(text: &str, delimiter: char) -> Option<&str> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '\n' => return None,
            '[' if !escaped && text.get(at..)?.split(']').next()?.contains(delimiter) => {
                return None;
            }
            c if c == delimiter && !escaped => return text.get(at + c.len_utf8()..),
            _ => escaped = c == '\\' && !escaped,
        }
    }
    None
}
