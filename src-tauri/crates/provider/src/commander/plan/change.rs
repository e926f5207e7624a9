//! Making, changing, moving and removing files. Nothing that exists is
//! overwritten without a question.

use serde_json::json;

use super::file::inside_or_say;
use super::{Played, Run, Step};
use crate::commander::intent::FileRef;
use crate::commander::name::looks_like_file;
use crate::commander::reading::{self, EntryKind};
use crate::commander::report::{self, code};
use crate::commander::shell::quote_path;

/// Whether a file keeps its old place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relocation {
    Move,
    Copy,
}

/// Lines read at the end of a file too long to be read at once.
const TAIL_LINES: usize = 40;

const OVERWRITE: &str = "Replace what is in it";
const ADD: &str = "Add to its end";
const LEAVE: &str = "Leave it as it is";

pub(super) fn create(run: &mut Run<'_>, file: &FileRef, text: &str) -> Played {
    let path = run.path(file)?;
    if let Some((found, kind)) = run.entry(&path)? {
        let what = if kind == EntryKind::Folder {
            "a folder"
        } else {
            "a file"
        };
        return Ok(format!(
            "There is already {what} called {}, so I left it as it is. “open {found}” shows it.",
            code(&found)
        ));
    }
    put(run, &path, text)?;
    Ok(match text.lines().count() {
        0 => format!("I created {}. It is empty.", code(&path)),
        lines => format!(
            "I created {} with {}.",
            code(&path),
            report::counted(lines, "line")
        ),
    })
}

pub(super) fn write(run: &mut Run<'_>, file: &FileRef, text: &str) -> Played {
    let path = run.path(file)?;
    match run.entry(&path)? {
        None => {
            put(run, &path, text)?;
            Ok(format!(
                "I created {} with {}.",
                code(&path),
                report::counted(text.lines().count(), "line")
            ))
        }
        Some((found, EntryKind::Folder)) => Ok(format!(
            "{} is a folder, so I cannot write into it as a file.",
            code(&found)
        )),
        Some((found, EntryKind::File)) => overwrite(run, &found, text),
    }
}

/// The read before the write is what the write tool wants to see, too.
fn overwrite(run: &mut Run<'_>, path: &str, text: &str) -> Played {
    let before = run.must("read", json!({ "path": path }), "Choose another name.")?;
    let page = reading::page(before);
    if page.total > 0 {
        let question = format!(
            "`{path}` already holds {}. What shall I do?",
            report::counted(page.total, "line")
        );
        let options = json!([{ "label": LEAVE }, { "label": ADD }, { "label": OVERWRITE }]);
        let reply = run.call(
            "ask_user",
            json!({ "question": question, "options": options }),
        )?;
        match reading::answer(reply) {
            Some(OVERWRITE) => {}
            Some(ADD) => return append_to(run, path, text),
            _ => return Ok(format!("I left {} as it is.", code(path))),
        }
    }
    put(run, path, text)?;
    Ok(format!(
        "I wrote {} to {}.",
        report::counted(text.lines().count(), "line"),
        code(path)
    ))
}

pub(super) fn append(run: &mut Run<'_>, file: &FileRef, text: &str) -> Played {
    let path = run.file(file)?;
    append_to(run, &path, text)
}

/// An edit of the last lines: the dialog then shows what changes, and no
/// command runs. As many lines as it takes to name the place once.
fn append_to(run: &mut Run<'_>, path: &str, text: &str) -> Played {
    let mut page =
        reading::page(run.must("read", json!({ "path": path }), "Name another file.")?);
    if !page.is_whole() {
        let offset = page.total.saturating_sub(TAIL_LINES).max(1);
        page = reading::page(run.must(
            "read",
            json!({ "path": path, "offset": offset }),
            "Name another file.",
        )?);
    }
    if page.total == 0 {
        put(run, path, text)?;
    } else {
        let old = tail(&page);
        let input = json!({ "path": path, "old_text": old, "new_text": format!("{old}\n{text}") });
        run.must("edit", input, "Open the file and look at its end first.")?;
    }
    Ok(format!(
        "I added {} to the end of {}.",
        report::counted(text.lines().count().max(1), "line"),
        code(path)
    ))
}

/// The fewest last lines that stand only once in what was seen.
fn tail(page: &reading::Page) -> String {
    let whole = page.text();
    let ends = |count: usize| {
        let lines: Vec<&str> = page.lines[page.lines.len() - count..]
            .iter()
            .map(|line| line.text.as_str())
            .collect();
        lines.join("\n")
    };
    (1..=page.lines.len())
        .map(ends)
        .find(|end| !end.trim().is_empty() && whole.matches(end.as_str()).count() == 1)
        .unwrap_or(whole.clone())
}

pub(super) fn replace(
    run: &mut Run<'_>,
    (old, new): (&str, &str),
    file: Option<&FileRef>,
) -> Played {
    let Some(file) = file else {
        return Ok(format!(
            "Say in which file, for example “replace {old} with {new} in main.rs”. “search for {old}” shows where it stands."
        ));
    };
    let path = run.file(file)?;
    let before = run.must("read", json!({ "path": path }), "Name another file.")?;
    let page = reading::page(before);
    let content = page.text();
    let count = content.matches(old).count();
    if count == 0 {
        return Ok(not_there(&path, old, &page));
    }
    let mut input = json!({ "path": path, "old_text": old, "new_text": new });
    if count > 1
        && let Some(object) = input.as_object_mut()
    {
        object.insert("replace_all".to_owned(), json!(true));
    }
    run.must("edit", input, "Open the file and look at the text first.")?;
    Ok(match (count, page.is_whole()) {
        (1, true) => format!(
            "I replaced {} with {} in {}.",
            code(old),
            code(new),
            code(&path)
        ),
        (count, true) => {
            format!(
                "I replaced {} with {} in {}, in {count} places.",
                code(old),
                code(new),
                code(&path)
            )
        }
        (_, false) => format!(
            "I replaced {} with {} in {}. I saw only a part of the file, so I cannot say in how many places.",
            code(old),
            code(new),
            code(&path)
        ),
    })
}

fn not_there(path: &str, old: &str, page: &reading::Page) -> String {
    let lower = old.to_lowercase();
    let other_case = page
        .lines
        .iter()
        .find(|line| line.text.to_lowercase().contains(&lower));
    let where_seen = if page.is_whole() {
        ""
    } else {
        " in the part I saw"
    };
    let mut words = format!(
        "{} does not stand in {}{where_seen}, so nothing was changed.",
        code(old),
        code(path)
    );
    if let Some(line) = other_case {
        words.push_str(&format!(
            " Line {} has it in other capitals: {}. Say it in that way.",
            line.number,
            code(line.text.trim())
        ));
    }
    words
}

pub(super) fn delete(run: &mut Run<'_>, file: &FileRef) -> Played {
    let path = run.file(file)?;
    shell(
        run,
        &format!("rm -- {}", quote_path(&path)),
        &format!("Delete {path}"),
    )?;
    Ok(format!("I deleted {}.", code(&path)))
}

pub(super) fn create_folder(run: &mut Run<'_>, name: &str) -> Played {
    let path = inside_or_say(name)?;
    if let Some((found, _)) = run.entry(&path)? {
        return Ok(format!("{} is already there.", code(&found)));
    }
    shell(
        run,
        &format!("mkdir -p -- {}", quote_path(&path)),
        &format!("Make the folder {path}"),
    )?;
    Ok(format!("I created the folder {}.", code(&path)))
}

pub(super) fn relocate(run: &mut Run<'_>, file: &FileRef, to: &str, how: Relocation) -> Played {
    let from = run.file(file)?;
    let mut to = destination(&from, &inside_or_say(to)?);
    if let Some((found, kind)) = run.entry(&to)? {
        let name = from.rsplit('/').next().unwrap_or(&from);
        match kind {
            EntryKind::Folder => to = format!("{found}/{name}"),
            EntryKind::File => {
                return Ok(format!(
                    "{} is already there, so I moved nothing over it.",
                    code(&found)
                ));
            }
        }
        if run.entry(&to)?.is_some() {
            return Ok(format!(
                "{} is already there, so I moved nothing over it.",
                code(&to)
            ));
        }
    } else if !looks_like_file(&to)
        && from
            .rsplit('/')
            .next()
            .is_some_and(|name| name.contains('.'))
    {
        return Ok(format!(
            "There is no folder {}, and as a new name it lacks an ending. Nothing was done. Say, for example, “rename {from} to {to}.txt”.",
            code(&to)
        ));
    }
    let (program, done) = match how {
        Relocation::Move => ("mv -nv", "moved"),
        Relocation::Copy => ("cp -nv", "copied"),
    };
    let output = shell(
        run,
        &format!("{program} -- {} {}", quote_path(&from), quote_path(&to)),
        &format!(
            "{} {from} to {to}",
            if how == Relocation::Move {
                "Move"
            } else {
                "Copy"
            }
        ),
    )?;
    // `-n` passes over an existing target without a word; `-v` tells what was done.
    if output.trim().is_empty() {
        return Ok(format!(
            "Nothing was {done}: {} seems to be there already.",
            code(&to)
        ));
    }
    Ok(format!("I {done} {} to {}.", code(&from), code(&to)))
}

/// A bare new name stays in the old folder.
fn destination(from: &str, to: &str) -> String {
    match from.rsplit_once('/') {
        Some((folder, _)) if !to.contains('/') && looks_like_file(to) => format!("{folder}/{to}"),
        _ => to.to_owned(),
    }
}

fn put(run: &mut Run<'_>, path: &str, text: &str) -> Result<(), Step> {
    let mut content = text.to_owned();
    if !content.is_empty() && !content.ends_with('\n') {
        content.push('\n');
    }
    run.must(
        "write",
        json!({ "path": path, "content": content }),
        "Choose another name or folder.",
    )?;
    Ok(())
}

/// Runs a command whose failure ends the plan; gives its output.
fn shell(run: &mut Run<'_>, command: &str, description: &str) -> Result<String, Step> {
    let input = json!({ "command": command, "description": description });
    let reply = run.call("bash", input.clone())?;
    let output = reading::output(reply);
    if output.succeeded() {
        return Ok(output.text);
    }
    Err(Step::Say(report::failed(
        "bash",
        &input,
        reply,
        "“list the files” shows what is there now.",
    )))
}
