//! Commands on the app as a whole.

use std::path::Path;
use std::sync::Arc;

use engine::ActiveProvider;
use protocol::ErrorInfo;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, State};

use super::types::{AppState, ShellEvent, SpeciesInfo};
use super::voice;
use crate::dialog::{self, Choice};
use crate::shell::branch;
use crate::{Shell, ipc};

#[tauri::command]
pub async fn app_state(shell: State<'_, Shell>) -> Result<AppState, ErrorInfo> {
    Ok(state(&shell).await)
}

#[tauri::command]
pub async fn subscribe(
    shell: State<'_, Shell>,
    channel: Channel<Vec<ShellEvent>>,
) -> Result<(), ErrorInfo> {
    Arc::clone(&shell.listener).set(Some(channel));
    Ok(())
}

/// Lets the person choose a folder, and remembers it.
#[tauri::command]
pub async fn workspace_choose(app: AppHandle) -> Result<Option<String>, ErrorInfo> {
    let Some(folder) = dialog::choose(&app, Choice::Workspace).await else {
        return Ok(None);
    };
    let folder = folder.display().to_string();
    let mut settings = app.state::<Shell>().engine.settings();
    settings.workspace = Some(folder.clone());
    ipc::settings::apply(&app, settings).await?;
    Ok(Some(folder))
}

/// Everything the window needs besides sessions.
pub async fn state(shell: &Shell) -> AppState {
    let engine = &shell.engine;
    let settings = engine.settings();
    let mut notices = engine.notices();
    notices.extend(shell.no_bus.clone());
    let active = match engine.active_provider().await {
        Ok(active) => active,
        Err(error) => {
            notices.push(error);
            no_provider(&settings.provider)
        }
    };
    let voice = voice::status(shell, &settings).await;
    AppState {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        home: engine.home().data.display().to_string(),
        branch: settings
            .workspace
            .as_deref()
            .and_then(|folder| branch(Path::new(folder))),
        workspace: settings.workspace.clone(),
        providers: engine.providers().await,
        active,
        voice,
        species: species(),
        sandbox: engine.sandbox().await,
        notices,
        first_start: engine.is_first_start(),
        settings,
    }
}

fn no_provider(id: &str) -> ActiveProvider {
    ActiveProvider {
        id: id.to_owned(),
        label: "Nobody yet".into(),
        model: String::new(),
        effort: protocol::Effort::Auto,
        efforts: Vec::new(),
        offline: false,
    }
}

fn species() -> Vec<SpeciesInfo> {
    buddy::species()
        .iter()
        .map(|species| SpeciesInfo {
            name: species.name.clone(),
            label: species.label.clone(),
            rarity: species.rarity,
        })
        .collect()
}
