//! Commands on settings, feature flags and keys.

use engine::{FlagView, ProviderStatus, SettingOrigin, Settings};
use protocol::ErrorInfo;
use tauri::{AppHandle, Manager, State};

use super::types::ShellEvent;
use crate::{Shell, hotkey, window};

#[tauri::command]
pub async fn settings_update(app: AppHandle, settings: Settings) -> Result<Settings, ErrorInfo> {
    apply(&app, settings.clone()).await?;
    Ok(settings)
}

/// Where each setting comes from, and which of them nobody here can change.
#[tauri::command]
pub async fn setting_origins(shell: State<'_, Shell>) -> Result<Vec<SettingOrigin>, ErrorInfo> {
    Ok(shell.engine.setting_origins())
}

#[tauri::command]
pub async fn flags(shell: State<'_, Shell>) -> Result<Vec<FlagView>, ErrorInfo> {
    Ok(shell.engine.flags())
}

/// Turns a flag on or off, or with none leaves it to the layers below.
#[tauri::command]
pub async fn flag_set(
    app: AppHandle,
    name: String,
    on: Option<bool>,
) -> Result<Vec<FlagView>, ErrorInfo> {
    let engine = app.state::<Shell>().engine.clone();
    let set = engine.set_flag(&name, on).await;
    follow_soon(&app);
    set?;
    Ok(engine.flags())
}

#[tauri::command]
pub async fn key_set(
    app: AppHandle,
    shell: State<'_, Shell>,
    provider: String,
    key: String,
) -> Result<Vec<ProviderStatus>, ErrorInfo> {
    shell.engine.set_key(&provider, &key).await?;
    after_key_change(&app).await
}

#[tauri::command]
pub async fn key_seal(
    app: AppHandle,
    shell: State<'_, Shell>,
    provider: String,
    key: String,
    passphrase: String,
) -> Result<Vec<ProviderStatus>, ErrorInfo> {
    shell.engine.seal_key(&provider, &key, &passphrase).await?;
    after_key_change(&app).await
}

#[tauri::command]
pub async fn keys_unlock(
    app: AppHandle,
    shell: State<'_, Shell>,
    passphrase: String,
) -> Result<Vec<ProviderStatus>, ErrorInfo> {
    shell.engine.unlock_keys(&passphrase).await?;
    after_key_change(&app).await
}

#[tauri::command]
pub async fn key_delete(
    app: AppHandle,
    shell: State<'_, Shell>,
    provider: String,
) -> Result<Vec<ProviderStatus>, ErrorInfo> {
    shell.engine.delete_key(&provider).await?;
    after_key_change(&app).await
}

async fn after_key_change(app: &AppHandle) -> Result<Vec<ProviderStatus>, ErrorInfo> {
    let shell = app.state::<Shell>();
    let state = super::app::state(&shell).await;
    let providers = state.providers.clone();
    shell.relay.send(ShellEvent::State {
        state: Box::new(state),
    });
    Ok(providers)
}

/// Puts settings in force everywhere: microphone, hotkey, pet, tray, window.
///
/// # Errors
/// When they make no sense: all stays as it was. When they cannot be saved:
/// they are in force all the same.
pub async fn apply(app: &AppHandle, settings: Settings) -> Result<(), ErrorInfo> {
    let shell = app.state::<Shell>();
    let saved = shell.engine.update_settings(settings).await;
    follow(app).await;
    saved
}

/// Follows the settings in force without being waited for: looking at local
/// servers may take a second.
pub fn follow_soon(app: &AppHandle) {
    let follower = app.clone();
    app.state::<Shell>()
        .spawn(async move { follow(&follower).await });
}

/// Follows the settings in force, whoever changed them.
pub async fn follow(app: &AppHandle) {
    let shell = app.state::<Shell>();
    let settings = shell.engine.settings();
    super::voice::configure(&shell, &settings);
    grab_hotkey(app, &settings).await;
    window::pet::apply(app, &settings);
    shell.with_marks(|marks| marks.follow(&settings));
    shell.relay.send(ShellEvent::Settings { settings });
    let state = super::app::state(&shell).await;
    shell.relay.send(ShellEvent::State {
        state: Box::new(state),
    });
}

/// Grabs the hotkey of the settings, or lets it go, and remembers how it went.
pub async fn grab_hotkey(app: &AppHandle, settings: &Settings) {
    let is_on = super::voice::is_on(&app.state::<Shell>().engine, settings);
    let keys = is_on.then(|| settings.hotkey.clone());
    let (tx, rx) = tokio::sync::oneshot::channel();
    let asked = app.run_on_main_thread(move || {
        // The receiver waits right below.
        let _ = tx.send(hotkey::grab(keys.as_deref()));
    });
    if let Err(error) = asked {
        tracing::error!(%error, "the hotkey cannot be grabbed");
        return;
    }
    if let Ok(status) = rx.await {
        tracing::info!(active = status.active, detail = %status.detail, "hotkey");
        app.state::<Shell>().set_hotkey(status);
    }
}
