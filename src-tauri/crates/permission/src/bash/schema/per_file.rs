//! `find -exec` and `xargs`: a program run with the names of files.
//!
//! The program must be one of a few that only look at the files they are
//! given; what those files are, the check looks up.

use super::Reading;
use crate::bash::names::among;
use crate::bash::script::Leaf;
use crate::bash::word::Word;

/// Whatever words they are given, they only print them.
const SAYERS: &str = "echo basename dirname";
/// They show names, sizes and sums, not what is in a file.
const LISTERS: &str = "ls stat file du wc realpath readlink md5sum sha1sum sha256sum cksum";
/// The longest number of words at a time.
const COUNT_DIGITS: usize = 4;

/// What is run for files.
#[derive(Debug)]
pub(crate) struct PerFile {
    /// It only prints its words.
    pub(crate) says: bool,
    /// It shows nothing of what is in the files.
    pub(crate) lists: bool,
    pub(crate) files: Files,
}

/// Where the names of the files come from.
#[derive(Debug)]
pub(crate) enum Files {
    /// From `find` itself, below the folders it reads.
    Found,
    /// From the pipe; each ends with a zero byte, or else at blanks.
    Fed { by_zero: bool },
}

/// The programs that may be run, each with the letters of its options.
const PROGRAMS: &[(&str, &str)] = &[
    ("cat", "nbsAET"),
    ("head", "qv"),
    ("tail", "qv"),
    ("wc", "lwcmL"),
    ("nl", ""),
    ("grep", "nHhlLcoiwxEFvqs"),
    ("egrep", "nHhlLcoiwxvqs"),
    ("fgrep", "nHhlLcoiwxvqs"),
    ("ls", "la1htS"),
    ("stat", ""),
    ("file", "bi"),
    ("du", "hsck"),
    ("realpath", ""),
    ("md5sum", ""),
    ("sha1sum", ""),
    ("sha256sum", ""),
    ("cksum", ""),
    ("echo", "n"),
    ("basename", "a"),
    ("dirname", ""),
];

/// Reads the words of a command that is given file names where `mark` stands,
/// or behind them; gives back whether it only prints them, or only shows what
/// is around the files.
fn program(words: &[Word], mark: Option<&str>) -> Option<(bool, bool)> {
    let first = words.first()?;
    let (_, letters) = PROGRAMS.iter().find(|(name, _)| *name == first.text)?;
    let is_mark = |word: &Word| mark.is_some_and(|mark| word.text == mark);
    // A mark in the middle of a word is replaced as well.
    let is_other = |word: &Word| {
        let hides = mark.is_some_and(|mark| word.text.contains(mark)) && !is_mark(word);
        hides || !word.plain()
    };
    if words.iter().any(is_other) || first.quoted {
        return None;
    }
    let mut rest = words.iter().skip(1).peekable();
    while let Some(option) = rest.next_if(|word| word.text.starts_with('-')) {
        let given = option.text.trim_start_matches('-');
        let is_count = !given.is_empty() && given.bytes().all(|b| b.is_ascii_digit());
        let takes = match (first.text.as_str(), option.text.as_str()) {
            ("head" | "tail", "-n" | "-c") => rest.next().is_some_and(|word| is_number(&word.text)),
            ("stat", "-c") => rest.next().is_some_and(|word| !word.text.starts_with('-')),
            ("head" | "tail", _) if is_count => true,
            _ => given.chars().all(|letter| letters.contains(letter)) && !given.is_empty(),
        };
        if !takes {
            return None;
        }
    }
    // Of the words themselves only a pattern is left, and it stands first.
    let has_pattern =
        !first.text.ends_with("grep") || rest.next().is_some_and(|word| !is_mark(word));
    let says = among(SAYERS, &first.text);
    let fits = says || has_pattern && rest.all(is_mark);
    fits.then(|| (says, among(LISTERS, &first.text)))
}

fn is_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    !digits.is_empty() && digits.len() <= COUNT_DIGITS && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Reads what stands behind `-exec`; false when it is not plain.
pub(super) fn find_exec<'w>(
    words: &mut impl Iterator<Item = &'w Word>,
    reading: &mut Reading,
) -> bool {
    let mut command: Vec<Word> = Vec::new();
    for word in words.by_ref() {
        let is_last = command.last().is_some_and(|word| word.text == "{}");
        if word.text != ";" && !(word.text == "+" && is_last) {
            command.push(word.clone());
            continue;
        }
        let given = command.iter().any(|word| word.text == "{}");
        let found = program(&command, Some("{}")).filter(|_| given && reading.per_file.is_none());
        reading.per_file = found.map(|(says, lists)| PerFile {
            says,
            lists: says || lists,
            files: Files::Found,
        });
        return reading.per_file.is_some() && words.next().is_none();
    }
    false
}

/// `xargs` with a plain program; alone it prints its input.
pub(super) fn xargs(leaf: &Leaf, reading: &mut Reading) {
    let mut rest = leaf.args();
    let mut by_zero = false;
    let mut mark = None;
    while let [word, more @ ..] = rest {
        let text = word.text.as_str();
        if !text.starts_with('-') {
            break;
        }
        rest = more;
        let value = match text {
            "-0" | "--null" => {
                by_zero = true;
                continue;
            }
            "-r" | "--no-run-if-empty" | "-t" => continue,
            "-n" | "-L" | "-P" | "-I" => {
                let Some((value, more)) = rest.split_first() else {
                    return reading.listed = false;
                };
                rest = more;
                value.text.as_str()
            }
            _ => text.get(2..).unwrap_or_default(),
        };
        let is_count = value.len() <= COUNT_DIGITS && value.bytes().all(|b| b.is_ascii_digit());
        match text.get(..2) {
            Some("-I") if matches!(value, "{}" | "%" | "@") => mark = Some(value),
            Some("-n" | "-L") if is_count && !value.is_empty() => {}
            Some("-P") if is_count && value.len() == 1 && value != "0" => {}
            _ => return reading.listed = false,
        }
    }
    if rest.is_empty() {
        return;
    }
    let found = program(rest, mark);
    reading.listed = found.is_some();
    reading.per_file = found.map(|(says, lists)| PerFile {
        says,
        lists: says || lists,
        files: Files::Fed { by_zero },
    });
}
