//! `fam session …`: the shelf of sessions from a terminal.

use std::path::Path;

use engine::{Engine, ExportFormat, Home, ImportSource, Options, Overwrite, TrashScope};
use protocol::{Cut, ErrorInfo, ErrorKind, Place, SessionEntry, SessionId, ShelfQuery};

use crate::args::{
    ExportFormatArg, ImportSourceArg, SessionArgs, SessionCommand, SessionExportArgs,
    SessionListArgs, SessionSearchArgs,
};
use crate::exit::{Exit, fail, print};

mod import;
mod rewind;

pub async fn session(args: SessionArgs) -> Exit {
    match answer(args.command).await {
        Ok(text) if text.is_empty() => Exit::Done,
        Ok(text) => print(&text),
        Err(error) => fail(&error),
    }
}

async fn answer(command: SessionCommand) -> Result<String, ErrorInfo> {
    let engine = Engine::open(
        Home::find()?,
        Options {
            unattended: true,
            ..Options::default()
        },
    )
    .await?;
    let answer = carry_out(&engine, command).await;
    engine.shutdown().await;
    answer
}

async fn carry_out(engine: &Engine, command: SessionCommand) -> Result<String, ErrorInfo> {
    match command {
        SessionCommand::List(args) => list(engine, args).await,
        SessionCommand::Search(args) => search(engine, args).await,
        SessionCommand::Show { id } => {
            let view = engine.whole_session(&find(engine, &id).await?).await?;
            engine::export(&view, ExportFormat::Markdown)
        }
        SessionCommand::Export(args) => export(engine, args).await,
        SessionCommand::Rename { id, title } => {
            let id = find(engine, &id).await?;
            engine.rename_session(&id, &title).await?;
            Ok(format!("Renamed {id}."))
        }
        SessionCommand::Archive { id } => place(engine, &id, Place::Archived).await,
        SessionCommand::Delete { id } => place(engine, &id, Place::Trashed).await,
        SessionCommand::Restore { id } => place(engine, &id, Place::Active).await,
        SessionCommand::EmptyTrash { older_than } => {
            let scope = match older_than {
                0 => TrashScope::All,
                days => TrashScope::OlderThanDays(days),
            };
            let count = engine.empty_trash(scope).await?;
            Ok(format!("Removed for good: {count}."))
        }
        SessionCommand::Fork { id, at } => fork(engine, &id, at).await,
        SessionCommand::Rewind(args) => rewind::rewind(engine, args).await,
        SessionCommand::Undo { id } => {
            let done = engine.undo_code(&find(engine, &id).await?).await?;
            Ok(done.in_words())
        }
        SessionCommand::Redo { id } => {
            let done = engine.redo_code(&find(engine, &id).await?).await?;
            Ok(done.in_words())
        }
        SessionCommand::Import(args) => import::import(engine, args).await,
    }
}

async fn find(engine: &Engine, id: &str) -> Result<SessionId, ErrorInfo> {
    Ok(engine.find_session(id).await?.summary.id)
}

async fn list(engine: &Engine, args: SessionListArgs) -> Result<String, ErrorInfo> {
    let query = ShelfQuery {
        words: args.query,
        places: places(args.all),
        limit: args.limit,
        ..ShelfQuery::default()
    };
    let page = engine.shelf(&query).await?;
    if args.json {
        return to_json(&page.entries);
    }
    if page.entries.is_empty() {
        return Ok("No sessions.".into());
    }
    let mut lines: Vec<String> = page.entries.iter().map(line).collect();
    let hidden = page.total.saturating_sub(page.entries.len() as u64);
    if hidden > 0 {
        lines.push(format!("… and {hidden} more: see `--limit`"));
    }
    Ok(lines.join("\n"))
}

fn line(entry: &SessionEntry) -> String {
    let summary = &entry.summary;
    let place = match entry.place {
        Place::Active => "",
        Place::Archived => "  (archived)",
        Place::Trashed => "  (in the trash)",
    };
    format!(
        "{}  {:>4} messages  {}{place}",
        summary.id, summary.message_count, summary.title
    )
}

async fn search(engine: &Engine, args: SessionSearchArgs) -> Result<String, ErrorInfo> {
    let query = ShelfQuery {
        words: args.words.join(" "),
        places: places(args.all),
        limit: args.limit,
        ..ShelfQuery::default()
    };
    let page = engine.search(&query).await?;
    if args.json {
        return to_json(&page);
    }
    if page.hits.is_empty() {
        return Ok("Nothing found.".into());
    }
    let mut lines = Vec::new();
    for hit in &page.hits {
        let parts = hit.snippet.iter().map(|part| match part.hit {
            true => format!("[{}]", part.text),
            false => part.text.clone(),
        });
        let aside = if hit.superseded {
            "  (on another branch)"
        } else {
            ""
        };
        lines.push(format!("{}  {}{aside}", hit.session_id, hit.title));
        lines.push(format!("    {}", parts.collect::<String>()));
    }
    if page.more {
        lines.push("… and more: see `--limit`".into());
    }
    Ok(lines.join("\n"))
}

async fn export(engine: &Engine, args: SessionExportArgs) -> Result<String, ErrorInfo> {
    let format = match args.format {
        Some(ExportFormatArg::Md) => ExportFormat::Markdown,
        Some(ExportFormatArg::Json) => ExportFormat::Json,
        Some(ExportFormatArg::Html) => ExportFormat::Html,
        None => format_of(args.output.as_deref()),
    };
    let id = find(engine, &args.id).await?;
    let text = engine::export(&engine.whole_session(&id).await?, format)?;
    let Some(path) = args.output else {
        return Ok(text);
    };
    let overwrite = if args.force {
        Overwrite::Allow
    } else {
        Overwrite::Refuse
    };
    engine::save_export(&path, &text, overwrite)?;
    Ok(format!("Wrote {}.", path.display()))
}

fn format_of(path: Option<&Path>) -> ExportFormat {
    let ending = path
        .and_then(Path::extension)
        .map(|ending| ending.to_ascii_lowercase());
    match ending.as_ref().and_then(|ending| ending.to_str()) {
        Some("md" | "markdown") => ExportFormat::Markdown,
        Some("html" | "htm") => ExportFormat::Html,
        _ => ExportFormat::Json,
    }
}

async fn place(engine: &Engine, id: &str, place: Place) -> Result<String, ErrorInfo> {
    let entry = engine.find_session(id).await?;
    let id = entry.summary.id;
    engine.place_session(&id, place).await?;
    Ok(match place {
        Place::Active => format!("{id} is in the list."),
        Place::Archived => format!("{id} is in the archive."),
        Place::Trashed => {
            format!("{id} is in the trash; `fam session restore {id}` brings it back.")
        }
    })
}

async fn fork(engine: &Engine, id: &str, at: Option<usize>) -> Result<String, ErrorInfo> {
    let id = find(engine, id).await?;
    let cut = match at {
        None => Cut::End,
        Some(number) => {
            let messages = engine.whole_session(&id).await?.messages;
            if number > messages.len() {
                return Err(ErrorInfo::new(
                    ErrorKind::Usage,
                    format!("The session has {} messages, not {number}.", messages.len()),
                    "Give a smaller number to `--at`.",
                ));
            }
            match number.checked_sub(1) {
                Some(last) => Cut::Through(messages[last].id.clone()),
                None => messages
                    .first()
                    .map_or(Cut::End, |first| Cut::Before(first.id.clone())),
            }
        }
    };
    let forked = engine.fork_session(&id, &cut).await?;
    let moved = match forked.cut.moved {
        0 => "",
        _ => " The cut lies beside the message named, so that no tool call loses its result.",
    };
    Ok(format!(
        "{}  {} messages  {}.{moved}",
        forked.summary.id, forked.cut.kept, forked.summary.title
    ))
}

fn places(all: bool) -> Vec<Place> {
    if all {
        Place::ALL.to_vec()
    } else {
        vec![Place::Active]
    }
}

fn to_json(value: &impl serde::Serialize) -> Result<String, ErrorInfo> {
    serde_json::to_string_pretty(value).map_err(|error| {
        ErrorInfo::new(
            ErrorKind::Internal,
            format!("This cannot be written as JSON: {error}."),
            "Please report it.",
        )
    })
}

impl From<ImportSourceArg> for ImportSource {
    fn from(source: ImportSourceArg) -> Self {
        match source {
            ImportSourceArg::ClaudeCode => Self::ClaudeCode,
            ImportSourceArg::Codex => Self::Codex,
            ImportSourceArg::OpenCode => Self::OpenCode,
        }
    }
}
