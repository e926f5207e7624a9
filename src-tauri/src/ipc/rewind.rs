//! Commands on the files of a session: plan a rewind, do it, take it back.

use engine::{OnConflict, Rewind, RewindScope, Settle};
use protocol::{ErrorInfo, MessageId, SessionId};
use tauri::State;

use crate::Shell;

#[tauri::command]
pub async fn rewind_plan(
    shell: State<'_, Shell>,
    session_id: SessionId,
    message_id: MessageId,
) -> Result<Rewind, ErrorInfo> {
    shell
        .engine
        .plan_code_rewind(&session_id, &message_id)
        .await
}

#[tauri::command]
pub async fn rewind(
    shell: State<'_, Shell>,
    session_id: SessionId,
    message_id: MessageId,
    scope: RewindScope,
    overwrite: bool,
) -> Result<Rewind, ErrorInfo> {
    let on_conflict = if overwrite {
        OnConflict::Overwrite
    } else {
        OnConflict::Keep
    };
    shell
        .engine
        .rewind(&session_id, &message_id, scope, on_conflict)
        .await
}

#[tauri::command]
pub async fn rewind_unfinished(
    shell: State<'_, Shell>,
    session_id: SessionId,
) -> Result<bool, ErrorInfo> {
    shell.engine.has_unfinished_rewind(&session_id).await
}

#[tauri::command]
pub async fn rewind_settle(
    shell: State<'_, Shell>,
    session_id: SessionId,
    finish: bool,
) -> Result<Rewind, ErrorInfo> {
    let how = if finish {
        Settle::Finish
    } else {
        Settle::RollBack
    };
    shell.engine.settle_code_rewind(&session_id, how).await
}
