//! Knows, for each plainly read-only program, every option it may be given
//! and what each operand means.
//!
//! An allow list down to the letter: an option, an abbreviation or an
//! operand that is not described makes the command ask.

mod archives;
mod awk;
mod find;
mod git;
mod jq;
mod literal;
mod objects;
mod sed;
mod size;
mod small;
mod table;
mod test;
mod wrapped;

pub(super) use git::SILENT;
pub(super) use wrapped::inner_at;

use super::script::Leaf;
use super::word::{Live, Word};
use protocol::Span;

/// What the operands of a program are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Operands {
    /// None at all.
    None,
    /// Text the program only prints or computes with.
    Text,
    /// Files or folders it reads.
    Paths,
    /// At most one file: a second one would be written to.
    OnePath,
    /// A pattern, then files; only files when an option gives the pattern.
    Pattern(&'static [&'static str]),
    /// Decided by a function of its own, options too.
    Own(fn(&Leaf, &mut Reading)),
}

/// One read-only program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tool {
    names: &'static [&'static str],
    /// Short options without a value.
    flags: &'static str,
    /// Short options with a value that is only text.
    values: &'static str,
    /// Short options with a value that is a file to read.
    files: &'static str,
    /// Long options without a value, or with one after `=`; blanks between.
    long: &'static str,
    /// Long options with a value that is only text.
    long_values: &'static str,
    /// Long options with a value that is a file to read.
    long_files: &'static str,
    /// `-5` is a count.
    counts: bool,
    /// No option of the real program does harm, so that a wildcard may
    /// become one.
    harmless: bool,
    operands: Operands,
}

/// A program about which nothing is known to be harmless.
const NONE: Tool = Tool {
    names: &[],
    flags: "",
    values: "",
    files: "",
    long: "",
    long_values: "",
    long_files: "",
    counts: false,
    harmless: false,
    operands: Operands::Paths,
};

/// Every plainly read-only program, by family.
const FAMILIES: &[&[Tool]] = &[
    table::TOOLS,
    archives::TOOLS,
    objects::TOOLS,
    small::TOOLS,
    git::TOOLS,
    wrapped::TOOLS,
];

/// What a leaf would do, as far as the schema of its program tells.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// The program is in the table.
    pub(crate) listed: bool,
    /// Why the command is not plainly read-only after all.
    pub(crate) refused: Vec<(Span, String)>,
    /// Files and folders it reads.
    pub(crate) reads: Vec<Operand>,
}

/// A file or folder a command reads.
#[derive(Debug, Clone)]
pub(crate) struct Operand {
    pub(crate) text: String,
    pub(crate) word: Word,
}

impl Reading {
    fn refuse(&mut self, word: &Word, why: impl Into<String>) {
        self.refused.push((word.span(), why.into()));
    }

    fn read(&mut self, word: &Word, text: &str) {
        // Input of the pipe, and nothing at all.
        if text != "-" && text != "/dev/null" {
            self.reads.push(Operand {
                text: text.to_owned(),
                word: word.clone(),
            });
        }
    }
}

/// True for a program that is described here.
pub(super) fn knows(name: &str) -> bool {
    table::TOOLS.iter().any(|tool| tool.names.contains(&name))
}

/// Reads a leaf by the schema of its program.
pub(super) fn read(leaf: &Leaf) -> Reading {
    let mut reading = Reading::default();
    let Some(first) = leaf.words.first() else {
        return reading;
    };
    let name = name_of(first);
    let Some(tool) = FAMILIES
        .iter()
        .flat_map(|family| family.iter())
        .find(|tool| tool.names.contains(&name))
        .filter(|_| first.plain())
    else {
        return reading;
    };
    reading.listed = true;
    for word in leaf.args() {
        wildcard(tool, word, &mut reading);
    }
    size::read(leaf, &mut reading);
    if let Operands::Own(own) = tool.operands {
        own(leaf, &mut reading);
        return reading;
    }
    by(tool, leaf, &mut reading);
    reading
}

/// The name of a program, which may stand in a folder of the system.
fn name_of(first: &Word) -> &str {
    ["/usr/bin/", "/bin/"]
        .iter()
        .find_map(|folder| first.text.strip_prefix(folder))
        .unwrap_or(&first.text)
}

/// Reads the arguments of a leaf by what `tool` says of them.
fn by(tool: &Tool, leaf: &Leaf, reading: &mut Reading) {
    let (operands, given) = options(tool, leaf.args(), reading);
    operands_of(tool, &operands, &given, reading);
}

/// A wildcard may become an option when a file is named like one.
fn wildcard(tool: &Tool, word: &Word, reading: &mut Reading) {
    if !word.has(&Live::Glob) {
        return;
    }
    if matches!(tool.operands, Operands::Text | Operands::Own(_)) {
        // Even a program that only prints its words then shows what a
        // folder holds.
        reading.read(word, &word.text);
    }
    // With a dot in it, only an odd file name becomes an option; whether
    // there is one is looked up with what else the wildcard matches.
    let dotted = word.text.contains('.');
    if word.starts_wild && dotted {
        reading.read(word, &word.text);
    }
    if word.starts_wild && !tool.harmless && !dotted {
        reading.refuse(word, "a file whose name begins with `-` would become an option; write `./` before the wildcard");
    } else if word.text.starts_with('-') && !wild_value(tool, &word.text) {
        reading.refuse(word, "an option with a wildcard in it");
    }
}

/// `--include=*.rs`: whatever it becomes, it stays that option's text.
fn wild_value(tool: &Tool, text: &str) -> bool {
    let option = text
        .strip_prefix("--")
        .and_then(|text| text.split_once('='));
    option.is_some_and(|(name, _)| listed(tool.long_values, name))
}

fn operands_of(tool: &Tool, operands: &[&Word], given: &[String], reading: &mut Reading) {
    let mut paths = operands;
    match tool.operands {
        Operands::Text => return,
        Operands::None => {
            if let Some(word) = operands.first() {
                reading.refuse(
                    word,
                    format!(
                        "`{}` would change something with this operand",
                        first_name(tool)
                    ),
                );
            }
            return;
        }
        Operands::OnePath => {
            if let Some(word) = operands.get(1) {
                reading.refuse(
                    word,
                    format!("`{}` writes to its second operand", first_name(tool)),
                );
            }
        }
        Operands::Pattern(options) => {
            let elsewhere = given
                .iter()
                .any(|option| options.contains(&option.as_str()));
            if !elsewhere {
                paths = operands.get(1..).unwrap_or_default();
            }
        }
        Operands::Paths | Operands::Own(_) => {}
    }
    for word in paths {
        reading.read(word, &word.text);
    }
}

/// True when `name` is one of the words of `list`.
fn listed(list: &str, name: &str) -> bool {
    list.split(' ').any(|known| known == name)
}

fn first_name(tool: &Tool) -> &'static str {
    tool.names.first().copied().unwrap_or_default()
}

/// Splits the arguments into operands and the options given; refuses every
/// option the schema does not know.
fn options<'w>(
    tool: &Tool,
    args: &'w [Word],
    reading: &mut Reading,
) -> (Vec<&'w Word>, Vec<String>) {
    let mut operands = Vec::new();
    let mut given = Vec::new();
    let mut rest = args.iter();
    while let Some(word) = rest.next() {
        let text = word.text.as_str();
        if text == "--" {
            operands.extend(rest.by_ref());
        } else if let Some(long) = text.strip_prefix("--") {
            let next = long_option(tool, long, word, reading, &mut given);
            take_value(next, &mut rest, word, reading);
        } else if text.len() > 1 && text.starts_with('-') {
            let next = cluster(tool, &text[1..], word, reading, &mut given);
            take_value(next, &mut rest, word, reading);
        } else {
            operands.push(word);
        }
    }
    (operands, given)
}

/// What an option still wants from the next word.
enum Wants {
    Nothing,
    Text,
    File,
}

fn take_value(
    wants: Wants,
    rest: &mut std::slice::Iter<'_, Word>,
    option: &Word,
    reading: &mut Reading,
) {
    if matches!(wants, Wants::Nothing) {
        return;
    }
    match rest.next() {
        None => reading.refuse(option, "an option without its value"),
        Some(word) if matches!(wants, Wants::File) => reading.read(word, &word.text),
        // Where another version of the program takes no value here, this
        // would be an option of its own.
        Some(word) if option_like(&word.text) && !is_pattern(&option.text) => {
            reading.refuse(option, "an option whose value looks like an option");
        }
        Some(_) => {}
    }
}

fn option_like(text: &str) -> bool {
    let rest = text.strip_prefix('-').unwrap_or_default();
    rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-')
}

/// `-e -x`: a pattern may begin with a dash.
fn is_pattern(option: &str) -> bool {
    option.ends_with('e') || option == "--regexp"
}

fn long_option(
    tool: &Tool,
    text: &str,
    word: &Word,
    reading: &mut Reading,
    given: &mut Vec<String>,
) -> Wants {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (text, None),
    };
    given.push(format!("--{name}"));
    if listed(tool.long, name) {
        return Wants::Nothing;
    }
    let file = listed(tool.long_files, name);
    if !file && !listed(tool.long_values, name) {
        reading.refuse(
            word,
            format!("the option `--{name}` is not known to be harmless"),
        );
        return Wants::Nothing;
    }
    match value {
        Some(value) if file => {
            reading.read(word, value);
            Wants::Nothing
        }
        Some(_) => Wants::Nothing,
        None if file => Wants::File,
        None => Wants::Text,
    }
}

fn cluster(
    tool: &Tool,
    letters: &str,
    word: &Word,
    reading: &mut Reading,
    given: &mut Vec<String>,
) -> Wants {
    if tool.counts && letters.bytes().all(|b| b.is_ascii_digit()) {
        return Wants::Nothing;
    }
    let mut rest = letters.chars();
    while let Some(letter) = rest.next() {
        given.push(format!("-{letter}"));
        if tool.flags.contains(letter) {
            continue;
        }
        let file = tool.files.contains(letter);
        if !file && !tool.values.contains(letter) {
            reading.refuse(
                word,
                format!("the option `-{letter}` is not known to be harmless"),
            );
            return Wants::Nothing;
        }
        let value = rest.as_str();
        return match (file, value) {
            (true, "") => Wants::File,
            (false, "") => Wants::Text,
            (true, value) => {
                reading.read(word, value);
                Wants::Nothing
            }
            (false, _) => Wants::Nothing,
        };
    }
    Wants::Nothing
}
