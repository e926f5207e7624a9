//! Commands on histories: pages of them, their branches, forks, going back.

use engine::{ExportFormat, Forked, Overwrite};
use protocol::{Branch, Cut, CutMade, ErrorInfo, MessageId, MessagePage, SessionId};
use tauri::{AppHandle, Manager, State};

use crate::Shell;
use crate::dialog::{self, Choice};

/// Messages fetched when somebody scrolls back: a few screens.
const PAGE: u32 = 200;

#[tauri::command]
pub async fn history_older(
    shell: State<'_, Shell>,
    session_id: SessionId,
    before: MessageId,
) -> Result<MessagePage, ErrorInfo> {
    shell
        .engine
        .older_messages(&session_id, &before, PAGE)
        .await
}

#[tauri::command]
pub async fn history_newer(
    shell: State<'_, Shell>,
    session_id: SessionId,
    after: MessageId,
) -> Result<MessagePage, ErrorInfo> {
    shell.engine.newer_messages(&session_id, &after, PAGE).await
}

#[tauri::command]
pub async fn history_around(
    shell: State<'_, Shell>,
    session_id: SessionId,
    message_id: MessageId,
) -> Result<MessagePage, ErrorInfo> {
    shell
        .engine
        .messages_around(&session_id, &message_id, PAGE)
        .await
}

#[tauri::command]
pub async fn branches(
    shell: State<'_, Shell>,
    session_id: SessionId,
) -> Result<Vec<Branch>, ErrorInfo> {
    shell.engine.branches(&session_id).await
}

#[tauri::command]
pub async fn branch_choose(
    shell: State<'_, Shell>,
    session_id: SessionId,
    number: u64,
) -> Result<(), ErrorInfo> {
    shell.engine.choose_branch(&session_id, number).await
}

#[tauri::command]
pub async fn session_fork(
    shell: State<'_, Shell>,
    session_id: SessionId,
    cut: Cut,
) -> Result<Forked, ErrorInfo> {
    shell.engine.fork_session(&session_id, &cut).await
}

#[tauri::command]
pub async fn session_rewind(
    shell: State<'_, Shell>,
    session_id: SessionId,
    cut: Cut,
) -> Result<CutMade, ErrorInfo> {
    shell.engine.rewind_session(&session_id, &cut).await
}

/// Asks where to, and saves the session there. None when the person changed
/// their mind, otherwise the path.
#[tauri::command]
pub async fn session_export(
    app: AppHandle,
    session_id: SessionId,
    format: ExportFormat,
) -> Result<Option<String>, ErrorInfo> {
    let engine = app.state::<Shell>().engine.clone();
    let view = engine.whole_session(&session_id).await?;
    let text = engine::export(&view, format)?;
    let name = engine::export_name(&view.summary.title, format);
    // The desktop's own dialog asks before it lets a file be replaced.
    let Some(path) = dialog::choose(&app, Choice::Save(name)).await else {
        return Ok(None);
    };
    engine::save_export(&path, &text, Overwrite::Allow)?;
    Ok(Some(path.display().to_string()))
}
