//! Archives and compressed files: listing what they hold, and printing it.
//!
//! Whatever unpacks, packs or names a program stays unlisted. `tar` takes a
//! name with a colon for another machine, so such a name is refused.

use super::{NONE, Operands, Reading, Tool};
use crate::bash::script::Leaf;
use crate::bash::word::{Live, Word};

/// Archives and compressed files.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        names: &["tar", "gtar"],
        operands: Operands::Own(tar),
        ..NONE
    },
    Tool {
        names: &["unzip"],
        operands: Operands::Own(unzip),
        ..NONE
    },
    Tool {
        names: &["zipinfo"],
        operands: Operands::Own(zipinfo),
        ..NONE
    },
    Tool {
        names: &["zcat", "bzcat", "xzcat", "zstdcat", "lz4cat"],
        operands: Operands::Own(printed),
        ..NONE
    },
    Tool {
        names: &["gzip", "gunzip", "bzip2", "bunzip2", "xz", "unxz"],
        operands: Operands::Own(packer),
        ..NONE
    },
    Tool {
        names: &["zgrep"],
        operands: Operands::Own(zgrep),
        ..NONE
    },
];

/// Letters of a listing; the archive's name follows the cluster with `f`.
const TAR_LETTERS: &str = "tvzjJf";
const TAR_LONG: &[&str] = &[
    "--list",
    "--verbose",
    "--gzip",
    "--bzip2",
    "--xz",
    "--zstd",
    "--help",
    "--version",
];

fn tar(leaf: &Leaf, reading: &mut Reading) {
    let mut lists = false;
    let mut rest = leaf.args().iter().enumerate();
    while let Some((at, word)) = rest.next() {
        let text = word.text.as_str();
        if let Some(name) = text.strip_prefix("--file=") {
            archive(word, name, reading);
        } else if text == "--file" {
            match rest.next() {
                Some((_, name)) => archive(name, &name.text, reading),
                None => reading.refuse(word, "an option without its value"),
            }
        } else if TAR_LONG.contains(&text) {
            lists |= matches!(text, "--list" | "--help" | "--version");
        } else if let Some(letters) = cluster(text, at == 0) {
            // Only the last letter may take the next word, so that no other
            // order of letters and values is possible.
            let inner = letters.strip_suffix('f').unwrap_or(letters);
            if !letters.chars().all(|c| TAR_LETTERS.contains(c)) || inner.contains('f') {
                reading.refuse(word, "`tar` in a form that does more than list");
            }
            lists |= letters.contains('t');
            if letters.ends_with('f') {
                match rest.next() {
                    Some((_, name)) => archive(name, &name.text, reading),
                    None => reading.refuse(word, "an option without its value"),
                }
            }
        } else {
            member(word, reading);
        }
    }
    if !lists {
        refuse_leaf(leaf, reading, "`tar` that does not only list");
    }
}

/// The letters of `-tzf`, also without the dash in the first word.
fn cluster(text: &str, first: bool) -> Option<&str> {
    match text.strip_prefix('-') {
        Some(letters) => Some(letters),
        None => first.then_some(text),
    }
}

fn archive(word: &Word, name: &str, reading: &mut Reading) {
    if name.contains(':') || name.starts_with('-') && name != "-" || word.has(&Live::Glob) {
        reading.refuse(word, "an archive whose name is not plain");
    } else {
        reading.read(word, name);
    }
}

/// A name inside of the archive, which is only text.
fn member(word: &Word, reading: &mut Reading) {
    if word.has(&Live::Glob) || word.text.starts_with('-') {
        reading.refuse(word, "a name that may become an option");
    }
}

fn unzip(leaf: &Leaf, reading: &mut Reading) {
    let shows = |letters: &str| {
        letters.contains(['l', 'v', 'Z', 'z', 't', 'p'])
            && letters.chars().all(|c| "lvqZztp".contains(c))
    };
    let mut options = leaf
        .options()
        .filter_map(|word| word.text.strip_prefix('-'));
    if !options.any(shows) {
        refuse_leaf(leaf, reading, "`unzip` that does not only show");
    }
    zip(leaf, reading, |text| {
        shows(text) || text == "q" || text == "qq"
    });
}

fn zipinfo(leaf: &Leaf, reading: &mut Reading) {
    zip(leaf, reading, |text| {
        text.chars().all(|c| "12smlvhtTz".contains(c))
    });
}

/// One archive, then names in it. The program expands wildcards itself.
fn zip(leaf: &Leaf, reading: &mut Reading, known: impl Fn(&str) -> bool) {
    let mut archive_seen = false;
    for word in leaf.args() {
        let text = word.text.as_str();
        if let Some(option) = text.strip_prefix('-') {
            if archive_seen || !known(option) {
                reading.refuse(word, "an option that is not known to be harmless");
            }
        } else if archive_seen {
            member(word, reading);
        } else {
            archive_seen = true;
            if text.contains(['*', '?', '[']) {
                reading.refuse(word, "an archive whose name is not plain");
            }
            reading.read(word, text);
        }
    }
}

/// Programs that always print.
const PRINTED: Tool = Tool {
    flags: "cdfkqv",
    ..NONE
};
/// Programs that replace the file unless told to print, list or test.
const PACKER: Tool = Tool {
    flags: "cdkltqv",
    long: "stdout decompress keep list test quiet verbose help version",
    ..NONE
};

fn printed(leaf: &Leaf, reading: &mut Reading) {
    super::by(&PRINTED, leaf, reading);
}

fn packer(leaf: &Leaf, reading: &mut Reading) {
    super::by(&PACKER, leaf, reading);
    let prints = leaf.short('c') || leaf.has_arg(&["--stdout", "--help", "--version"]);
    // For some of them the last of `-d`, `-l` and `-t` counts.
    let unpacks = leaf.short('d') || leaf.has_arg(&["--decompress"]);
    let looks = leaf.short('t') || leaf.has_arg(&["--test", "--list"]) || leaf.short('l');
    // `bzip2` knows no `-l`.
    let unknown = leaf.short('l') && leaf.is(&["bzip2", "bunzip2"]);
    if unknown || !(prints || looks && !unpacks) {
        refuse_leaf(leaf, reading, "it replaces the file");
    }
}

const ZGREP: Tool = Tool {
    flags: "cEFHhilnoqsvwx",
    values: "e",
    operands: Operands::Pattern(&["-e"]),
    ..NONE
};

/// `zgrep` is a shell script that once stumbled over names with newlines.
fn zgrep(leaf: &Leaf, reading: &mut Reading) {
    super::by(&ZGREP, leaf, reading);
    for word in leaf.args() {
        if word.has(&Live::Glob) || word.text.contains(['\n', '\'', '\\', '`']) {
            reading.refuse(word, "a word that `zgrep` may misread");
        }
    }
}

fn refuse_leaf(leaf: &Leaf, reading: &mut Reading, why: &str) {
    if let Some(first) = leaf.words.first() {
        reading.refuse(first, why);
    }
}
