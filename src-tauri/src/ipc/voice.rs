//! Commands on the microphone and the speech models, and how voice follows
//! the settings.

use std::path::{Path, PathBuf};

use engine::{Engine, Settings, VOICE_FLAG};
use protocol::ErrorInfo;
use tauri::{AppHandle, Manager, State};
use tokio_util::sync::CancellationToken;
use voice::{Voice, VoiceConfig, VoiceEvents};

use super::types::{InstallProgress, ShellEvent, SpeechModel, SpeechModelStatus, VoiceStatus};
use crate::Shell;
use crate::dialog::{self, Choice};

/// Loudness of the cues, of 1: heard, not startling.
const CUE_VOLUME: f32 = 0.6;

#[tauri::command]
pub async fn voice_press(shell: State<'_, Shell>) -> Result<(), ErrorInfo> {
    shell.voice.press();
    Ok(())
}

#[tauri::command]
pub async fn voice_release(shell: State<'_, Shell>) -> Result<(), ErrorInfo> {
    shell.voice.release();
    Ok(())
}

#[tauri::command]
pub async fn voice_cancel(shell: State<'_, Shell>) -> Result<(), ErrorInfo> {
    shell.voice.cancel();
    Ok(())
}

#[tauri::command]
pub async fn voice_retry(shell: State<'_, Shell>) -> Result<(), ErrorInfo> {
    shell.voice.retry();
    Ok(())
}

#[tauri::command]
pub async fn speech_models(shell: State<'_, Shell>) -> Result<Vec<SpeechModel>, ErrorInfo> {
    let folder = shell.engine.home().models();
    Ok(voice::catalog::models()
        .iter()
        .map(|model| SpeechModel {
            name: model.name.clone(),
            bytes: model.bytes,
            language: model.language.clone(),
            licence: model.licence.clone(),
            note: model.note.clone(),
            installed: folder.join(model.file_name()).is_file(),
        })
        .collect())
}

/// Downloads a model of the catalogue; progress comes as events.
#[tauri::command]
pub async fn speech_model_install(app: AppHandle, name: String) -> Result<(), ErrorInfo> {
    let shell = app.state::<Shell>();
    let report = |received: u64, total: u64, done: bool, error: Option<ErrorInfo>| {
        let progress = InstallProgress {
            name: name.clone(),
            received,
            total,
            done,
            error,
        };
        shell.relay.send(ShellEvent::Install { progress });
    };
    let folder = shell.engine.home().models();
    let model = voice::catalog::find(&name).ok_or_else(|| {
        ErrorInfo::new(
            protocol::ErrorKind::NotFound,
            format!("There is no speech model `{name}`."),
            "Choose one of the list.",
        )
    })?;
    let progress = |at: voice::install::Progress| report(at.received, at.total, false, None);
    let installed =
        voice::install::install(model, &folder, progress, CancellationToken::new()).await;
    match installed {
        Ok(path) => {
            report(0, 0, true, None);
            use_model(&app, &path).await
        }
        Err(error) => {
            let info = error.info();
            report(0, 0, true, Some(info.clone()));
            Err(info)
        }
    }
}

/// Lets the person choose a model's file, checks it, and uses it.
#[tauri::command]
pub async fn speech_model_install_file(app: AppHandle) -> Result<(), ErrorInfo> {
    let Some(file) = dialog::choose(&app, Choice::SpeechModel).await else {
        return Ok(());
    };
    let folder = app.state::<Shell>().engine.home().models();
    let installed =
        tokio::task::spawn_blocking(move || voice::install::install_file(&file, &folder)).await;
    match installed {
        Ok(Ok(path)) => use_model(&app, &path).await,
        Ok(Err(error)) => Err(error.info()),
        Err(error) => Err(ErrorInfo::new(
            protocol::ErrorKind::Internal,
            format!("The model could not be installed: {error}."),
            "Try again; if it happens again, please report it.",
        )),
    }
}

async fn use_model(app: &AppHandle, path: &Path) -> Result<(), ErrorInfo> {
    let mut settings = app.state::<Shell>().engine.settings();
    settings.speech_model = path.display().to_string();
    super::settings::apply(app, settings).await
}

/// Starts voice as the settings say.
///
/// # Errors
/// When the system gives no threads.
pub fn start(engine: &Engine) -> Result<(Voice, VoiceEvents), ErrorInfo> {
    Voice::start(config(engine, &engine.settings())).map_err(|error| error.info())
}

/// Lets voice follow the settings.
pub fn configure(shell: &Shell, settings: &Settings) {
    shell.voice.configure(config(&shell.engine, settings));
}

/// Whether the key and the microphone are to be used at all.
pub fn is_on(engine: &Engine, settings: &Settings) -> bool {
    settings.voice_enabled && engine.has(VOICE_FLAG)
}

fn config(engine: &Engine, settings: &Settings) -> VoiceConfig {
    VoiceConfig {
        microphone: settings.microphone.clone(),
        // Without a model the first press says so, with what to do.
        model_path: voice::find_model(&settings.speech_model, &engine.home().models())
            .unwrap_or_default(),
        enabled: is_on(engine, settings),
        cue_volume: if settings.sounds { CUE_VOLUME } else { 0.0 },
        ..VoiceConfig::default()
    }
}

/// What push-to-talk has to work with. Listing devices may take a moment.
pub async fn status(shell: &Shell, settings: &Settings) -> VoiceStatus {
    let microphones = tokio::task::spawn_blocking(voice::microphones).await;
    let microphones = match microphones {
        Ok(Ok(list)) => list,
        Ok(Err(error)) => {
            tracing::warn!(%error, "microphones cannot be listed");
            Vec::new()
        }
        Err(error) => {
            tracing::error!(%error, "listing microphones failed");
            Vec::new()
        }
    };
    let found = voice::find_model(&settings.speech_model, &shell.engine.home().models());
    let (installed, path) = match found {
        Ok(path) => (true, path),
        Err(_) => (false, PathBuf::from(&settings.speech_model)),
    };
    let name = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    VoiceStatus {
        model: SpeechModelStatus {
            installed,
            name,
            path: path.display().to_string(),
        },
        microphones,
        hotkey: shell.hotkey(),
    }
}
