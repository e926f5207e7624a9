//! The arguments of git and of forge programs, as far as they matter here:
//! which word is a message, which a file with one, which a name, and which
//! only says where something is on this machine.

use std::path::{Path, PathBuf};

use permission::{DecodedCommand, DecodedWord};

/// One argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Argument {
    /// A text that is published.
    Message { option: String, text: String },
    /// A file with such a text; `-` is what the command reads.
    File { option: String, path: String },
    /// Any other value that is published.
    Value { option: String, text: String },
    /// An operand.
    Name(String),
    /// An option without a value.
    Flag(String),
    /// A word that bash would still replace.
    Unknown(DecodedWord),
}

/// How the value of an option is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Message,
    File,
    Value,
    /// A commit whose message is taken over, or what is never published.
    Local,
}

/// All arguments behind a verb.
pub(super) struct Arguments {
    pub all: Vec<Argument>,
}

/// Long options with a value, for every verb.
const LONG: &[(&str, Meaning)] = &[
    ("--message", Meaning::Message),
    ("--body", Meaning::Message),
    ("--title", Meaning::Message),
    ("--description", Meaning::Message),
    ("--notes", Meaning::Message),
    ("--file", Meaning::File),
    ("--body-file", Meaning::File),
    ("--notes-file", Meaning::File),
    ("--template", Meaning::File),
    ("--author", Meaning::Value),
    ("--trailer", Meaning::Value),
    ("--push-option", Meaning::Value),
    ("--head", Meaning::Value),
    ("--label", Meaning::Value),
    ("--milestone", Meaning::Value),
    ("--field", Meaning::Value),
    ("--raw-field", Meaning::Value),
    ("--create", Meaning::Value),
    ("--orphan", Meaning::Value),
    ("--reuse-message", Meaning::Local),
    ("--reedit-message", Meaning::Local),
    ("--fixup", Meaning::Local),
    ("--squash", Meaning::Local),
    ("--date", Meaning::Local),
    ("--cleanup", Meaning::Local),
    ("--pathspec-from-file", Meaning::Local),
    ("--repo", Meaning::Local),
    ("--base", Meaning::Local),
    ("--target-branch", Meaning::Local),
    ("--assignee", Meaning::Local),
    ("--reviewer", Meaning::Local),
    ("--receive-pack", Meaning::Local),
    ("--exec", Meaning::Local),
    ("--local-user", Meaning::Local),
    ("--strategy", Meaning::Local),
    ("--into-name", Meaning::Value),
];

/// Every folder a command may run in, its own `-C` included.
pub(super) fn folders(one: &DecodedCommand, otherwise: &Path) -> Vec<PathBuf> {
    let mut folders = one.folders.clone();
    if folders.is_empty() {
        folders.push(otherwise.to_owned());
    }
    let end = verb_at(&one.words).unwrap_or(one.words.len());
    let globals = one.words.get(1..end).unwrap_or_default();
    for pair in globals.windows(2).filter(|pair| pair[0].text == "-C") {
        for folder in &mut folders {
            *folder = folder.join(&pair[1].text);
        }
    }
    folders
}

/// Where the verb of git stands among its words.
pub(super) fn verb_at(words: &[DecodedWord]) -> Option<usize> {
    let mut index = 1;
    while let Some(word) = words.get(index) {
        match word.text.as_str() {
            "-C" | "-c" | "--git-dir" | "--work-tree" | "--namespace" | "--config-env"
            | "--exec-path" | "--super-prefix" => index += 2,
            text if text.starts_with('-') => index += 1,
            _ => return Some(index),
        }
    }
    None
}

/// Short options with a value.
fn short(verb: &str, letter: char) -> Option<Meaning> {
    Some(match (verb, letter) {
        ("commit" | "tag" | "merge" | "commit-tree" | "notes", 'm') => Meaning::Message,
        ("commit" | "tag" | "merge" | "commit-tree" | "notes", 'F') => Meaning::File,
        ("commit", 't') => Meaning::File,
        ("commit", 'C' | 'c') | ("commit-tree", 'p') | ("tag", 'u') | ("merge", 's' | 'X') => {
            Meaning::Local
        }
        ("switch", 'c' | 'C') | ("checkout" | "worktree", 'b' | 'B') => Meaning::Value,
        ("push", 'o') => Meaning::Value,
        ("forge", 't' | 'b' | 'd' | 'm' | 'n') => Meaning::Message,
        ("forge", 'F') => Meaning::File,
        ("forge", 'f' | 'l' | 'H' | 's') => Meaning::Value,
        ("forge", 'R' | 'B' | 'a' | 'r') => Meaning::Local,
        _ => return None,
    })
}

impl Arguments {
    /// Reads the words behind a verb; `forge` stands for all of `gh` and its
    /// like.
    pub fn read(verb: &str, words: &[DecodedWord]) -> Self {
        let end = words.iter().position(|word| word.text == "--");
        let (before, after) = words.split_at(end.unwrap_or(words.len()));
        let mut all = Vec::new();
        let mut rest = before.iter();
        while let Some(word) = rest.next() {
            match option(verb, word) {
                Some(found) => all.extend(with_value(found, word, &mut rest)),
                None => all.push(plain(word)),
            }
        }
        // Behind `--` git takes paths; only a push takes names there.
        if verb == "push" || verb == "forge" {
            all.extend(after.iter().skip(1).map(operand));
        }
        Self { all }
    }

    /// The first word that is not known and would be published.
    pub fn unknown(&self) -> Option<&DecodedWord> {
        self.all.iter().find_map(|argument| match argument {
            Argument::Unknown(word) => Some(word),
            _ => None,
        })
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().filter_map(|argument| match argument {
            Argument::Name(name) => Some(name.as_str()),
            _ => None,
        })
    }

    pub fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all.iter().filter_map(|argument| match argument {
            Argument::Value { option, text } => Some((option.as_str(), text.as_str())),
            _ => None,
        })
    }

    pub fn has_flag(&self, flags: &[&str]) -> bool {
        self.all.iter().any(|argument| match argument {
            Argument::Flag(flag) => flags.contains(&flag.as_str()),
            _ => false,
        })
    }

    /// The message is given, or taken over from a commit.
    pub fn has_message(&self) -> bool {
        let given = self.all.iter().any(|argument| {
            matches!(argument, Argument::Message { .. })
                || matches!(argument, Argument::File { option, .. } if !is_template(option))
        });
        let taken = [
            "--reuse-message",
            "-C",
            "--fixup",
            "--squash",
            "--no-edit",
            "--dry-run",
            "--help",
            "-h",
        ];
        given || self.has_flag(&taken)
    }

    /// A tag with a message.
    pub fn is_annotated(&self) -> bool {
        self.has_flag(&["-a", "-s", "--annotate", "--sign"])
    }

    /// The names of branches that a command makes.
    pub fn new_names(&self, verb: &str) -> Vec<&str> {
        let made: Vec<&str> = self.values().map(|(_, text)| text).collect();
        if verb != "branch" {
            return made;
        }
        let moves = ["-m", "-M", "-c", "-C", "--move", "--copy"];
        let looks = [
            "-d",
            "-D",
            "--delete",
            "-l",
            "--list",
            "-a",
            "-r",
            "--show-current",
            "-v",
            "-vv",
        ];
        if self.has_flag(&looks) {
            return Vec::new();
        }
        if self.has_flag(&moves) {
            return self.names().last().into_iter().collect();
        }
        self.names().take(1).collect()
    }
}

fn is_template(option: &str) -> bool {
    matches!(option, "-t" | "--template")
}

/// A word that is no option with a value.
fn plain(word: &DecodedWord) -> Argument {
    let is_flag = word.known && word.text.starts_with('-') && word.text.len() > 1;
    if is_flag {
        Argument::Flag(word.text.clone())
    } else {
        operand(word)
    }
}

/// An option, the flags it is clustered with, and its value.
fn with_value<'a>(
    (option, meaning, attached): (String, Meaning, Option<String>),
    word: &DecodedWord,
    rest: &mut impl Iterator<Item = &'a DecodedWord>,
) -> Vec<Argument> {
    let cluster = option
        .strip_prefix('-')
        .filter(|text| !text.starts_with('-'));
    let flags = cluster
        .into_iter()
        .flat_map(|text| text.chars().rev().skip(1));
    let mut all: Vec<Argument> = flags
        .map(|flag| Argument::Flag(format!("-{flag}")))
        .collect();
    let value = match attached {
        Some(text) => Some(DecodedWord {
            text,
            known: word.known,
        }),
        None => rest.next().cloned(),
    };
    all.extend(value.map(|value| meant(option, meaning, value)));
    all
}

fn operand(word: &DecodedWord) -> Argument {
    if word.known {
        Argument::Name(word.text.clone())
    } else {
        Argument::Unknown(word.clone())
    }
}

/// The option a word is, how its value is meant, and the value when it is
/// part of the word.
fn option(verb: &str, word: &DecodedWord) -> Option<(String, Meaning, Option<String>)> {
    let text = word.text.as_str();
    if text.starts_with("--") {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (text, None),
        };
        // Git takes every abbreviation that is not ambiguous.
        let fits = |long: &&(&str, Meaning)| {
            long.0 == name || (name.len() > 4 && long.0.starts_with(name))
        };
        let (_, meaning) = LONG.iter().find(fits)?;
        return Some((name.to_owned(), *meaning, value));
    }
    let cluster = text.strip_prefix('-')?;
    for (at, letter) in cluster.char_indices() {
        if let Some(meaning) = short(verb, letter) {
            let end = at + letter.len_utf8();
            let attached = cluster.get(end..).filter(|rest| !rest.is_empty());
            let option = format!("-{}", cluster.get(..end).unwrap_or_default());
            return Some((option, meaning, attached.map(str::to_owned)));
        }
        if !letter.is_ascii_alphabetic() {
            return None;
        }
    }
    None
}

fn meant(option: String, meaning: Meaning, value: DecodedWord) -> Argument {
    let option = match option
        .strip_prefix('-')
        .filter(|text| !text.starts_with('-'))
    {
        Some(cluster) => format!("-{}", cluster.chars().last().unwrap_or_default()),
        None => option,
    };
    if meaning == Meaning::Local {
        return Argument::Flag(option);
    }
    if !value.known {
        return Argument::Unknown(value);
    }
    let text = value.text;
    match meaning {
        Meaning::Message => Argument::Message { option, text },
        Meaning::File => Argument::File { option, path: text },
        Meaning::Value | Meaning::Local => Argument::Value { option, text },
    }
}
