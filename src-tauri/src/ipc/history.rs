//! Commands on histories: pages of them, forks, going back, and the places
//! sessions are kept in.

use engine::{ExportFormat, Forked, Overwrite};
use protocol::{Cut, CutMade, ErrorInfo, MessageId, MessagePage, Place, SessionId};
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
pub async fn session_place(
    shell: State<'_, Shell>,
    session_id: SessionId,
    place: Place,
) -> Result<(), ErrorInfo> {
    shell.engine.place_session(&session_id, place).await
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
