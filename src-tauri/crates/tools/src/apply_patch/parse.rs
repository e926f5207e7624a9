//! Reads a patch as models write it. Every line must mean something: what is
//! not understood is an error with its line number, not skipped.

use tool::InputError;

use super::hunk::Hunk;
use super::unified;
use super::{Action, FilePatch};

const BEGIN: &str = "*** Begin Patch";
const END: &str = "*** End Patch";
const ADD: &str = "*** Add File: ";
const DELETE: &str = "*** Delete File: ";
const UPDATE: &str = "*** Update File: ";
const MOVE: &str = "*** Move to: ";
const END_OF_FILE: &str = "*** End of File";

/// The lines of a patch, by number.
pub(super) struct Reader<'p> {
    lines: Vec<&'p str>,
    at: usize,
}

impl<'p> Reader<'p> {
    pub(super) fn peek(&self) -> Option<&'p str> {
        self.lines.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<&'p str> {
        let line = self.peek();
        self.at += 1;
        line
    }

    /// The next line, when it goes on as `wanted` says.
    pub(super) fn next_if(&mut self, wanted: impl Fn(&str) -> bool) -> Option<&'p str> {
        self.peek().filter(|line| wanted(line))?;
        self.next()
    }

    /// The rest of the next line, when it begins so.
    fn tagged(&mut self, tag: &str) -> Option<&'p str> {
        let rest = self.peek()?.strip_prefix(tag)?;
        self.at += 1;
        Some(rest.trim())
    }

    /// What is wrong with the line that comes next.
    pub(super) fn wrong(&self, why: &str) -> InputError {
        InputError(format!("Line {} of the patch {why}", self.at + 1))
    }
}

/// The changes of a patch, by file.
pub(super) fn patch(text: &str) -> Result<Vec<FilePatch>, InputError> {
    let mut lines: Vec<&str> = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .collect();
    if lines.last() == Some(&"") {
        lines.pop();
    }
    // Some put the patch into a block of Markdown.
    let fenced = |line: &&str| line.trim().is_empty() || line.starts_with("```");
    let start = lines.iter().take_while(|line| fenced(line)).count();
    let end = lines.iter().rev().take_while(|line| fenced(line)).count();
    let end = lines.len().saturating_sub(end).max(start);
    lines.truncate(end);
    let mut reader = Reader { lines, at: start };
    match reader.peek() {
        None => Err(InputError("The patch is empty.".to_owned())),
        Some(line) if line.trim() == BEGIN => own(&mut reader),
        Some(line) if line.starts_with("*** ") => own(&mut reader),
        Some(line) if unified::begins(line) => unified::files(&mut reader),
        Some(_) => Err(reader.wrong(
            "is neither `*** Begin Patch` nor the beginning of a unified diff (`--- a/file`).",
        )),
    }
}

fn own(reader: &mut Reader<'_>) -> Result<Vec<FilePatch>, InputError> {
    reader.next_if(|line| line.trim() == BEGIN);
    let mut files = Vec::new();
    loop {
        while reader.next_if(|line| line.trim().is_empty()).is_some() {}
        match reader.peek() {
            None => break,
            Some(line) if line.trim() == END => {
                reader.next();
                break;
            }
            Some(_) => files.push(file(reader)?),
        }
    }
    match reader.peek() {
        Some(_) => Err(reader.wrong("stands behind `*** End Patch`.")),
        None => Ok(files),
    }
}

fn file(reader: &mut Reader<'_>) -> Result<FilePatch, InputError> {
    if let Some(path) = reader.tagged(ADD) {
        let content = added(reader);
        return Ok(FilePatch {
            path: path.to_owned(),
            action: Action::Add(content),
        });
    }
    if let Some(path) = reader.tagged(DELETE) {
        return Ok(FilePatch {
            path: path.to_owned(),
            action: Action::Delete,
        });
    }
    if let Some(path) = reader.tagged(UPDATE) {
        let move_to = reader.tagged(MOVE).map(str::to_owned);
        let hunks = hunks(reader)?;
        if hunks.is_empty() && move_to.is_none() {
            return Err(reader.wrong(&format!("ends the update of `{path}` without a change.")));
        }
        return Ok(FilePatch {
            path: path.to_owned(),
            action: Action::Update { move_to, hunks },
        });
    }
    Err(reader.wrong(
        "should be `*** Update File: `, `*** Add File: `, `*** Delete File: ` or `*** End Patch`; lines of an added file begin with `+`.",
    ))
}

fn added(reader: &mut Reader<'_>) -> String {
    let mut content = String::new();
    while let Some(line) = reader.next_if(|line| line.starts_with('+')) {
        content.push_str(line.get(1..).unwrap_or_default());
        content.push('\n');
    }
    content
}

fn hunks(reader: &mut Reader<'_>) -> Result<Vec<Hunk>, InputError> {
    let mut hunks = Vec::new();
    loop {
        let mut hunk = Hunk::default();
        let headed = reader.next_if(|line| line.starts_with("@@"));
        if let Some(head) = headed {
            let above = head.trim_matches('@').trim();
            hunk.below = (!above.is_empty()).then(|| above_as_written(head));
        }
        body(reader, &mut hunk);
        if hunk.old.is_empty() && hunk.new.is_empty() {
            // `@@ class A` and `@@ fn b` in two lines: the second is nearer.
            match (headed, reader.peek()) {
                (Some(_), Some(line)) if line.starts_with("@@") => continue,
                (Some(_), _) => {
                    return Err(reader.wrong(
                        "should belong to the part that `@@` begins: a blank, `-` or `+` first.",
                    ));
                }
                (None, _) => return Ok(hunks),
            }
        }
        hunks.push(hunk);
    }
}

/// The line behind `@@`, with the blanks it begins with.
fn above_as_written(head: &str) -> String {
    let rest = head.trim_start_matches('@');
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    rest.strip_suffix(" @@").unwrap_or(rest).to_owned()
}

fn body(reader: &mut Reader<'_>, hunk: &mut Hunk) {
    while let Some(line) = reader.peek() {
        match line.split_at_checked(1) {
            Some(("-", rest)) => hunk.old.push(rest.to_owned()),
            Some(("+", rest)) => hunk.new.push(rest.to_owned()),
            Some((" ", rest)) => {
                hunk.old.push(rest.to_owned());
                hunk.new.push(rest.to_owned());
            }
            // An empty line of context whose blank got lost.
            None if reader.context_follows() => {
                hunk.old.push(String::new());
                hunk.new.push(String::new());
            }
            _ if line.trim_end() == END_OF_FILE => hunk.at_end = true,
            _ => return,
        }
        reader.next();
    }
}

impl Reader<'_> {
    /// Whether behind the empty lines that come next the part goes on.
    fn context_follows(&self) -> bool {
        let rest = self.lines.iter().skip(self.at);
        let next = rest.into_iter().find(|line| !line.is_empty());
        next.is_some_and(|line| line.starts_with([' ', '+', '-']))
    }
}
