//! Programs that run the command in their words and add nothing to it: they
//! are as plain as that command is.

use super::{NONE, Operands, Reading, Tool, name_of, read};
use crate::bash::checks::is_plain_setting;
use crate::bash::script::Leaf;
use crate::bash::word::Word;

pub(super) const TOOLS: &[Tool] = &[
    Tool {
        names: &["timeout", "gtimeout", "nice", "stdbuf", "env"],
        operands: Operands::Own(wrapper),
        ..NONE
    },
    Tool {
        names: &["command"],
        operands: Operands::Own(command),
        ..NONE
    },
];

/// These act on the shell itself, or only when the shell reads them first.
const OF_SHELL: &[&str] = &["cd", "set", "read", "[["];

/// Where the command begins that a wrapper runs, when all before it is known.
pub(in crate::bash) fn inner_at(leaf: &Leaf) -> Option<usize> {
    let name = leaf.words.first().filter(|word| word.plain())?;
    let at = match name_of(name) {
        "timeout" | "gtimeout" => timeout(leaf)?,
        "nice" => nice(leaf),
        "stdbuf" => stdbuf(leaf),
        "env" => behind(leaf, is_plain_setting),
        "command" if !matches!(leaf.first_arg(), "-v" | "-V") => 1,
        _ => return None,
    };
    let first = leaf.words.get(at)?;
    let is_program = first.plain() && !first.quoted && !OF_SHELL.contains(&first.text.as_str());
    is_program.then_some(at)
}

/// Judges what a wrapper runs as a command of its own.
fn wrapper(leaf: &Leaf, reading: &mut Reading) {
    let Some(at) = inner_at(leaf) else {
        reading.listed = false;
        return;
    };
    let mut inner = leaf.clone();
    inner.words.drain(..at);
    *reading = read(&inner);
}

/// Where the command begins behind words that `is_own` takes for the
/// wrapper's.
fn behind(leaf: &Leaf, is_own: impl Fn(&str) -> bool) -> usize {
    let own = leaf.args().iter();
    1 + own
        .take_while(|word| word.plain() && !word.quoted && is_own(&word.text))
        .count()
}

fn timeout(leaf: &Leaf) -> Option<usize> {
    let is_option = |text: &str| {
        let kill = text.strip_prefix("--kill-after=");
        let signal = text.strip_prefix("--signal=");
        matches!(
            text,
            "--foreground" | "--preserve-status" | "--verbose" | "-v"
        ) || kill.is_some_and(is_duration)
            || signal.is_some_and(is_signal)
    };
    let mut at = behind(leaf, is_option);
    // `-k 5` and `-s KILL` take the next word.
    while let [option, value, ..] = leaf.words.get(at..).unwrap_or_default() {
        let fits = match option.text.as_str() {
            "-k" => is_duration(&value.text),
            "-s" => is_signal(&value.text),
            _ => break,
        };
        if !(fits && option.plain() && value.plain()) {
            return None;
        }
        at += 2;
    }
    let duration = leaf.words.get(at)?;
    (duration.plain() && is_duration(&duration.text)).then_some(at + 1)
}

/// `5`, `0.5s`, `2m`.
fn is_duration(text: &str) -> bool {
    let number = text.trim_end_matches(['s', 'm', 'h']);
    let is_digit = |b: u8| b.is_ascii_digit() || b == b'.';
    text.len() - number.len() <= 1 && !number.is_empty() && number.bytes().all(is_digit)
}

fn is_signal(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn nice(leaf: &Leaf) -> usize {
    let number = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        !digits.is_empty() && digits.len() < 4 && digits.bytes().all(|b| b.is_ascii_digit())
    };
    let is_one = |word: Option<&Word>, fits: &dyn Fn(&str) -> bool| {
        word.is_some_and(|word| word.plain() && fits(&word.text))
    };
    let attached = |text: &str| {
        let value = text
            .strip_prefix("-n")
            .or_else(|| text.strip_prefix("--adjustment="))
            .or_else(|| text.strip_prefix('-'));
        value.is_some_and(number)
    };
    let (first, second) = (leaf.words.get(1), leaf.words.get(2));
    if is_one(first, &|text| text == "-n") && is_one(second, &number) {
        3
    } else if is_one(first, &attached) {
        2
    } else {
        1
    }
}

/// `stdbuf -oL`: how the output is gathered before it is written.
fn stdbuf(leaf: &Leaf) -> usize {
    behind(leaf, |text| {
        ["-i", "-o", "-e", "--input=", "--output=", "--error="]
            .iter()
            .filter_map(|option| text.strip_prefix(option))
            .any(|mode| mode == "L" || is_duration(mode))
    })
}

/// `command -v NAME` only looks the name up; `command ls` runs it.
fn command(leaf: &Leaf, reading: &mut Reading) {
    match leaf.first_arg() {
        "-v" | "-V" => super::test::lookup(leaf, reading),
        _ => wrapper(leaf, reading),
    }
}
