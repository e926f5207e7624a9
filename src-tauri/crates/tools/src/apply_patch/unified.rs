//! Reads a unified diff, as `diff -u` and `git diff` write it.

use tool::InputError;

use super::hunk::Hunk;
use super::parse::Reader;
use super::{Action, FilePatch};

const NOTHING: &str = "/dev/null";

/// Whether a unified diff begins with this line.
pub(super) fn begins(line: &str) -> bool {
    ["diff --git ", "--- ", "Index: ", "diff -"]
        .iter()
        .any(|start| line.starts_with(start))
}

/// All files of the diff.
pub(super) fn files(reader: &mut Reader<'_>) -> Result<Vec<FilePatch>, InputError> {
    let mut files = Vec::new();
    while reader.peek().is_some() {
        if reader.next_if(|line| line.trim().is_empty()).is_none() {
            files.push(file(reader)?);
        }
    }
    Ok(files)
}

/// What git says of a file above its hunks.
#[derive(Default)]
struct Head {
    from: Option<String>,
    to: Option<String>,
    renamed: Option<(String, String)>,
}

fn file(reader: &mut Reader<'_>) -> Result<FilePatch, InputError> {
    let head = head(reader)?;
    let mut hunks = Vec::new();
    while reader.peek().is_some_and(|line| line.starts_with("@@")) {
        hunks.push(hunk(reader)?);
    }
    let (from, to) = match (head.from, head.to, head.renamed) {
        (Some(from), Some(to), _) => (from, to),
        (None, None, Some(renamed)) => renamed,
        _ => return Err(reader.wrong("should be `--- file` and `+++ file`.")),
    };
    if from == NOTHING {
        return added(to, &hunks, reader);
    }
    if to == NOTHING {
        return Ok(FilePatch {
            path: from,
            action: Action::Delete,
        });
    }
    if hunks.is_empty() && from == to {
        return Err(reader.wrong(&format!("ends the part of `{from}` without a change.")));
    }
    let move_to = (from != to).then_some(to);
    Ok(FilePatch {
        path: from,
        action: Action::Update { move_to, hunks },
    })
}

fn added(path: String, hunks: &[Hunk], reader: &Reader<'_>) -> Result<FilePatch, InputError> {
    if hunks.iter().any(|hunk| !hunk.old.is_empty()) {
        return Err(reader.wrong(&format!(
            "ends a part that removes lines of `{path}`, which is new."
        )));
    }
    let mut content: String = hunks
        .iter()
        .flat_map(|hunk| &hunk.new)
        .flat_map(|line| [line, "\n"])
        .collect();
    if hunks.last().and_then(|hunk| hunk.final_newline) == Some(false) {
        content.pop();
    }
    Ok(FilePatch {
        path,
        action: Action::Add(content),
    })
}

fn head(reader: &mut Reader<'_>) -> Result<Head, InputError> {
    const SAYS_NOTHING: &[&str] = &[
        "diff ",
        "index ",
        "Index: ",
        "====",
        "old mode ",
        "new mode ",
        "new file mode ",
        "deleted file mode ",
        "similarity index ",
        "dissimilarity index ",
    ];
    let mut head = Head::default();
    let mut first = true;
    while let Some(line) = reader.peek() {
        let tagged = |tag: &str| line.strip_prefix(tag);
        // The next file begins, though this one has no hunks.
        if line.starts_with("diff ") && !first {
            break;
        }
        first = false;
        if let Some(path) = tagged("--- ") {
            head.from = Some(named(path));
        } else if let Some(path) = tagged("+++ ") {
            head.to = Some(named(path));
            reader.next();
            break;
        } else if let Some(path) = tagged("rename from ") {
            head.renamed = Some((path.to_owned(), String::new()));
        } else if let (Some(path), Some(renamed)) = (tagged("rename to "), &mut head.renamed) {
            renamed.1 = path.to_owned();
        } else if line.starts_with("GIT binary patch") || line.starts_with("Binary files") {
            return Err(
                reader.wrong("changes a file that is no text, which a patch cannot do here.")
            );
        } else if !SAYS_NOTHING.iter().any(|start| line.starts_with(start)) {
            break;
        }
        reader.next();
    }
    Ok(head)
}

/// The path without the time behind it and git's `a/` or `b/` before it.
fn named(text: &str) -> String {
    let path = text.split('\t').next().unwrap_or_default().trim();
    let path = path
        .strip_prefix('"')
        .and_then(|path| path.strip_suffix('"'))
        .unwrap_or(path);
    let bare = path.strip_prefix("a/").or_else(|| path.strip_prefix("b/"));
    bare.unwrap_or(path).to_owned()
}

fn hunk(reader: &mut Reader<'_>) -> Result<Hunk, InputError> {
    let line = reader.peek().unwrap_or_default();
    let Some((old, new)) = counts(line) else {
        return Err(reader.wrong("should be like `@@ -12,5 +12,6 @@`."));
    };
    reader.next();
    let mut hunk = Hunk {
        near: Some(old.0),
        ..Hunk::default()
    };
    let mut last = ' ';
    loop {
        // Counts are often wrong when a model writes them; the lines say.
        let enough = hunk.old.len() >= old.1 && hunk.new.len() >= new.1;
        let Some(line) = reader.peek() else { break };
        match line.split_at_checked(1) {
            Some(("\\", _)) => hunk.final_newline = Some(last == '-'),
            Some(("-", rest)) if !(enough && line.starts_with("--- ")) => {
                hunk.old.push(rest.to_owned())
            }
            Some(("+", rest)) => hunk.new.push(rest.to_owned()),
            Some((" ", rest)) => {
                hunk.old.push(rest.to_owned());
                hunk.new.push(rest.to_owned());
            }
            None if !enough => {
                hunk.old.push(String::new());
                hunk.new.push(String::new());
            }
            _ => break,
        }
        last = line.chars().next().unwrap_or(' ');
        reader.next();
    }
    Ok(hunk)
}

/// First line and count on both sides of `@@ -12,5 +12,6 @@ fn x`.
fn counts(line: &str) -> Option<((usize, usize), (usize, usize))> {
    let (ranges, _) = line.strip_prefix("@@ -")?.split_once(" @@")?;
    let (old, new) = ranges.split_once(" +")?;
    let range = |text: &str| -> Option<(usize, usize)> {
        match text.split_once(',') {
            Some((first, count)) => Some((first.parse().ok()?, count.parse().ok()?)),
            None => Some((text.parse().ok()?, 1)),
        }
    };
    Some((range(old)?, range(new)?))
}
