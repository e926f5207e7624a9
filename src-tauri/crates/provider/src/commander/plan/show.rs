//! Showing files and folders.

use serde_json::json;

use super::file::{Target, inside_or_say};
use super::{Played, Run};
use crate::commander::intent::FileRef;
use crate::commander::reading::{self, EntryKind};
use crate::commander::report;
use crate::commander::shell::quote_path;

/// Lines of a file an answer shows; the card has the rest.
const LINES_SHOWN: usize = 40;

/// Entries of a folder an answer shows.
const ENTRIES_SHOWN: usize = 60;

pub(super) fn open(run: &mut Run<'_>, file: &FileRef, lines: Option<(u64, u64)>) -> Played {
    let path = match run.target(file)? {
        Target::File(path) => path,
        Target::Folder(path) => return list_at(run, &path),
    };
    let input = match lines {
        None => json!({ "path": path }),
        Some((from, to)) => {
            json!({ "path": path, "offset": from.max(1), "limit": to.saturating_sub(from).saturating_add(1) })
        }
    };
    let reply = run.must("read", input, "“list the files” shows what can be opened.")?;
    let page = reading::page(reply);
    Ok(report::page(&path, &page, LINES_SHOWN))
}

pub(super) fn list(run: &mut Run<'_>, folder: Option<&str>) -> Played {
    let Some(folder) = folder else {
        return list_at(run, ".");
    };
    match run.target(&FileRef::Vague(inside_or_say(folder)?))? {
        Target::File(path) => open(run, &FileRef::Named(path), None),
        Target::Folder(path) => list_at(run, &path),
    }
}

fn list_at(run: &mut Run<'_>, folder: &str) -> Played {
    let listing = run.must(
        "list_dir",
        json!({ "path": folder }),
        "“list the files” shows the folders at the top.",
    )?;
    let entries = reading::entries(listing);
    let place = if folder == "." {
        "This folder".to_owned()
    } else {
        report::code(folder)
    };
    if entries.is_empty() {
        return Ok(format!("{place} is empty."));
    }
    let names: Vec<String> = entries
        .iter()
        .map(|entry| match entry.kind {
            EntryKind::Folder => format!("{}/", entry.name),
            EntryKind::File => entry.name.clone(),
        })
        .collect();
    let folders = names.iter().filter(|name| name.ends_with('/')).count();
    let files = names.len() - folders;
    let counts = match (folders, files) {
        (0, files) => report::counted(files, "file"),
        (folders, 0) => report::counted(folders, "folder"),
        (folders, files) => {
            format!(
                "{} and {}",
                report::counted(folders, "folder"),
                report::counted(files, "file")
            )
        }
    };
    Ok(format!(
        "{place} holds {counts}:\n\n{}",
        report::bullets(&names, ENTRIES_SHOWN)
    ))
}

pub(super) fn count_lines(run: &mut Run<'_>, file: &FileRef) -> Played {
    let path = run.file(file)?;
    let command = format!("wc -l -- {}", quote_path(&path));
    let reply = run.must(
        "bash",
        json!({ "command": command, "description": "Count the lines" }),
        "“open” shows the file instead.",
    )?;
    let output = reading::output(reply);
    let count = output
        .text
        .split_whitespace()
        .next()
        .and_then(|word| word.parse::<usize>().ok());
    Ok(match count {
        Some(count) => format!(
            "{} has {}.",
            report::code(&path),
            report::counted(count, "line")
        ),
        None => format!(
            "I could not read the count from the answer:\n\n{}",
            report::fenced("text", &output.text)
        ),
    })
}
