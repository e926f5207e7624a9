//! From results to words. Says only what a result says: counts are of what
//! was seen, and what was left out is named.

use protocol::ToolCall;
use serde_json::Value;

use super::plan::Reply;
use super::reading::{self, Matches, Output, Page};

/// Lines of a command's output an answer shows.
const OUTPUT_LINES: usize = 24;

/// Lines of a diff an answer shows.
const DIFF_LINES: usize = 120;

/// Names of failed tests an answer shows.
const FAILED_SHOWN: usize = 15;

/// Bytes of one line an answer shows.
const LINE_BYTES: usize = 200;

/// "1 line", "2 lines".
pub(super) fn counted(count: usize, noun: &str) -> String {
    match (count, noun) {
        (1, noun) => format!("1 {noun}"),
        (count, "match") => format!("{count} matches"),
        (count, "branch") => format!("{count} branches"),
        (count, noun) => format!("{count} {noun}s"),
    }
}

/// A name or text as inline code, whatever it holds.
pub(super) fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let ticks = "`".repeat(longest_run(&text, '`') + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// Text as a code block, whatever it holds.
pub(super) fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat((longest_run(text, '`') + 1).max(3));
    format!(
        "{fence}{language}\n{}\n{fence}",
        text.trim_end_matches('\n')
    )
}

/// A list of names, up to `most`.
pub(super) fn bullets<T: AsRef<str>>(names: &[T], most: usize) -> String {
    let mut lines: Vec<String> = names
        .iter()
        .take(most)
        .map(|name| format!("- {}", code(name.as_ref())))
        .collect();
    if names.len() > most {
        lines.push(format!("- … and {} more", names.len() - most));
    }
    lines.join("\n")
}

/// What a call would have done, in words: "run `cargo test`".
fn deed(tool: &str, input: &Value) -> String {
    let text = |key: &str| input.get(key).and_then(Value::as_str).unwrap_or_default();
    match tool {
        "read" => format!("open {}", code(text("path"))),
        "write" => format!("write {}", code(text("path"))),
        "edit" => format!("change {}", code(text("path"))),
        "list_dir" => match text("path") {
            "." | "" => "list this folder".to_owned(),
            path => format!("list {}", code(path)),
        },
        "glob" => format!("look for files named {}", code(text("pattern"))),
        "grep" => format!("search for {}", code(text("pattern"))),
        "bash" => format!("run {}", code(text("command"))),
        "ask_user" => "ask you".to_owned(),
        other => format!("use {}", code(other)),
    }
}

/// A call that was refused, by the user or by a rule.
pub(super) fn denied(call: &ToolCall, why: &str) -> String {
    let deed = deed(&call.name, &call.input);
    if why.is_empty() || why.starts_with("The user said no") {
        let added = why
            .split_once("They added:")
            .map(|(_, words)| format!(" You added: {}", words.trim()));
        return format!(
            "I did not {deed}, because you said no.{}",
            added.unwrap_or_default()
        );
    }
    let (first, rest) = why.split_once('\n').unwrap_or((why, ""));
    let first = first
        .split_once(". ")
        .map_or(first, |(sentence, _)| sentence)
        .trim_end_matches('.');
    let rest = if rest.is_empty() {
        String::new()
    } else {
        format!("\n\n{rest}")
    };
    format!("I did not {deed}: it was not allowed. {first}.{rest}")
}

/// A call that was stopped.
pub(super) fn cancelled(call: &ToolCall) -> String {
    format!(
        "I was stopped when I was about to {}. It may have run in part.",
        deed(&call.name, &call.input)
    )
}

/// A call that failed, with the tool's words and one suggestion.
pub(super) fn failed(tool: &str, input: &Value, reply: Reply<'_>, suggestion: &str) -> String {
    let deed = deed(tool, input);
    let output = reading::output(reply);
    let shown = if tool == "bash" {
        output.text.trim()
    } else {
        reply.text.trim()
    };
    let status = match output.status {
        Some(status) if tool == "bash" => format!(" (exit status {status})"),
        _ => String::new(),
    };
    let detail = match shown.lines().count() {
        0 => String::new(),
        1 if shown.len() <= LINE_BYTES => format!(" {shown}"),
        _ => format!("\n\n{}\n", fenced("text", &ends(shown, OUTPUT_LINES))),
    };
    let space = if detail.ends_with('\n') { "\n" } else { " " };
    format!("I tried to {deed}, and it failed{status}.{detail}{space}{suggestion}")
}

/// A file's first lines, numbered.
pub(super) fn page(path: &str, page: &Page, most: usize) -> String {
    let name = code(path);
    let Some((first, last)) = page
        .lines
        .first()
        .zip(page.lines.get(page.lines.len().min(most).wrapping_sub(1)))
    else {
        return format!("{name} is empty.");
    };
    let width = last.number.to_string().len();
    let lines: Vec<String> = page
        .lines
        .iter()
        .take(most)
        .map(|line| format!("{:>width$}  {}", line.number, clip(&line.text)))
        .collect();
    let head = match (first.number, page.lines.len() <= most && page.is_whole()) {
        (_, true) => format!("{name}, {}:", counted(page.total, "line")),
        (from, false) => format!("{name}, lines {from} to {} of {}:", last.number, page.total),
    };
    let more = if last.number < page.total {
        let (from, to) = (last.number + 1, page.total.min(last.number + most));
        format!("\n\nFor more, say “show lines {from} to {to} of {path}”.")
    } else {
        String::new()
    };
    format!(
        "{head}\n\n{}{more}",
        fenced(language(path), &lines.join("\n"))
    )
}

/// Lines a search found.
pub(super) fn matches(pattern: &str, place: &str, matches: &Matches, most: usize) -> String {
    if matches.is_empty() {
        return format!("I found no {}{place}.", code(pattern));
    }
    let at_least = if matches.cut { "at least " } else { "" };
    format!(
        "I found {}{place} in {at_least}{} of {at_least}{}:\n\n{}",
        code(pattern),
        counted(matches.lines.len(), "line"),
        counted(matches.files().len(), "file"),
        match_lines(matches, most)
    )
}

/// The lines themselves, by file.
pub(super) fn match_lines(matches: &Matches, most: usize) -> String {
    let mut out = String::new();
    let mut file = "";
    for line in matches.lines.iter().take(most) {
        if line.file != file {
            file = &line.file;
            out.push_str(&format!("{file}\n"));
        }
        out.push_str(&format!("{:>6}  {}\n", line.number, clip(line.text.trim())));
    }
    let mut words = fenced("text", &out);
    if matches.lines.len() > most {
        words.push_str(&format!(
            "\n\n{} more are in the card above.",
            matches.lines.len() - most
        ));
    }
    words
}

/// How a command ended, and what it wrote.
pub(super) fn command(command: &str, output: &Output) -> String {
    let head = ended(command, output, "ran and ended well");
    match output.text.trim() {
        "" => format!("{head} It wrote nothing."),
        text => format!("{head}\n\n{}", fenced("text", &ends(text, OUTPUT_LINES))),
    }
}

/// How a task ended, with the lines that tell most.
pub(super) fn task(command: &str, output: &Output, is_test: bool) -> String {
    let head = ended(
        command,
        output,
        if is_test { "passed" } else { "succeeded" },
    );
    let text = output.text.trim();
    if text.is_empty() {
        return format!("{head} It wrote nothing.");
    }
    let mut words = head;
    if let Some(sums) = cargo_sums(text).filter(|_| output.is_whole) {
        words.push_str(&format!(" {sums}"));
    }
    let failed: Vec<&str> = text.lines().filter_map(failed_test).collect();
    if !failed.is_empty() {
        words.push_str(&format!(
            "\n\nFailed:\n\n{}",
            bullets(&failed, FAILED_SHOWN)
        ));
    }
    format!("{words}\n\n{}", fenced("text", &telling(text)))
}

/// What `git status --short --branch` says.
pub(super) fn status(text: &str) -> String {
    let branch = text
        .lines()
        .find_map(|line| line.strip_prefix("## "))
        .unwrap_or_default();
    let place = match branch {
        "" => String::new(),
        branch => format!("On {}: ", code(branch)),
    };
    let changes: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("## ") && !line.trim().is_empty())
        .collect();
    if changes.is_empty() {
        return format!("{place}nothing is changed.");
    }
    format!(
        "{place}{} changed or new:\n\n{}",
        counted(changes.len(), "file"),
        fenced("text", &starts(&changes.join("\n"), OUTPUT_LINES * 2))
    )
}

/// A diff.
pub(super) fn diff(text: &str) -> String {
    match text.trim() {
        "" => "Nothing is changed since the last commit (new files that git does not follow are not counted).".to_owned(),
        text => {
            let files = text.lines().filter(|line| line.starts_with("diff --git ")).count();
            format!("{} changed:\n\n{}", counted(files, "file"), fenced("diff", &starts(text, DIFF_LINES)))
        }
    }
}

/// A short output behind a sentence.
pub(super) fn aside(text: &str) -> String {
    match text.trim_matches('\n').trim_end() {
        "" => String::new(),
        text => format!("\n\n{}", fenced("text", &ends(text, OUTPUT_LINES))),
    }
}

fn ended(command: &str, output: &Output, well: &str) -> String {
    let command = code(command);
    match (output.succeeded(), output.status) {
        (true, _) => format!("{command} {well}."),
        (false, Some(status)) => format!("{command} failed with exit status {status}."),
        (false, None) => format!("{command} did not end well."),
    }
}

/// The sums of cargo's "test result" lines, when all of them were seen.
fn cargo_sums(text: &str) -> Option<String> {
    let results: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("test result: "))
        .collect();
    if results.is_empty() {
        return None;
    }
    let sum = |noun: &str| -> u64 {
        results
            .iter()
            .flat_map(|line| line.split(['.', ';']))
            .filter_map(|part| part.trim().strip_suffix(noun)?.trim().parse::<u64>().ok())
            .sum()
    };
    Some(format!(
        "{} passed, {} failed, {} ignored.",
        sum("passed"),
        sum("failed"),
        sum("ignored")
    ))
}

/// The name of a test that failed, as cargo, pytest and go write it.
fn failed_test(line: &str) -> Option<&str> {
    let cargo = line
        .strip_prefix("test ")
        .and_then(|rest| rest.strip_suffix(" ... FAILED"));
    let pytest = line
        .strip_prefix("FAILED ")
        .map(|rest| rest.split(" - ").next().unwrap_or(rest));
    let go = line
        .trim_start()
        .strip_prefix("--- FAIL: ")
        .map(|rest| rest.split(' ').next().unwrap_or(rest));
    cargo.or(pytest).or(go)
}

/// All of a short output; of a long one the lines that tell most, then its end.
fn telling(text: &str) -> String {
    const SIGNS: &[&str] = &[
        "test result:",
        "error",
        "warning: unused",
        "panicked at",
        "FAILED",
        "FAIL ",
        "Error:",
    ];
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() <= OUTPUT_LINES {
        return clipped(&lines);
    }
    let (early, late) = lines.split_at(lines.len() - OUTPUT_LINES / 2);
    let signs: Vec<&str> = early
        .iter()
        .copied()
        .filter(|line| SIGNS.iter().any(|sign| line.contains(sign)))
        .take(OUTPUT_LINES / 2)
        .collect();
    let left_out = early.len() - signs.len();
    let mut shown = clipped(&signs);
    if !shown.is_empty() {
        shown.push('\n');
    }
    format!(
        "{shown}… {} left out\n{}",
        counted(left_out, "line"),
        clipped(late)
    )
}

/// The first and last lines of a long text.
fn ends(text: &str, most: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() <= most {
        return clipped(&lines);
    }
    let (head, tail) = (most / 3, most - most / 3);
    format!(
        "{}\n… {} left out\n{}",
        clipped(&lines[..head]),
        counted(lines.len() - most, "line"),
        clipped(&lines[lines.len() - tail..])
    )
}

/// The first lines of a long text.
fn starts(text: &str, most: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() <= most {
        return clipped(&lines);
    }
    format!(
        "{}\n… {} left out",
        clipped(&lines[..most]),
        counted(lines.len() - most, "line")
    )
}

fn clipped(lines: &[&str]) -> String {
    lines
        .iter()
        .map(|line| clip(line))
        .collect::<Vec<_>>()
        .join("\n")
}

fn clip(line: &str) -> String {
    let end = line.floor_char_boundary(LINE_BYTES);
    if end < line.len() {
        format!("{}…", &line[..end])
    } else {
        line.to_owned()
    }
}

fn longest_run(text: &str, sign: char) -> usize {
    text.split(|c| c != sign)
        .map(|run| run.chars().count())
        .max()
        .unwrap_or(0)
}

/// The name code blocks use for a file's language.
fn language(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "rs" => "rust",
        "py" => "python",
        "js" | "mjs" | "cjs" => "javascript",
        "ts" => "typescript",
        "tsx" | "jsx" => "tsx",
        "md" => "markdown",
        "json" => "json",
        "toml" => "toml",
        "yml" | "yaml" => "yaml",
        "html" => "html",
        "css" => "css",
        "svelte" => "svelte",
        "sh" => "bash",
        "go" => "go",
        "c" | "h" => "c",
        "cpp" | "cc" | "hpp" => "cpp",
        "java" => "java",
        "sql" => "sql",
        _ => "text",
    }
}
