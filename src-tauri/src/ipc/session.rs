//! Commands on sessions and on the questions of their turns.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::{Attachment, SessionView, Submission};
use protocol::{
    Answer, AnsweredBy, ErrorInfo, ErrorKind, Origin, PermissionMode, RequestId, SessionId,
    SessionSummary, TurnId,
};
use tauri::State;

use super::types::{GivenFile, GivenFiles};
use crate::Shell;

#[tauri::command]
pub async fn session_start(
    shell: State<'_, Shell>,
    workspace: Option<String>,
) -> Result<SessionSummary, ErrorInfo> {
    let folder = match workspace {
        Some(folder) => PathBuf::from(folder),
        None => shell.workspace()?,
    };
    let summary = shell.engine.start_session(&folder)?;
    shell.set_current(&summary.id);
    Ok(summary)
}

#[tauri::command]
pub async fn session_open(
    shell: State<'_, Shell>,
    session_id: SessionId,
) -> Result<SessionView, ErrorInfo> {
    let view = shell.engine.open_session(&session_id).await?;
    shell.set_current(&session_id);
    Ok(view)
}

#[tauri::command]
pub async fn session_submit(
    shell: State<'_, Shell>,
    session_id: SessionId,
    text: String,
    origin: Origin,
    files: Option<GivenFiles>,
) -> Result<TurnId, ErrorInfo> {
    // The window speaks for the person only; program messages are ours.
    let origin = if origin == Origin::Spoken {
        Origin::Spoken
    } else {
        Origin::Typed
    };
    let files = files.unwrap_or_default();
    let submission = Submission {
        text,
        origin,
        attachments: decoded(files.attachments).await?,
        attachments_of: files.attachments_of,
    };
    shell.engine.submit(&session_id, submission).await
}

/// The files as bytes. They have some megabytes: no thread of the runtime
/// decodes them.
async fn decoded(files: Vec<GivenFile>) -> Result<Vec<Attachment>, ErrorInfo> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let work = move || files.into_iter().map(decode).collect();
    tauri::async_runtime::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| {
            Err(ErrorInfo::new(
                ErrorKind::Internal,
                format!("The attachments could not be read: {error}."),
                "Attach them again.",
            ))
        })
}

fn decode(file: GivenFile) -> Result<Attachment, ErrorInfo> {
    let data = STANDARD.decode(&file.data).map_err(|error| {
        ErrorInfo::new(
            ErrorKind::Usage,
            format!("`{}` did not arrive whole: {error}.", file.name),
            "Attach it again.",
        )
    })?;
    Ok(Attachment {
        name: file.name,
        data,
    })
}

/// Whether the composer holds files: what is spoken then goes with them.
#[tauri::command]
pub async fn files_waiting(shell: State<'_, Shell>, waiting: bool) -> Result<(), ErrorInfo> {
    shell.set_files_waiting(waiting);
    Ok(())
}

#[tauri::command]
pub async fn session_cancel(
    shell: State<'_, Shell>,
    session_id: SessionId,
) -> Result<(), ErrorInfo> {
    shell.engine.cancel(&session_id);
    Ok(())
}

#[tauri::command]
pub async fn session_set_mode(
    shell: State<'_, Shell>,
    session_id: SessionId,
    mode: PermissionMode,
) -> Result<(), ErrorInfo> {
    shell.engine.set_mode(&session_id, mode).await
}

#[tauri::command]
pub async fn session_rename(
    shell: State<'_, Shell>,
    session_id: SessionId,
    title: String,
) -> Result<(), ErrorInfo> {
    shell.engine.rename_session(&session_id, &title).await
}

#[tauri::command]
pub async fn permission_answer(
    shell: State<'_, Shell>,
    request_id: RequestId,
    answer: Answer,
) -> Result<bool, ErrorInfo> {
    Ok(shell.engine.answer(&request_id, &answer, AnsweredBy::Card))
}

#[tauri::command]
pub async fn question_answer(
    shell: State<'_, Shell>,
    request_id: RequestId,
    answer: Option<String>,
) -> Result<bool, ErrorInfo> {
    Ok(shell.engine.answer_question(&request_id, answer.as_deref()))
}

#[cfg(test)]
mod tests;
