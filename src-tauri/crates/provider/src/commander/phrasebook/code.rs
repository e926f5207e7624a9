//! Searching: text, uses, definitions, files, tests.

use super::{Found, Phrase};
use crate::commander::intent::{FileRef, Intent};
use crate::commander::name::{file_name, looks_like_file};

pub(super) const PHRASES: &[Phrase] = &[
    (
        &[
            "find|show|list me? all? the? uses|usages|references|occurrences|mentions|callers of|to {name+} in|inside|under the? {scope} folder|directory?",
        ],
        |found| {
            Some(Intent::Search {
                pattern: found.noun("name"),
                scope: scope(found),
            })
        },
    ),
    (
        &[
            "find|show|list me? all? the? uses|usages|references|occurrences|mentions|callers of|to {name}",
            "where is {name} used|called|mentioned",
            "find where {name} is used|called|mentioned",
            "who uses|calls {name}",
        ],
        |found| {
            Some(Intent::Uses {
                name: found.noun("name"),
            })
        },
    ),
    (
        &[
            "which|what file|files defines|define|declares|declare|implements|implement {name}",
            "where is {name} defined|declared|implemented",
            "find|show|open|go me? to? the? definition of {name}",
            "find where {name} is defined|declared|implemented",
        ],
        |found| {
            Some(Intent::Definition {
                name: found.noun("name"),
            })
        },
    ),
    (
        &[
            "how many tests does|do|has {name} have|contain?",
            "how many tests are|is there? in|for {name}",
        ],
        |found| {
            Some(Intent::CountTests {
                name: Some(found.noun("name")),
            })
        },
    ),
    (
        &[
            "how many tests are there",
            "how many tests do|does we|you|i|it|the? project? have",
            "count the? tests",
        ],
        |_| Some(Intent::CountTests { name: None }),
    ),
    (
        &[
            "search|look|grep for the? text|word|string? {pattern+} in|inside|within|under the? {scope} folder|directory?",
            "search the? {scope} folder|directory for {pattern}",
            "grep|find|search {pattern+} in|inside|within|under the? {scope} folder|directory?",
        ],
        |found| {
            Some(Intent::Search {
                pattern: pattern(found),
                scope: scope(found),
            })
        },
    ),
    (
        &[
            "search the? code|files|project|workspace|codebase for {pattern}",
            "search|look|grep for the? text|word|string? {pattern}",
        ],
        |found| {
            Some(Intent::Search {
                pattern: pattern(found),
                scope: None,
            })
        },
    ),
    (&["search {scope} for {pattern}"], |found| {
        Some(Intent::Search {
            pattern: pattern(found),
            scope: scope(found),
        })
    }),
    (&["grep|search {pattern}"], |found| {
        Some(Intent::Search {
            pattern: pattern(found),
            scope: None,
        })
    }),
    (&["show|find me? {pattern+} in the? {scope}"], |found| {
        Some(Intent::Search {
            pattern: found.noun("pattern"),
            scope: scope(found),
        })
    }),
    (
        &[
            "find|locate me? all? the? file|files called|named? {name}",
            "where is the? file? {name}",
            "where's the? file? {name}",
        ],
        |found| {
            Some(Intent::Locate {
                name: file_name(found.text("name")),
            })
        },
    ),
    (&["find|locate me? {name}"], |found| {
        match found.file("name") {
            Some(FileRef::Named(name)) => Some(Intent::Locate { name }),
            Some(_) => None,
            None => Some(Intent::Search {
                pattern: found.noun("name"),
                scope: None,
            }),
        }
    }),
];

/// Where to search; none is everywhere.
fn scope(found: &Found<'_>) -> Option<String> {
    const EVERYWHERE: &[&str] = &[
        "everywhere",
        "project",
        "code",
        "codebase",
        "workspace",
        "repository",
        "repo",
        "files",
        "all files",
        "here",
        "this project",
        "this folder",
        "every file",
        "all the files",
    ];
    let name = file_name(found.text("scope"));
    (!EVERYWHERE.contains(&name.to_lowercase().as_str())).then_some(name)
}

/// What to search; a file's name is written as files are.
fn pattern(found: &Found<'_>) -> String {
    let text = found.verbatim("pattern");
    let name = file_name(&text);
    if !found.is_quoted("pattern") && text.contains(' ') && looks_like_file(&name) {
        return name;
    }
    text
}
