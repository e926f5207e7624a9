//! Rust sources: sizes, opening words, leftovers, tasks without an owner, and
//! modules that nobody declared.

use std::collections::BTreeSet;
use std::path::Path;

use super::{File, complaints, files, hold};

const MAX_LINES: usize = 600;
const OPENING_MAX_LINES: usize = 12;

fn sizes(file: &File) -> Vec<String> {
    let count = file.text.lines().count();
    let is_beside_code = file.path.starts_with("src-tauri/") && file.is_test();
    if count <= MAX_LINES || is_beside_code {
        return Vec::new();
    }
    vec![format!("{count} lines; {MAX_LINES} is the limit")]
}

/// Every module says at its top what it is for. Tests beside code need no
/// words of their own: the module above them has said it.
fn opening(file: &File) -> Vec<String> {
    if file.path.starts_with("src-tauri/") && file.is_test() {
        return Vec::new();
    }
    let count = file
        .text
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .count();
    match count {
        0 => vec!["opens without `//!`: say what it is for".to_owned()],
        1..=OPENING_MAX_LINES => Vec::new(),
        _ => vec![format!("opens with {count} lines; a few are enough")],
    }
}

fn module_style(file: &File) -> Vec<String> {
    if file.stem() == "mod" {
        return vec!["use `name.rs` beside `name/`, not `mod.rs`".to_owned()];
    }
    Vec::new()
}

/// Words are put together here so that this file does not hold them.
fn leftovers(file: &File) -> Vec<String> {
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("HA", "CK"),
        concat!("XX", "X"),
    ];
    let calls = [
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("#[ig", "nore"),
        concat!("dbg", "!("),
    ];
    file.text
        .lines()
        .enumerate()
        .filter_map(|(index, line)| {
            let comment = line.split_once("//").map_or("", |(_, comment)| comment);
            let mark = marks.iter().find(|mark| has_word(comment, mark));
            let call = calls.iter().find(|call| line.contains(**call));
            let found = mark.or(call)?;
            Some(format!("line {}: `{found}`", index + 1))
        })
        .collect()
}

pub fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|part| part == word)
}

fn ownerless_tasks(file: &File) -> Vec<String> {
    let calls = [
        concat!("tokio::", "spawn("),
        concat!("tokio::task::", "spawn("),
    ];
    let found = calls.iter().filter(|call| file.text.contains(**call));
    found
        .map(|call| format!("`{call}…)`: a task needs an owner (JoinSet, TaskTracker)"))
        .collect()
}

#[test]
fn files_stay_small() {
    hold(&["rs"], sizes);
    let long = "//! long\n".repeat(MAX_LINES + 1);
    assert_eq!(complaints("src-tauri/src/a.rs", &long, sizes), 1);
    assert_eq!(complaints("tests/it/a.rs", &long, sizes), 1);
    assert_eq!(complaints("src-tauri/src/a/tests.rs", &long, sizes), 0);
}

#[test]
fn modules_open_with_what_they_are_for() {
    hold(&["rs"], opening);
    assert_eq!(complaints("a.rs", "use std::fs;\n", opening), 1);
    assert_eq!(complaints("a.rs", "// words\n", opening), 1);
    assert_eq!(complaints("a.rs", "//! Words.\n", opening), 0);
    assert_eq!(complaints("a.rs", &"//! Words.\n".repeat(13), opening), 1);
}

#[test]
fn no_module_hides_in_mod_rs() {
    hold(&["rs"], module_style);
    assert_eq!(complaints("src-tauri/src/a/mod.rs", "", module_style), 1);
}

#[test]
fn nothing_is_left_for_later() {
    hold(&["rs"], leftovers);
    let bad = format!("let a = 1; // {}: more\n", concat!("TO", "DO"));
    assert_eq!(complaints("a.rs", &bad, leftovers), 1);
    let bad = format!("    {})\n", concat!("todo", "!("));
    assert_eq!(complaints("a.rs", &bad, leftovers), 1);
    let fine = format!("let word = \"{}\";\n", concat!("TO", "DO"));
    assert_eq!(complaints("a.rs", &fine, leftovers), 0);
}

#[test]
fn every_task_has_an_owner() {
    hold(&["rs"], ownerless_tasks);
    let bad = format!("{}run());", concat!("tokio::", "spawn("));
    assert_eq!(complaints("a.rs", &bad, ownerless_tasks), 1);
    let fine = "self.tasks.spawn(run());";
    assert_eq!(complaints("a.rs", fine, ownerless_tasks), 0);
}

/// A file that no `mod` line names is never compiled: its tests pass by not
/// being there.
#[test]
fn no_source_is_forgotten() {
    let files = files(&["rs"]);
    let roots = crate_roots();
    let forgotten: Vec<&str> = files
        .iter()
        .filter(|file| !roots.contains(&file.path))
        .filter(|file| !is_declared(file, &files))
        .map(|file| file.path.as_str())
        .collect();
    assert!(forgotten.is_empty(), "no `mod` line names {forgotten:?}");
}

#[test]
fn a_forgotten_source_is_seen() {
    let file = |path: &str, text: &str| File {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let files = [
        file("tests/it/main.rs", "mod one;\npub mod two;\n"),
        file("tests/it/one.rs", "mod part;\n"),
        file("tests/it/two.rs", ""),
        file("tests/it/three.rs", ""),
        file("tests/it/one/part.rs", ""),
        file("tests/it/one/lost.rs", ""),
        file("tests/lib.rs", "#[path = \"no_a.rs\"]\nmod a;\n"),
        file("tests/no_a.rs", ""),
        file("tests/o_a.rs", ""),
    ];
    let declared: Vec<bool> = files.iter().map(|file| is_declared(file, &files)).collect();
    let wanted = [false, true, true, false, true, false, false, true, false];
    assert_eq!(declared, wanted);
}

/// Declared by the module above: `a/b.rs` by `a.rs`, or by a root in `a/`.
fn is_declared(file: &File, files: &[File]) -> bool {
    let Some(folder) = Path::new(&file.path).parent() else {
        return false;
    };
    let above = folder.with_extension("rs");
    let roots = ["lib.rs", "main.rs"].map(|root| folder.join(root));
    // A module may be called as a word of the language is.
    let lines = ["", "r#"].map(|raw| format!("mod {raw}{};", file.stem()));
    let attribute = format!("{}.rs\"]", file.stem());
    files
        .iter()
        .filter(|other| other.path != file.path)
        .filter(|other| {
            let path = Path::new(&other.path);
            path == above || roots.iter().any(|root| root == path)
        })
        .flat_map(|other| other.text.lines())
        .any(|own| lines.iter().any(|line| declares(own, line)) || names_path(own, &attribute))
}

/// `#[path = "…/name.rs"]`, for a system that has another part in its place.
fn names_path(line: &str, attribute: &str) -> bool {
    let before = line.strip_suffix(attribute);
    line.trim_start().starts_with("#[path")
        && before.is_some_and(|before| before.ends_with(['/', '"']))
}

fn declares(line: &str, declaration: &str) -> bool {
    let line = line.trim();
    line == declaration
        || line
            .strip_suffix(declaration)
            .is_some_and(|lead| lead.starts_with("pub") && lead.ends_with(' '))
}

/// What cargo itself starts from: libraries, programs, tests, examples.
fn crate_roots() -> BTreeSet<String> {
    let root = super::root();
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo metadata answers");
    metadata
        .packages
        .iter()
        .flat_map(|package| &package.targets)
        .filter_map(|target| target.src_path.as_std_path().strip_prefix(&root).ok())
        .map(|path| path.to_string_lossy().into_owned())
        .collect()
}
