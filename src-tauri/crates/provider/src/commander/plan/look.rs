//! Searching text, uses, definitions, files and tests.

use serde_json::{Value, json};

use super::{Played, Run, Step};
use crate::commander::name::{inside, looks_like_file};
use crate::commander::reading;
use crate::commander::report::{self, code};
use crate::commander::wildcard::{any_case, escape};

/// Matches an answer shows; the card has the rest.
const MATCHES_SHOWN: usize = 20;

/// Tests counted one by one; of more the answer says "at least".
const TESTS_COUNTED: usize = 2000;

/// Files an answer shows.
const FILES_SHOWN: usize = 20;

/// Words that begin a definition in the languages people use most.
const DEFINING: &str = "fn|struct|enum|union|trait|type|class|interface|object|record|protocol|def|func|function|const|static|let|var|val|mod|module|namespace|macro_rules!|package";

/// What tests look like in the languages people use most.
const TESTS: &str =
    r"#\[([a-z_]+::)*test\b|^\s*(async )?def test_|^func Test|^\s*(it|test)(\.each)?\(|@Test\b";

pub(super) fn search(run: &mut Run<'_>, pattern: &str, scope: Option<&str>) -> Played {
    let mut input = json!({ "pattern": pattern, "output": "content", "literal": true });
    if pattern.chars().all(|c| !c.is_uppercase()) {
        set(&mut input, "case_insensitive", json!(true));
    }
    let Some(scope) = scope else {
        let matches = grep(run, input)?;
        return Ok(report::matches(pattern, "", &matches, MATCHES_SHOWN));
    };
    let path = super::file::inside_or_say(scope)?;
    if let Some((found, _)) = run.entry(&path)? {
        set(&mut input, "path", json!(found));
        let matches = grep(run, input)?;
        return Ok(report::matches(
            pattern,
            &format!(" in {}", code(&found)),
            &matches,
            MATCHES_SHOWN,
        ));
    }
    let name = any_case(&path);
    let glob = if looks_like_file(&path) {
        format!("**/{name}")
    } else {
        in_or_below(&name)
    };
    set(&mut input, "glob", json!(glob));
    let matches = grep(run, input)?;
    let place = format!(" in files and folders with {} in their name", code(&path));
    Ok(report::matches(pattern, &place, &matches, MATCHES_SHOWN))
}

pub(super) fn uses(run: &mut Run<'_>, name: &str) -> Played {
    let word = joined(name);
    let whole = grep(run, regex(&format!(r"\b{word}\b"), name))?;
    if !whole.is_empty() {
        return Ok(report::matches(
            name,
            " as a whole word",
            &whole,
            MATCHES_SHOWN,
        ));
    }
    let part = grep(run, regex(&word, name))?;
    let place = if part.is_empty() {
        ""
    } else {
        ", always as a part of a longer word"
    };
    Ok(report::matches(name, place, &part, MATCHES_SHOWN))
}

pub(super) fn definition(run: &mut Run<'_>, name: &str) -> Played {
    let word = joined(name);
    let exact = grep(
        run,
        regex(&format!(r"\b({DEFINING})\s+(\([^)]*\)\s*)?{word}\b"), name),
    )?;
    if !exact.is_empty() {
        return Ok(defined(name, "", &exact));
    }
    let near = grep(
        run,
        regex(
            &format!(r"\b({DEFINING})\s+(\([^)]*\)\s*)?\w*{word}\w*"),
            name,
        ),
    )?;
    if near.is_empty() {
        return Ok(format!(
            "I found no definition of {}. I look for words like `fn`, `class` or `def` before it. “find all uses of {name}” shows where it stands.",
            code(name)
        ));
    }
    Ok(defined(name, " exactly, but these come near", &near))
}

fn defined(name: &str, near: &str, matches: &reading::Matches) -> String {
    let files = matches.files();
    let head = match (near, files.as_slice()) {
        ("", [file]) => format!("{} defines {}.", code(file), code(name)),
        ("", files) => format!(
            "{} is defined in {}.",
            code(name),
            report::counted(files.len(), "file")
        ),
        (near, _) => format!("Nothing defines {}{near}:", code(name)),
    };
    format!("{head}\n\n{}", report::match_lines(matches, MATCHES_SHOWN))
}

pub(super) fn locate(run: &mut Run<'_>, name: &str) -> Played {
    let pattern = match inside(name) {
        Ok(path) if looks_like_file(&path) => format!("**/{}", escape(&path)),
        _ => format!("**/*{}*", any_case(name)),
    };
    let mut found = run.glob(&pattern)?;
    if found.is_empty() {
        let stem = name
            .rsplit('/')
            .next()
            .unwrap_or(name)
            .split('.')
            .next()
            .unwrap_or(name);
        found = run.glob(&format!("**/*{}*", any_case(stem)))?;
        if found.is_empty() {
            return Ok(format!(
                "I found no file with {} in its name. “search for {name}” looks inside the files.",
                code(name)
            ));
        }
        return Ok(format!(
            "There is no {}. These names come near it:\n\n{}",
            code(name),
            report::bullets(&found, FILES_SHOWN)
        ));
    }
    Ok(match found.as_slice() {
        [file] => format!("It is {}.", code(file)),
        files => format!(
            "I found {}:\n\n{}",
            report::counted(files.len(), "file"),
            report::bullets(files, FILES_SHOWN)
        ),
    })
}

pub(super) fn count_tests(run: &mut Run<'_>, name: Option<&str>) -> Played {
    let mut input = json!({ "pattern": TESTS, "output": "content", "limit": TESTS_COUNTED });
    if let Some(name) = name {
        set(&mut input, "glob", json!(in_or_below(&any_case(name))));
    }
    let matches = grep(run, input)?;
    let place = name.map_or_else(
        || "in this folder".to_owned(),
        |name| format!("in files and folders with {} in their name", code(name)),
    );
    if matches.is_empty() {
        return Ok(format!("I found nothing that looks like a test {place}."));
    }
    let at_least = if matches.cut { "at least " } else { "" };
    let files = matches.files();
    let lines: Vec<String> = files
        .iter()
        .map(|file| {
            format!(
                "{file}: {}",
                matches
                    .lines
                    .iter()
                    .filter(|line| line.file == *file)
                    .count()
            )
        })
        .collect();
    Ok(format!(
        "I found {at_least}{} that look like tests {place}, in {}:\n\n{}",
        report::counted(matches.lines.len(), "line"),
        report::counted(files.len(), "file"),
        report::bullets(&lines, FILES_SHOWN)
    ))
}

fn grep(run: &mut Run<'_>, input: Value) -> Result<reading::Matches, Step> {
    let reply = run.must("grep", input, "Try other words, or another folder.")?;
    Ok(reading::matches(reply))
}

/// A glob for files with `name` in their own name or in a folder's.
fn in_or_below(name: &str) -> String {
    format!("{{**/*{name}*,**/*{name}*/**}}")
}

fn regex(pattern: &str, name: &str) -> Value {
    let mut input = json!({ "pattern": pattern, "output": "content" });
    if name.chars().all(|c| !c.is_uppercase()) {
        set(&mut input, "case_insensitive", json!(true));
    }
    input
}

/// A name of several words may be written in snake, kebab or camel case.
fn joined(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(escape_regex).collect();
    words.join("[_ -]?")
}

fn escape_regex(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if !c.is_alphanumeric() && c != '_' && c.is_ascii() {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

fn set(input: &mut Value, key: &str, value: Value) {
    if let Some(object) = input.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}
