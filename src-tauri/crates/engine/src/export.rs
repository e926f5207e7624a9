//! A session as a file to keep or to pass on: Markdown, JSON or HTML. Pure
//! functions of the session's view, and the careful writing of the file.

use std::path::Path;

use protocol::{Block, ErrorInfo, ErrorKind, Message, Outcome, Role, ToolCall, ToolResult};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::SessionView;
use crate::clock::utc_date;
use crate::draft_file::draft;

mod html;
mod markdown;

/// Grows when a field of the JSON export changes its meaning or goes; new
/// fields alone do not change it.
const JSON_VERSION: u32 = 1;

/// Words of the title that a file name takes.
const NAME_WORDS: usize = 8;

/// What the file is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// For reading and for issues.
    Markdown,
    /// For programs: complete, with a version.
    Json,
    /// For a browser: one file, no scripts, light and dark.
    Html,
}

/// What happens to a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// It stays and the caller is told.
    Refuse,
    /// It is replaced.
    Allow,
}

/// A file name for a session: its title in small letters, and the ending.
#[must_use]
pub fn export_name(title: &str, format: ExportFormat) -> String {
    let words = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(NAME_WORDS)
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join("-");
    let stem = if words.is_empty() { "session" } else { &words };
    let ending = match format {
        ExportFormat::Markdown => "md",
        ExportFormat::Json => "json",
        ExportFormat::Html => "html",
    };
    format!("{stem}.{ending}")
}

/// The session as text of the format. The view should hold all messages:
/// see [`Engine::whole_session`](crate::Engine::whole_session).
///
/// # Errors
/// When the session cannot be written as JSON.
pub fn export(view: &SessionView, format: ExportFormat) -> Result<String, ErrorInfo> {
    match format {
        ExportFormat::Markdown => Ok(markdown::export(view)),
        ExportFormat::Html => Ok(html::export(view)),
        ExportFormat::Json => json(view),
    }
}

/// Writes the file whole or not at all.
///
/// # Errors
/// The file is there and may not be replaced, or it cannot be written.
pub fn save_export(path: &Path, text: &str, overwrite: Overwrite) -> Result<(), ErrorInfo> {
    let exists = || {
        ErrorInfo::new(
            ErrorKind::Usage,
            format!("There is a file `{}` already.", path.display()),
            "Choose another name, or replace it with `--force`.",
        )
    };
    if overwrite == Overwrite::Refuse && path.symlink_metadata().is_ok() {
        return Err(exists());
    }
    let failed = |error: &std::io::Error| {
        ErrorInfo::new(
            ErrorKind::Disk,
            format!("`{}` cannot be written: {error}.", path.display()),
            "Choose another folder, or free some space.",
        )
    };
    let file = draft(path, text).map_err(|error| failed(&error))?;
    let kept = match overwrite {
        Overwrite::Allow => file.persist(path),
        // Somebody may have made it since; then it stays.
        Overwrite::Refuse => file.persist_noclobber(path),
    };
    kept.map(drop).map_err(|error| match error.error.kind() {
        std::io::ErrorKind::AlreadyExists => exists(),
        _ => failed(&error.error),
    })
}

#[derive(Serialize)]
struct JsonExport<'a> {
    format: &'static str,
    version: u32,
    session: JsonSession<'a>,
    usage: protocol::Usage,
    messages: &'a [Message],
}

#[derive(Serialize)]
struct JsonSession<'a> {
    id: &'a str,
    title: &'a str,
    workspace: &'a str,
    created_ms: u64,
    updated_ms: u64,
}

fn json(view: &SessionView) -> Result<String, ErrorInfo> {
    let summary = &view.summary;
    let document = JsonExport {
        format: "familiar-session",
        version: JSON_VERSION,
        session: JsonSession {
            id: summary.id.as_str(),
            title: &summary.title,
            workspace: &summary.workspace,
            created_ms: summary.created_ms,
            updated_ms: summary.updated_ms,
        },
        usage: view.usage,
        messages: &view.messages,
    };
    let mut text = serde_json::to_string_pretty(&document).map_err(|error| {
        ErrorInfo::new(
            ErrorKind::Internal,
            format!("This cannot be written as JSON: {error}."),
            "Please report it.",
        )
    })?;
    text.push('\n');
    Ok(text)
}

/// Folder, day and size, as one line under the title.
fn facts(view: &SessionView) -> String {
    let summary = &view.summary;
    let count = view.messages.len();
    let noun = if count == 1 { "message" } else { "messages" };
    let mut facts = vec![utc_date(summary.created_ms), format!("{count} {noun}")];
    if !summary.workspace.is_empty() {
        facts.insert(0, summary.workspace.clone());
    }
    if let Some(unreadable) = view.unreadable {
        facts.push(format!("{unreadable} damaged and left out"));
    }
    facts.join(" · ")
}

fn speaker(message: &Message) -> &'static str {
    match message.role {
        Role::User => "You",
        Role::Assistant => "Familiar",
    }
}

/// A message that only carries results gets no heading of its own.
fn has_heading(message: &Message) -> bool {
    message.blocks.iter().any(|block| match block {
        Block::Text { text } => !text.trim().is_empty(),
        Block::Attachment(_) => true,
        _ => false,
    }) || message.role == Role::Assistant
}

/// The arguments as a reader wants them: the command or path alone, when
/// there is nothing else.
fn arguments(call: &ToolCall) -> String {
    if let Some(fields) = call.input.as_object()
        && let [value] = fields.values().collect::<Vec<_>>().as_slice()
        && let Some(text) = value.as_str()
    {
        return text.to_owned();
    }
    serde_json::to_string_pretty(&call.input).unwrap_or_default()
}

fn outcome(result: &ToolResult) -> &'static str {
    match result.outcome {
        Outcome::Ok => "Result",
        Outcome::Failed => "Failed",
        Outcome::Denied => "Denied",
        Outcome::Cancelled => "Cancelled",
    }
}

#[cfg(test)]
mod tests;
