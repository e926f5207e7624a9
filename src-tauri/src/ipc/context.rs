//! Commands on what a model sees, what was spent, and slash commands.

use engine::{CommandInfo, CommandReply, MemoryView};
use protocol::{ContextReport, ErrorInfo, SessionId, UsageReport};
use tauri::{AppHandle, Manager, State};

use crate::Shell;

#[tauri::command]
pub async fn commands(shell: State<'_, Shell>) -> Result<Vec<CommandInfo>, ErrorInfo> {
    Ok(shell.engine.commands())
}

#[tauri::command]
pub async fn command_run(
    app: AppHandle,
    session_id: SessionId,
    text: String,
) -> Result<Option<CommandReply>, ErrorInfo> {
    let shell = app.state::<Shell>();
    let before = shell.engine.settings();
    let reply = shell.engine.command(&session_id, &text).await;
    if shell.engine.settings() != before {
        // `/model`, `/effort`, `/flags`.
        super::settings::follow_soon(&app);
    }
    reply
}

#[tauri::command]
pub async fn context_report(
    shell: State<'_, Shell>,
    session_id: SessionId,
) -> Result<ContextReport, ErrorInfo> {
    shell.engine.context(&session_id).await
}

#[tauri::command]
pub async fn compact(
    shell: State<'_, Shell>,
    session_id: SessionId,
    focus: Option<String>,
) -> Result<bool, ErrorInfo> {
    shell.engine.compact(&session_id, focus.as_deref()).await
}

#[tauri::command]
pub async fn compact_undo(
    shell: State<'_, Shell>,
    session_id: SessionId,
) -> Result<bool, ErrorInfo> {
    shell.engine.undo_compaction(&session_id).await
}

#[tauri::command]
pub async fn memory_view(
    shell: State<'_, Shell>,
    session_id: SessionId,
) -> Result<MemoryView, ErrorInfo> {
    shell.engine.memory(&session_id).await
}

#[tauri::command]
pub async fn memory_read(
    shell: State<'_, Shell>,
    session_id: SessionId,
    path: String,
) -> Result<String, ErrorInfo> {
    shell.engine.read_memory(&session_id, &path).await
}

#[tauri::command]
pub async fn memory_write(
    shell: State<'_, Shell>,
    session_id: SessionId,
    path: String,
    text: String,
) -> Result<(), ErrorInfo> {
    shell.engine.write_memory(&session_id, &path, &text).await
}

#[tauri::command]
pub async fn usage_report(
    shell: State<'_, Shell>,
    session_id: Option<SessionId>,
) -> Result<UsageReport, ErrorInfo> {
    shell.engine.usage_report(session_id.as_ref()).await
}
