//! From `main` to a running app, and back out.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use engine::{BUDDY_FLAG, Engine, EventStream, Home, Options, TRASH_DAYS, TrashScope, VOICE_FLAG};
use protocol::{ErrorInfo, ErrorKind};
use tauri::{App, AppHandle, Manager, RunEvent};
use tokio::sync::mpsc;
use voice::VoiceEvent;

use crate::ipc;
use crate::ipc::relay::{self, Relay};
use crate::ipc::types::ShellEvent;
use crate::page;
use crate::{Shell, bus, desk, hotkey, log, tray, window};

/// How long running turns may take to close when the app quits: a stopped
/// tool gets four seconds to tidy up.
const QUIT_GRACE: Duration = Duration::from_secs(6);

/// Runs the app until the person quits it.
#[must_use]
pub fn run() -> ExitCode {
    match try_run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("familiar: {error}");
            tracing::error!(message = %error.message, "the app could not start");
            ExitCode::FAILURE
        }
    }
}

/// What the tasks of the running app read from.
struct Streams {
    agent: EventStream,
    voice: mpsc::Receiver<VoiceEvent>,
    relay: mpsc::Receiver<ShellEvent>,
}

fn try_run() -> Result<(), ErrorInfo> {
    let home = Home::find()?;
    log::start(&home);
    prepare_display()?;
    let engine = tauri::async_runtime::block_on(Engine::open(home, options()))?;
    let agent = engine.subscribe();
    let (voice, voice_events) = ipc::voice::start(&engine)?;
    let (relay, relay_queue) = Relay::new();
    let streams = Streams {
        agent,
        voice: voice_events,
        relay: relay_queue,
    };
    let shell = Shell::new(engine, voice, relay, bus::missing());
    let app = build(shell, streams).map_err(|error| {
        ErrorInfo::new(
            ErrorKind::Desktop,
            format!("The app could not be started: {error}."),
            "Check that a desktop session with D-Bus is running; `fam doctor` says more.",
        )
    })?;
    app.run(|app, event| match event {
        // The last window closed: the agent lives on in the tray. Where no
        // tray can be, and no second start would find us, it is the end.
        RunEvent::ExitRequested {
            code: None, api, ..
        } => {
            api.prevent_exit();
            if app.state::<Shell>().no_bus.is_some() {
                quit(app);
            }
        }
        RunEvent::Exit => app.state::<Shell>().voice.shutdown(),
        _ => {}
    });
    Ok(())
}

/// What this build has, the engine cannot know by itself.
fn options() -> Options {
    let mut lacking = Vec::new();
    if !voice::AVAILABLE {
        lacking.push(VOICE_FLAG);
    }
    if !cfg!(all(target_os = "linux", feature = "buddy")) {
        lacking.push(BUDDY_FLAG);
    }
    Options {
        lacking,
        ..Options::default()
    }
}

fn build(shell: Shell, streams: Streams) -> tauri::Result<App> {
    tauri::Builder::default()
        // First, so that a second start ends before it touches anything.
        .plugin(tauri_plugin_single_instance::init(|app, args, cwd| {
            on_second_start(app, &args, PathBuf::from(cwd));
        }))
        .manage(shell)
        .invoke_handler(commands())
        .setup(move |app| {
            set_up(app.handle(), streams);
            Ok(())
        })
        .build(page::context())
}

/// Everything the window can call.
fn commands() -> impl Fn(tauri::ipc::Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        ipc::app::app_state,
        ipc::app::subscribe,
        ipc::app::workspace_choose,
        ipc::session::session_start,
        ipc::session::session_open,
        ipc::session::session_submit,
        ipc::clipboard::clipboard_picture,
        ipc::session::files_waiting,
        ipc::session::session_cancel,
        ipc::session::session_set_mode,
        ipc::session::session_rename,
        ipc::context::commands,
        ipc::context::command_run,
        ipc::context::context_report,
        ipc::context::compact,
        ipc::context::compact_undo,
        ipc::context::usage_report,
        ipc::context::memory_view,
        ipc::context::memory_read,
        ipc::context::memory_write,
        ipc::history::history_older,
        ipc::history::history_newer,
        ipc::history::history_around,
        ipc::history::branches,
        ipc::history::branch_choose,
        ipc::history::session_fork,
        ipc::history::session_rewind,
        ipc::history::session_export,
        ipc::shelf::search,
        ipc::shelf::shelf,
        ipc::shelf::shelf_counts,
        ipc::shelf::session_place,
        ipc::shelf::session_delete,
        ipc::shelf::trash_size,
        ipc::shelf::trash_empty,
        ipc::rewind::rewind_plan,
        ipc::rewind::rewind,
        ipc::rewind::rewind_unfinished,
        ipc::rewind::rewind_settle,
        ipc::session::permission_answer,
        ipc::session::question_answer,
        ipc::settings::settings_update,
        ipc::settings::setting_origins,
        ipc::settings::flags,
        ipc::settings::flag_set,
        ipc::permission::audit,
        ipc::permission::audit_check,
        ipc::permission::rule_uses,
        ipc::permission::policy_test,
        ipc::permission::trust_view,
        ipc::permission::trust_give,
        ipc::permission::trust_revoke,
        ipc::permission::trusted_folders,
        ipc::settings::key_set,
        ipc::settings::key_seal,
        ipc::settings::keys_unlock,
        ipc::settings::key_delete,
        ipc::voice::voice_press,
        ipc::voice::voice_release,
        ipc::voice::voice_cancel,
        ipc::voice::voice_retry,
        ipc::voice::speech_models,
        ipc::voice::speech_model_install,
        ipc::voice::speech_model_install_file,
    ]
}

fn set_up(app: &AppHandle, streams: Streams) {
    let shell = app.state::<Shell>();
    let listener = std::sync::Arc::clone(&shell.listener);
    shell.spawn(relay::pump(streams.relay, listener));
    shell.spawn(desk::follow_agent(app.clone(), streams.agent));
    shell.spawn(desk::follow_voice(app.clone(), streams.voice));
    quit_on_interrupt(app);

    match tray::start(app) {
        Ok(marks) => shell.set_marks(marks),
        Err(error) => tracing::warn!(%error, "there is no tray here"),
    }
    hotkey::start(app);
    window::pet::start(app);
    let (handle, folder) = (
        app.clone(),
        folder_argument(std::env::args().skip(1), std::env::current_dir().ok()),
    );
    shell.spawn(async move {
        let settings = handle.state::<Shell>().engine.settings();
        ipc::settings::grab_hotkey(&handle, &settings).await;
        work_in(&handle, folder).await;
        window::main::show(&handle);
        empty_old_trash(&handle).await;
    });
}

/// Removes for good what has been in the trash for long enough.
async fn empty_old_trash(app: &AppHandle) {
    let engine = app.state::<Shell>().engine.clone();
    let scope = TrashScope::OlderThanDays(TRASH_DAYS);
    match engine.empty_trash(scope).await {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "sessions left the trash for good"),
        Err(error) => tracing::warn!(message = %error.message, "the trash could not be emptied"),
    }
}

/// Starting Familiar again brings its window back, in the folder named.
fn on_second_start(app: &AppHandle, args: &[String], cwd: PathBuf) {
    let folder = folder_argument(args.iter().skip(1).cloned(), Some(cwd));
    let shell = app.state::<Shell>();
    let app = app.clone();
    shell.spawn(async move {
        work_in(&app, folder).await;
        window::main::show(&app);
    });
}

/// `familiar DIR` works in DIR.
fn folder_argument(
    mut args: impl Iterator<Item = String>,
    cwd: Option<PathBuf>,
) -> Option<PathBuf> {
    let folder = args.find(|arg| !arg.starts_with('-'))?;
    Some(cwd.unwrap_or_default().join(folder))
}

async fn work_in(app: &AppHandle, folder: Option<PathBuf>) {
    let Some(folder) = folder
        .and_then(|folder| folder.canonicalize().ok())
        .filter(|folder| folder.is_dir())
    else {
        return;
    };
    let mut settings = app.state::<Shell>().engine.settings();
    let folder = Some(folder.display().to_string());
    if settings.workspace == folder {
        return;
    }
    settings.workspace = folder;
    if let Err(error) = ipc::settings::apply(app, settings).await {
        tracing::warn!(message = %error.message, "the folder could not be remembered");
    }
}

/// Stops all turns, then ends the app.
pub fn quit(app: &AppHandle) {
    let shell = app.state::<Shell>();
    let app = app.clone();
    shell.spawn(async move {
        let engine = app.state::<Shell>().engine.clone();
        if tokio::time::timeout(QUIT_GRACE, engine.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("a turn did not close in time; its history is mended at the next start");
        }
        app.exit(0);
    });
}

fn quit_on_interrupt(app: &AppHandle) {
    let shell = app.state::<Shell>();
    let app = app.clone();
    shell.spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            quit(&app);
        }
    });
}

/// Says in plain words what GTK would abort over.
#[cfg(target_os = "linux")]
fn prepare_display() -> Result<(), ErrorInfo> {
    if gtk::init().is_ok() {
        return Ok(());
    }
    let display = std::env::var("DISPLAY").or_else(|_| std::env::var("WAYLAND_DISPLAY"));
    let message = match display {
        Ok(name) => format!("The display `{name}` cannot be opened."),
        Err(_) => "There is no display here.".to_owned(),
    };
    Err(ErrorInfo::new(
        ErrorKind::Desktop,
        message,
        "Start Familiar from a desktop session, or use `fam run` in a terminal. Without a screen: `xvfb-run familiar`.",
    ))
}

#[cfg(not(target_os = "linux"))]
fn prepare_display() -> Result<(), ErrorInfo> {
    Ok(())
}
