//! Names: a name that fits anything says nothing, and a second generation
//! beside the first is a choice put off.

use super::{File, complaints, hold};

const VAGUE: &[&str] = &[
    "util", "utils", "common", "helper", "helpers", "misc", "manager", "managers", "service",
    "services", "legacy", "v2",
];

/// The last words of a type's name that make it vague.
const VAGUE_ENDINGS: &[&str] = &["Manager", "Service", "Helper", "Helpers", "Util", "Utils"];

fn file_names(file: &File) -> Vec<String> {
    let parts = file.path.split('/').map(|part| {
        let stem = part.split_once('.').map_or(part, |(stem, _)| stem);
        stem.to_ascii_lowercase()
    });
    parts
        .filter(|stem| stem.split(['_', '-']).any(|word| VAGUE.contains(&word)))
        .map(|stem| format!("`{stem}` says nothing: name it after its one job"))
        .collect()
}

fn type_names(file: &File) -> Vec<String> {
    let words: Vec<&str> = file
        .text
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .collect();
    words
        .windows(2)
        .filter(|pair| matches!(pair[0], "struct" | "enum" | "trait" | "class" | "interface"))
        .map(|pair| pair[1])
        .filter(|name| VAGUE_ENDINGS.iter().any(|ending| name.ends_with(ending)))
        .map(|name| format!("`{name}` says nothing: name it after its one job"))
        .collect()
}

#[test]
fn files_are_named_after_their_job() {
    hold(&["rs", "ts", "svelte"], file_names);
    let check = |path: &str, count: usize| {
        assert_eq!(complaints(path, "", file_names), count, "{path}");
    };
    check("src-tauri/crates/common/src/lib.rs", 1);
    check("src-tauri/src/window_utils.rs", 1);
    check("ui/src/chat/sessionManager.ts", 0);
    check("ui/src/chat/session-manager.ts", 1);
    check("src-tauri/src/turn_v2.rs", 1);
    check("src-tauri/crates/tools/src/bash.rs", 0);
}

#[test]
fn types_are_named_after_their_job() {
    hold(&["rs", "ts", "svelte"], type_names);
    let bad = format!("pub struct Session{};", "Manager");
    assert_eq!(complaints("a.rs", &bad, type_names), 1);
    let fine = "pub struct Session; // the manager of nothing";
    assert_eq!(complaints("a.rs", fine, type_names), 0);
}
