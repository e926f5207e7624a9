//! Commands on the shelf: lists of sessions, search, archive and trash.

use engine::{TRASH_DAYS, TrashScope};
use protocol::{ErrorInfo, Place, SearchPage, SessionId, SessionPage, ShelfQuery, TrashSize};
use tauri::State;

use super::types::ShelfCounts;
use crate::Shell;

#[tauri::command]
pub async fn search(shell: State<'_, Shell>, query: ShelfQuery) -> Result<SearchPage, ErrorInfo> {
    shell.engine.search(&query).await
}

#[tauri::command]
pub async fn shelf(shell: State<'_, Shell>, query: ShelfQuery) -> Result<SessionPage, ErrorInfo> {
    shell.engine.shelf(&query).await
}

#[tauri::command]
pub async fn shelf_counts(shell: State<'_, Shell>) -> Result<ShelfCounts, ErrorInfo> {
    Ok(ShelfCounts {
        active: count(&shell, Place::Active).await?,
        archived: count(&shell, Place::Archived).await?,
        trashed: count(&shell, Place::Trashed).await?,
        trash_days: TRASH_DAYS,
    })
}

/// Apart from the counts: a large trash takes a moment to measure.
#[tauri::command]
pub async fn trash_size(shell: State<'_, Shell>) -> Result<TrashSize, ErrorInfo> {
    shell.engine.trash_size().await
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
pub async fn session_delete(
    shell: State<'_, Shell>,
    session_id: SessionId,
) -> Result<(), ErrorInfo> {
    shell.engine.delete_session(&session_id).await
}

/// Removes all that is in the trash; tells how many sessions.
#[tauri::command]
pub async fn trash_empty(shell: State<'_, Shell>) -> Result<u64, ErrorInfo> {
    shell.engine.empty_trash(TrashScope::All).await
}

async fn count(shell: &Shell, place: Place) -> Result<u64, ErrorInfo> {
    let query = ShelfQuery {
        places: vec![place],
        limit: 1,
        ..ShelfQuery::default()
    };
    Ok(shell.engine.shelf(&query).await?.total)
}
