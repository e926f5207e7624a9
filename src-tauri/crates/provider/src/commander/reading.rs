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
    /// What the tool said when it showed no lines.
    pub(super) note: String,
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

/// Entries of a `list_dir` answer: one a line, folders with a slash.
pub(super) fn entries(reply: Reply<'_>) -> Vec<Entry> {
    content_lines(reply)
        .map(|line| {
            let name = line.split(['\t']).next().unwrap_or(line);
            let name = name.split("  ").next().unwrap_or(name).trim_end();
            match name.strip_suffix('/') {
                Some(folder) => Entry {
                    name: folder.to_owned(),
                    kind: EntryKind::Folder,
                },
                None => Entry {
                    name: name.to_owned(),
                    kind: EntryKind::File,
                },
            }
        })
        .collect()
}

/// Paths of a `glob` answer, from its details or one a line.
pub(super) fn paths(reply: Reply<'_>) -> Vec<String> {
    let files = reply
        .details
        .and_then(|details| details.get("files")?.as_array());
    match files {
        Some(files) => files
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        None => content_lines(reply).map(str::to_owned).collect(),
    }
}

/// Lines of a `read` answer: a number, a sign, the text.
pub(super) fn page(reply: Reply<'_>) -> Page {
    let lines: Vec<Line> = reply.text.lines().filter_map(numbered).collect();
    let last = lines.last().map_or(0, |line| line.number);
    let total = number_in(reply.details, &["total_lines", "lines_total", "total"]).unwrap_or(last);
    let note = if lines.is_empty() {
        reply.text.trim().to_owned()
    } else {
        String::new()
    };
    Page {
        lines,
        total: total.max(last),
        note,
    }
}

/// Lines of a `grep` answer with content: file, number, text.
pub(super) fn matches(reply: Reply<'_>) -> Matches {
    let lines = reply.text.lines().filter_map(found_line).collect();
    let cut = reply
        .text
        .lines()
        .any(|line| is_note(line) && (line.contains("more") || line.contains("left out")));
    Matches { lines, cut }
}

/// What a `bash` answer says of the command.
pub(super) fn output(reply: Reply<'_>) -> Output {
    let status = reply.details.and_then(|details| {
        ["exit_code", "exit_status", "status", "code"]
            .iter()
            .find_map(|key| details.get(key)?.as_i64())
    });
    Output {
        text: reply.text.to_owned(),
        status,
        ok: reply.ok,
    }
}

/// What the user answered an `ask_user` question.
pub(super) fn answer(reply: Reply<'_>) -> Option<&str> {
    reply.ok.then(|| reply.text.trim())
}

fn content_lines(reply: Reply<'_>) -> impl Iterator<Item = &str> {
    reply
        .text
        .lines()
        .map(str::trim)
        .filter(|line| !is_note(line))
}

/// Tools add sentences to their lists.
fn is_note(line: &str) -> bool {
    let sentence = line.contains(' ') && line.ends_with(['.', ':']);
    line.is_empty() || sentence || line.starts_with(['(', '[', '…'])
}

fn numbered(line: &str) -> Option<Line> {
    let line = line.trim_start();
    let end = line.find(|c: char| !c.is_ascii_digit())?;
    let number = line[..end].parse().ok()?;
    let text = line[end..].strip_prefix(['\t', '→', '|', ':'])?;
    Some(Line {
        number,
        text: text.to_owned(),
    })
}

fn found_line(line: &str) -> Option<Match> {
    line.match_indices(':').find_map(|(at, _)| {
        let rest = &line[at + 1..];
        let (number, text) = rest.split_once(':')?;
        let number = number.parse().ok()?;
        Some(Match {
            file: line[..at].to_owned(),
            number,
            text: text.to_owned(),
        })
    })
}

fn number_in(details: Option<&Value>, keys: &[&str]) -> Option<usize> {
    let details = details?;
    let number = keys.iter().find_map(|key| details.get(key)?.as_u64())?;
    usize::try_from(number).ok()
}
