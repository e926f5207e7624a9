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
mod per_file;
mod sed;
mod size;
mod small;
mod table;
mod test;
mod wrapped;

pub(super) use git::SILENT;
pub(super) use per_file::{Files, PerFile};
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
    /// The program it runs with the names of files.
    pub(crate) per_file: Option<PerFile>,
}

/// A file or folder a command reads.
#[derive(Debug, Clone)]
pub(crate) struct Operand {
    pub(crate) text: String,
    pub(crate) word: Word,
    /// It is the value of an option, not what the program works on.
    pub(crate) by_option: bool,
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
                by_option: false,
            });
        }
    }

    fn read_option(&mut self, word: &Word, text: &str) {
        let before = self.reads.len();
        self.read(word, text);
        for operand in self.reads.iter_mut().skip(before) {
            operand.by_option = true;
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
    size::read(leaf, &mut reading);
    if let Operands::Own(own) = tool.operands {
        own(leaf, &mut reading);
    } else {
        by(tool, leaf, &mut reading);
    }
    for (at, word) in leaf.args().iter().enumerate() {
        if word.has(&Live::Glob) {
            wildcard(tool, at, word, &mut reading);
        }
    }
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

/// Programs that only print their words, or do not look at them.
const SAYERS: &[&str] = &["echo", "true", "false", ":"];
/// Programs to which a second file means something else.
const SINGLE: &[&str] = &["test", "[", "xxd", "cd", "uniq", "date"];

/// A wildcard may become several words, or an option when a file is named
/// like one, so it may only stand where files are read.
fn wildcard(tool: &Tool, at: usize, word: &Word, reading: &mut Reading) {
    let name = first_name(tool);
    let says = matches!(tool.operands, Operands::Text)
        || SAYERS.contains(&name)
        || (name == "printf" && at > 0);
    if says {
        // It then shows what a folder holds.
        if !word.one_file {
            reading.read(word, &word.text);
        }
    } else if word.text.starts_with('-') {
        if !wild_value(tool, &word.text) {
            reading.refuse(word, "an option with a wildcard in it");
        }
        return;
    } else {
        let is_read = reading
            .reads
            .iter()
            .any(|one| one.word.start == word.start && one.text == word.text);
        // Of what it becomes in another place, all but the first are files.
        let becomes_files = matches!(tool.operands, Operands::Paths | Operands::Pattern(_));
        // No test of `find` has a dot in its name.
        let is_name = name == "find" && word.text.contains('.');
        let is_single = SINGLE.contains(&name) && !word.one_file;
        let fits = is_read || becomes_files || is_name;
        if !is_read && becomes_files {
            reading.read(word, &word.text);
        }
        if !fits || is_single || !word.simply_wild() {
            let why = "a wildcard where it may become something else than files to read";
            return reading.refuse(word, why);
        }
    }
    // With a dot in it, only an odd file name becomes an option; whether
    // there is one is looked up with what else the wildcard matches.
    let dotted = word.text.contains('.');
    if word.starts_wild && !tool.harmless && !dotted && !says {
        reading.refuse(word, "a file whose name begins with `-` would become an option; write `./` before the wildcard");
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
        Some(word) if word.has(&Live::Glob) && !word.one_file => {
            let why = "a wildcard as the value of an option: the next file would be an operand";
            reading.refuse(word, why);
        }
        Some(word) if matches!(wants, Wants::File) => reading.read_option(word, &word.text),
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
    option == "--regexp" || option.ends_with('e') && !option.starts_with("--")
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
            reading.read_option(word, value);
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
                reading.read_option(word, value);
                Wants::Nothing
            }
            (false, _) => Wants::Nothing,
        };
    }
    Wants::Nothing
}
