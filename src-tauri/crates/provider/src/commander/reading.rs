//! Reads what tools answered. The only place that knows their formats.

use serde_json::Value;

use super::plan::Reply;

/// What an entry of a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryKind {
    File,
    Folder,
}

/// One entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) kind: EntryKind,
}

/// Lines of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) lines: Vec<Line>,
    /// Lines of the whole file.
    pub(super) total: usize,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) text: String,
}

/// What a command wrote and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Output {
    pub(super) text: String,
    /// The exit status; none when the command did not end by itself.
    pub(super) status: Option<i64>,
    /// False when the tool cut the text.
    pub(super) is_whole: bool,
    ok: bool,
}

/// Lines a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Matches {
    pub(super) lines: Vec<Match>,
    /// True when the tool left some out.
    pub(super) cut: bool,
}

/// One line a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) file: String,
    pub(super) number: usize,
    pub(super) text: String,
}

impl Page {
    /// Whether these are all lines of the file.
    pub(super) fn is_whole(&self) -> bool {
        self.lines.len() == self.total
    }

    pub(super) fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        lines.join("\n")
    }
}

impl Output {
    pub(super) fn succeeded(&self) -> bool {
        self.ok && self.status.is_none_or(|status| status == 0)
    }
}

impl Matches {
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Every file once, in order.
    pub(super) fn files(&self) -> Vec<&str> {
        let mut files: Vec<&str> = Vec::new();
        for line in &self.lines {
            if files.last() != Some(&line.file.as_str()) && !files.contains(&line.file.as_str()) {
                files.push(&line.file);
            }
        }
        files
    }
}

/// Entries of a `list_dir` answer.
pub(super) fn entries(reply: Reply<'_>) -> Vec<Entry> {
    let kind = |is_folder| {
        if is_folder {
            EntryKind::Folder
        } else {
            EntryKind::File
        }
    };
    if let Some(entries) = list(reply, "entries") {
        let entry = |value: &Value| {
            let kind = kind(value.get("folder")?.as_bool()?);
            Some(Entry {
                name: text_of(value, "name")?,
                kind,
            })
        };
        return entries.iter().filter_map(entry).collect();
    }
    let lines = content_lines(reply).map(|line| {
        let name = line.split("  ").next().unwrap_or(line);
        let name = name.split(" -> ").next().unwrap_or(name);
        let bare = name.strip_suffix('/');
        Entry {
            name: bare.unwrap_or(name).to_owned(),
            kind: kind(bare.is_some()),
        }
    });
    lines.collect()
}

/// Paths of a `glob` answer.
pub(super) fn paths(reply: Reply<'_>) -> Vec<String> {
    match list(reply, "files") {
        Some(files) => files
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        None => content_lines(reply).map(str::to_owned).collect(),
    }
}

/// Lines of a `read` answer: a number, a tab, the text; notes in brackets.
pub(super) fn page(reply: Reply<'_>) -> Page {
    let lines: Vec<Line> = reply.text.lines().filter_map(numbered).collect();
    let last = lines.last().map_or(0, |line| line.number);
    let total = number(reply, "lines").unwrap_or(last).max(last);
    Page { lines, total }
}

/// Lines of a `grep` answer with content.
pub(super) fn matches(reply: Reply<'_>) -> Matches {
    let lines: Vec<Match> = match list(reply, "hits") {
        Some(hits) => hits.iter().filter_map(hit).collect(),
        None => reply.text.lines().filter_map(found_line).collect(),
    };
    let cut = number(reply, "matches").is_some_and(|matches| matches > lines.len());
    Matches { lines, cut }
}

/// What a `bash` answer says of the command: its output, then how it ended
/// in brackets where that was not well.
pub(super) fn output(reply: Reply<'_>) -> Output {
    let details = |key: &str| reply.details.and_then(|details| details.get(key));
    let status = details("exit_code").and_then(Value::as_i64);
    let ending = status
        .map(|status| format!("(exit code {status})"))
        .unwrap_or_default();
    let text = reply.text.trim_end();
    let text = text.strip_suffix(&ending).unwrap_or(text).trim_end();
    let text = if text == "(no output)" { "" } else { text };
    let is_whole = details("truncated").and_then(Value::as_bool) != Some(true);
    Output {
        text: text.to_owned(),
        status,
        is_whole,
        ok: reply.ok,
    }
}

/// What the user answered an `ask_user` question.
pub(super) fn answer<'a>(reply: Reply<'a>) -> Option<&'a str> {
    let answer = reply
        .details
        .and_then(|details| details.get("answer")?.as_str());
    let spoken = || reply.text.strip_prefix("The user answered: ");
    answer.or_else(spoken).map(str::trim).filter(|_| reply.ok)
}

fn list<'a>(reply: Reply<'a>, key: &str) -> Option<&'a Vec<Value>> {
    reply.details?.get(key)?.as_array()
}

fn number(reply: Reply<'_>, key: &str) -> Option<usize> {
    usize::try_from(reply.details?.get(key)?.as_u64()?).ok()
}

fn text_of(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

fn hit(value: &Value) -> Option<Match> {
    let number = usize::try_from(value.get("line")?.as_u64()?).ok()?;
    Some(Match {
        file: text_of(value, "path")?,
        number,
        text: text_of(value, "text")?,
    })
}

/// The lines of a list, without the tool's own sentences.
fn content_lines(reply: Reply<'_>) -> impl Iterator<Item = &str> {
    let is_note = |line: &str| {
        line.is_empty() || line.starts_with('(') || (line.contains(' ') && line.ends_with('.'))
    };
    reply.text.lines().filter(move |line| !is_note(line))
}

fn numbered(line: &str) -> Option<Line> {
    let (number, text) = line.trim_start().split_once('\t')?;
    Some(Line {
        number: number.parse().ok()?,
        text: text.to_owned(),
    })
}

fn found_line(line: &str) -> Option<Match> {
    line.match_indices(':').find_map(|(at, _)| {
        let (number, text) = line[at + 1..].split_once(':')?;
        let number = number.parse().ok()?;
        Some(Match {
            file: line[..at].to_owned(),
            number,
            text: text.to_owned(),
        })
    })
}
