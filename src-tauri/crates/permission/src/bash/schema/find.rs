//! `find`: starting folders, then an expression of harmless primaries.

use super::{Reading, per_file};
use crate::bash::script::Leaf;

/// Primaries that stand alone.
const ALONE: &[&str] = &[
    "!",
    "(",
    ")",
    ",",
    "-a",
    "-and",
    "-o",
    "-or",
    "-not",
    "-depth",
    "-d",
    "-daystart",
    "-empty",
    "-executable",
    "-false",
    "-ls",
    "-mount",
    "-nogroup",
    "-nouser",
    "-noleaf",
    "-print",
    "-print0",
    "-prune",
    "-quit",
    "-readable",
    "-true",
    "-warn",
    "-nowarn",
    "-writable",
    "-xdev",
];

/// Primaries followed by one text.
const WITH_TEXT: &[&str] = &[
    "-amin",
    "-atime",
    "-cmin",
    "-ctime",
    "-mmin",
    "-mtime",
    "-used",
    "-fstype",
    "-gid",
    "-group",
    "-ilname",
    "-iname",
    "-inum",
    "-ipath",
    "-iregex",
    "-iwholename",
    "-links",
    "-lname",
    "-maxdepth",
    "-mindepth",
    "-name",
    "-path",
    "-perm",
    "-printf",
    "-regex",
    "-regextype",
    "-size",
    "-type",
    "-uid",
    "-user",
    "-wholename",
    "-xtype",
    "-newermt",
    "-newerat",
    "-newerct",
];

/// Primaries followed by a file whose times are read.
const WITH_FILE: &[&str] = &["-newer", "-anewer", "-cnewer", "-samefile"];

pub(super) fn read(leaf: &Leaf, reading: &mut Reading) {
    let mut rest = leaf
        .args()
        .iter()
        .skip_while(|word| matches!(word.text.as_str(), "-H" | "-P"))
        .peekable();
    while let Some(word) = rest.next_if(|word| !word.text.starts_with(['-', '(', '!', ','])) {
        reading.read(word, &word.text);
    }
    while let Some(word) = rest.next() {
        let text = word.text.as_str();
        if ALONE.contains(&text) {
            continue;
        }
        if text == "-exec" {
            if !per_file::find_exec(&mut rest, reading) {
                reading.refuse(word, format!("`find {text}` runs a program"));
                return;
            }
            continue;
        }
        let file = WITH_FILE.contains(&text);
        if !file && !WITH_TEXT.contains(&text) {
            reading.refuse(word, format!("`find {text}` is not known to be harmless"));
            continue;
        }
        match rest.next() {
            None => reading.refuse(word, format!("`find {text}` lacks its value")),
            Some(value) if file => reading.read(value, &value.text),
            Some(_) => {}
        }
    }
}
