//! Opening, making, changing, moving and counting files.

use super::{Found, Phrase};
use crate::commander::intent::{FileRef, Intent};
use crate::commander::name::{file_name, looks_like_file};

pub(super) const PHRASES: &[Phrase] = &[
    (
        &[
            "create|make|add a? new? file called|named? {file} in|inside the? {folder} folder|directory? with|containing the? content|contents|text? {text}",
            "create|make|add a? new? file called|named? {file} with|containing the? content|contents|text|line|words {text}",
            "create|make|add a? new? file called|named? {file} with|containing|saying {text}",
            "create|make|add a? new? file called|named? {file} that|which says|contains|reads {text}",
            "create|make|add a? new? file called|named? {file} and write|put {text} in|into|to it",
        ],
        |found| created(found, found.verbatim("text")),
    ),
    (
        &[
            "create|make|add a? new? empty? file called|named? {file} in|inside the? {folder} folder|directory?",
            "create|make|add a? new? empty? file called|named? {file}",
            "new file called|named? {file}",
            "touch {file}",
        ],
        |found| created(found, String::new()),
    ),
    (&["create|make {file}"], |found| {
        match found.file("file")? {
            FileRef::Named(_) => created(found, String::new()),
            FileRef::Vague(_) | FileRef::Last => None,
        }
    }),
    (
        &[
            "create|make|add a? new? folder|directory called|named? {name}",
            "mkdir {name}",
        ],
        |found| {
            Some(Intent::CreateFolder {
                name: found.new_name("name"),
            })
        },
    ),
    (
        &[
            "append|add {text+} to|at the? end|bottom of? {file}",
            "append {text+} to {file}",
            "add the line|text|words {text+} to {file}",
        ],
        |found| {
            Some(Intent::Append {
                text: text(found, "text"),
                file: found.file("file")?,
            })
        },
    ),
    (&["add|write|put {text+} to|in|into {file}"], |found| {
        let file = found.file("file")?;
        let text = text(found, "text");
        let adds = found
            .utterance
            .words()
            .first()
            .is_some_and(|word| word.plain == "add");
        match (adds, found.is_quoted("text")) {
            (true, true) => Some(Intent::Append { file, text }),
            (true, false) => None,
            (false, _) => Some(Intent::Write { file, text }),
        }
    }),
    (
        &[
            "overwrite|fill {file} with {text}",
            "set the? contents|content of {file} to {text}",
            "replace the? contents|content of {file} with|by {text}",
        ],
        |found| {
            Some(Intent::Write {
                file: found.file("file")?,
                text: found.verbatim("text"),
            })
        },
    ),
    (
        &[
            "replace|substitute all? the? occurrences|every? of? {old} with|by {new+} in the? {file}",
            "change {old} to {new+} in the? {file}",
        ],
        |found| {
            let file = Some(found.file("file")?);
            Some(Intent::Replace {
                old: text(found, "old"),
                new: text(found, "new"),
                file,
            })
        },
    ),
    (&["replace|substitute {old} with|by {new}"], |found| {
        Some(Intent::Replace {
            old: text(found, "old"),
            new: text(found, "new"),
            file: None,
        })
    }),
    (
        &["delete|remove|erase|trash the? file? {file}", "rm {file}"],
        |found| {
            Some(Intent::Delete {
                file: found.file("file")?,
            })
        },
    ),
    (
        &[
            "rename|move the? file? {file} to|into|as {to}",
            "mv {file} {to}",
        ],
        |found| {
            Some(Intent::Move {
                file: found.file("file")?,
                to: target(found),
            })
        },
    ),
    (
        &[
            "copy|duplicate the? file? {file} to|into|as {to}",
            "cp {file} {to}",
        ],
        |found| {
            Some(Intent::Copy {
                file: found.file("file")?,
                to: target(found),
            })
        },
    ),
    (
        &[
            "how many lines does|do {file} have|contain",
            "how many lines are|is there? in {file}",
            "how many lines has {file}",
            "how long is {file}",
            "count the? lines in|of {file}",
        ],
        |found| {
            Some(Intent::CountLines {
                file: found.file("file")?,
            })
        },
    ),
    (
        &["open|read|show|print|view me? lines|line {from} to|through {to} of|in|from {file}"],
        |found| lines(found, found.number("from")?, found.number("to")?),
    ),
    (
        &[
            "open|read|show|print|view me? line {from} of|in|from {file}",
            "open|go to? {file} at|on|from line {from}",
        ],
        |found| {
            let line = found.number("from")?;
            lines(
                found,
                line.saturating_sub(AROUND_LINE).max(1),
                line.saturating_add(AROUND_LINE),
            )
        },
    ),
    (
        &[
            "open|read|show|display|print|view|cat|see me? the? contents|content|text? of? the? file? {file}",
            "what is in|inside the? file? {file}",
            "what's in|inside the? file? {file}",
            "what does the? file? {file} contain|say|look like?",
            "look at|into the? file? {file}",
        ],
        |found| {
            Some(Intent::Open {
                file: found.file("file")?,
                lines: None,
            })
        },
    ),
    (&["{file}"], |found| {
        let alone = found.utterance.words().len() == 1;
        found
            .file("file")
            .filter(|_| alone)
            .map(|file| Intent::Open { file, lines: None })
    }),
    (
        &[
            "list|show|see|get me? all? the|my? files|folders|everything here?",
            "list|ls",
            "what|which files are there|here",
            "what is|'s in this|the folder|directory|project|workspace",
            "what's in this|the folder|directory|project|workspace",
            "what files do i|we have",
        ],
        |_| Some(Intent::List { folder: None }),
    ),
    (
        &[
            "list|show|see|get me? all? the|my? files|folders|everything in|inside|under|of the? {folder} folder|directory?",
            "what|which files|folders are there? in|inside|under the? {folder} folder|directory?",
            "what is|are in|inside the {folder} folder|directory",
            "what's in|inside the {folder} folder|directory",
            "list|open|show the? folder|directory called|named? {folder}",
            "list|ls the? contents? of? {folder} folder|directory?",
        ],
        |found| listed(found),
    ),
];

/// A noun may be part of a file's name. These come after everything else
/// that begins with the same words.
pub(super) const VAGUE: &[Phrase] = &[
    (
        &[
            "open|read|view the? file? {file}",
            "show me? the? file? {file}",
            "what is in|inside {file}",
            "what's in|inside {file}",
        ],
        |found| {
            let short = found.text("file").split_whitespace().count() <= VAGUE_WORDS;
            short.then(|| Intent::Open {
                file: found.any_file("file"),
                lines: None,
            })
        },
    ),
    (
        &[
            "how many lines does|do|has {file} have|contain?",
            "how long is {file}",
        ],
        |found| {
            Some(Intent::CountLines {
                file: found.any_file("file"),
            })
        },
    ),
];

/// Lines shown before and after one that was asked for.
const AROUND_LINE: u64 = 10;

/// A longer noun than this is a sentence, not a file.
const VAGUE_WORDS: usize = 4;

#[expect(
    clippy::unnecessary_wraps,
    reason = "the table's functions may find nothing"
)]
fn created(found: &Found<'_>, text: String) -> Option<Intent> {
    let text = unquoted(&text);
    let name = found.new_name("file");
    let file = FileRef::Named(match found.text("folder") {
        "" => name,
        folder => format!("{}/{name}", file_name(folder)),
    });
    Some(Intent::Create { file, text })
}

fn lines(found: &Found<'_>, from: u64, to: u64) -> Option<Intent> {
    let lines = Some((from.min(to), to.max(from)));
    Some(Intent::Open {
        file: found.file("file")?,
        lines,
    })
}

/// A file may stand where a folder could: "list main.rs" opens it.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the table's functions may find nothing"
)]
fn listed(found: &Found<'_>) -> Option<Intent> {
    let name = file_name(found.text("folder"));
    let here =
        ["here", "project", "workspace", "this", "."].contains(&name.to_lowercase().as_str());
    Some(Intent::List {
        folder: (!here).then_some(name),
    })
}

/// The new place of a file. A bare noun stays a noun: it may be a folder.
fn target(found: &Found<'_>) -> String {
    let name = file_name(found.text("to"));
    if looks_like_file(&name) {
        name
    } else {
        found.noun("to")
    }
}

fn text(found: &Found<'_>, slot: &str) -> String {
    unquoted(&found.verbatim(slot))
}

fn unquoted(text: &str) -> String {
    let pairs = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”')];
    let inside = pairs.into_iter().find_map(|(open, close)| {
        let inner = text
            .trim_end_matches(['.', '!', '?'])
            .strip_prefix(open)?
            .strip_suffix(close)?;
        (!inner.contains([open, close])).then_some(inner)
    });
    inside.unwrap_or(text).to_owned()
}
