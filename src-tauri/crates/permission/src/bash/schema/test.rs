//! Builtins and small programs whose operands need a rule of their own.

use super::Reading;
use crate::bash::lex::condition::{OF_FILE, OF_FILES, OF_NUMBERS, terms};
use crate::bash::script::{Leaf, LeafKind};
use crate::bash::word::Live;

/// Tests of one text, and words between operands.
const OTHER: &[&str] = &[
    "-n", "-z", "-t", "!", "=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-a", "-o",
];
/// Longer sleeps are for the user to allow.
const SLEEP_LIMIT_S: f64 = 60.0;

/// `test …` and `[ … ]`. `-v` and `-R` evaluate subscripts and are refused.
pub(super) fn read(leaf: &Leaf, reading: &mut Reading) {
    let mut args = leaf.args();
    if leaf.is(&["["]) {
        match args.split_last() {
            Some((last, rest)) if last.text == "]" && last.plain() => args = rest,
            _ => {
                if let Some(word) = leaf.words.first() {
                    reading.refuse(word, "`[` without its `]`");
                }
                return;
            }
        }
    }
    let mut rest = args.iter().peekable();
    while let Some(word) = rest.next() {
        let text = word.text.as_str();
        let next_compares = rest
            .peek()
            .is_some_and(|next| OF_FILES.contains(&next.text.as_str()));
        if next_compares {
            reading.read(word, text);
        } else if OF_FILE.contains(&text) || OF_FILES.contains(&text) {
            if let Some(file) = rest.next() {
                reading.read(file, &file.text);
            }
        } else if text.starts_with('-')
            && text.len() > 1
            && !OTHER.contains(&text)
            && !text[1..].bytes().all(|b| b.is_ascii_digit())
        {
            reading.refuse(
                word,
                format!("the test `{text}` is not known to be harmless"),
            );
        } else if text.contains('[') || text == "(" || text == ")" {
            reading.refuse(word, "a subscript in a test may run a command");
        }
    }
}

/// `[[ … ]]`. Numbers are compared by evaluating them, so they must be some.
pub(super) fn condition(leaf: &Leaf, reading: &mut Reading) {
    let words = leaf.args().split_last();
    let terms = words
        .filter(|(last, _)| leaf.kind == LeafKind::Condition && last.text == "]]")
        .and_then(|(_, words)| terms(words));
    let Some(terms) = terms else {
        reading.listed = false;
        return;
    };
    for term in terms {
        let files = OF_FILE.contains(&term.operator) || OF_FILES.contains(&term.operator);
        let numbers = term.operator == "-t" || OF_NUMBERS.contains(&term.operator);
        for word in term.operands {
            let digits = word.text.strip_prefix('-').unwrap_or(&word.text);
            if files {
                reading.read(word, &word.text);
            } else if numbers && !(word.plain() && digits.bytes().all(|b| b.is_ascii_digit())) {
                reading.refuse(word, "a number in `[[` is evaluated");
            }
        }
    }
}

/// `printf FORMAT …` without `-v` and without `%n`, which store.
pub(super) fn printf(leaf: &Leaf, reading: &mut Reading) {
    let mut args = leaf.args().iter();
    let Some(mut format) = args.next() else {
        return;
    };
    if format.text == "--" {
        match args.next() {
            Some(word) => format = word,
            None => return,
        }
    } else if format.text.starts_with('-') {
        return reading.refuse(format, "`printf` with an option stores into a variable");
    }
    for conversion in format.text.split('%').skip(1) {
        let (width, rest) = conversion.split_at(
            conversion
                .find(|c: char| !"0123456789.-+ #*".contains(c))
                .unwrap_or(conversion.len()),
        );
        let known = rest.starts_with(|c: char| "sdibqcxXoufgeEG".contains(c))
            || conversion.is_empty()
            || rest.is_empty();
        if !known || width.len() > WIDTH_LIMIT || width.contains('*') {
            return reading.refuse(
                format,
                "a `printf` conversion that is not known to be harmless",
            );
        }
    }
}

/// A wider field only fills the memory.
const WIDTH_LIMIT: usize = 4;

/// `cd FOLDER`, nothing more.
pub(super) fn cd(leaf: &Leaf, reading: &mut Reading) {
    let Some(first) = leaf.words.first() else {
        return;
    };
    let args = leaf.args();
    let args = if args.first().is_some_and(|word| word.text == "--") {
        &args[1..]
    } else {
        args
    };
    match args {
        [folder]
            if !folder.text.starts_with('-')
                && !folder.has(&Live::Glob)
                && !folder.text.is_empty() =>
        {
            reading.read(folder, &folder.text);
        }
        [] => reading.refuse(first, "`cd` alone leaves the workspace"),
        _ => reading.refuse(first, "`cd` with more than a folder"),
    }
}

/// `command -v NAME`: only looks the name up.
pub(super) fn lookup(leaf: &Leaf, reading: &mut Reading) {
    let [option, names @ ..] = leaf.args() else {
        reading.listed = false;
        return;
    };
    if !matches!(option.text.as_str(), "-v" | "-V")
        || names.iter().any(|name| name.text.starts_with('-'))
    {
        reading.listed = false;
    }
}

/// `date` that only shows: an operand without `+` would set the clock.
pub(super) fn date(leaf: &Leaf, reading: &mut Reading) {
    let mut rest = leaf.args().iter();
    while let Some(word) = rest.next() {
        match word.text.as_str() {
            "-u" | "--utc" | "-R" | "--rfc-email" | "-I" | "--iso-8601" | "--help"
            | "--version" => {}
            "-d" | "--date" => {
                rest.next();
            }
            "-r" | "--reference" => match rest.next() {
                Some(file) => reading.read(file, &file.text),
                None => reading.refuse(word, "an option without its value"),
            },
            text if text.starts_with('+') || text.starts_with("--date=") => {}
            text if [
                "-Iseconds",
                "-Idate",
                "-Ihours",
                "-Iminutes",
                "-Ins",
                "--iso-8601=seconds",
            ]
            .contains(&text) => {}
            text => reading.refuse(
                word,
                format!("`date {text}` may set the clock or read a file"),
            ),
        }
    }
}

/// A short pause.
pub(super) fn sleep(leaf: &Leaf, reading: &mut Reading) {
    for word in leaf.args() {
        let seconds = word
            .text
            .strip_suffix('s')
            .unwrap_or(&word.text)
            .parse::<f64>();
        if !seconds.is_ok_and(|seconds| (0.0..=SLEEP_LIMIT_S).contains(&seconds)) {
            reading.refuse(word, "a pause of more than a minute");
        }
    }
}

/// `ps` without the forms that show environments.
pub(super) fn processes(leaf: &Leaf, reading: &mut Reading) {
    const FORMS: &[&str] = &[
        "aux", "-aux", "-ef", "-e", "-A", "-f", "-a", "-l", "-ely", "-eF", "ax", "-ax", "-x", "x",
        "ux", "u", "--forest", "-u",
    ];
    for word in leaf.args() {
        let column = word.text.strip_prefix("--sort=").is_some_and(|key| {
            key.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"%-+,".contains(&b))
        });
        if !column && !FORMS.contains(&word.text.as_str()) {
            reading.refuse(word, "`ps` in a form that may show environments");
        }
    }
}

/// Whatever the words are, they are only text.
pub(super) fn anything(_leaf: &Leaf, _reading: &mut Reading) {}
