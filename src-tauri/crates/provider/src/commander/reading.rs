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

/// Entries of a `list_dir` answer: `name/` for a folder; behind a file two
/// blanks and its size, behind a link its target.
pub(super) fn entries(reply: Reply<'_>) -> Vec<Entry> {
    let lines = content_lines(reply).map(|line| {
        let name = line.split("  ").next().unwrap_or(line);
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
    });
    lines.collect()
}

/// Paths of a `glob` answer: in the details verbatim, else one a line.
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

/// Lines of a `read` answer: a number, a tab, the text; notes in brackets.
pub(super) fn page(reply: Reply<'_>) -> Page {
    let lines: Vec<Line> = reply.text.lines().filter_map(numbered).collect();
    let last = lines.last().map_or(0, |line| line.number);
    let total = reply
        .details
        .and_then(|details| details.get("total_lines")?.as_u64());
    let total = total
        .and_then(|total| usize::try_from(total).ok())
        .unwrap_or(last);
    Page {
        lines,
        total: total.max(last),
    }
}

/// Lines of a `grep` answer with content: file, number and text with colons
/// between.
pub(super) fn matches(reply: Reply<'_>) -> Matches {
    Matches {
        lines: content_lines(reply).filter_map(found_line).collect(),
        cut: flag(reply, "truncated"),
    }
}

/// What a `bash` answer says of the command: its output, then in brackets
/// how it ended.
pub(super) fn output(reply: Reply<'_>) -> Output {
    let status = reply
        .details
        .and_then(|details| details.get("exit_code")?.as_i64());
    let text = reply.text.trim_end();
    let (rest, last) = text.rsplit_once('\n').unwrap_or(("", text));
    let text = if last.starts_with("(exit code ") {
        rest.trim_end()
    } else {
        text
    };
    Output {
        text: text.to_owned(),
        status,
        is_whole: !flag(reply, "truncated"),
        ok: reply.ok,
    }
}

/// What the user answered an `ask_user` question.
pub(super) fn answer<'a>(reply: Reply<'a>) -> Option<&'a str> {
    let answer = reply
        .details
        .and_then(|details| details.get("answer")?.as_str());
    answer.map(str::trim).filter(|_| reply.ok)
}

fn flag(reply: Reply<'_>, key: &str) -> bool {
    reply
        .details
        .and_then(|details| details.get(key)?.as_bool())
        == Some(true)
}

/// The lines of a list, without the tool's own notes in brackets.
fn content_lines(reply: Reply<'_>) -> impl Iterator<Item = &str> {
    let is_note = |line: &str| line.is_empty() || (line.starts_with('(') && line.ends_with(".)"));
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
