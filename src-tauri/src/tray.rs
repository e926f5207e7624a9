//! The tray icon: the app lives on here when its window is closed. Never the
//! only way back: starting Familiar again shows the window too.

use tauri::menu::{CheckMenuItem, Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Manager, Wry};

use crate::{Shell, window};

const TOGGLE: &str = "toggle";
const TALK: &str = "talk";
const MUTE: &str = "mute";
const PET: &str = "pet";
const QUIT: &str = "quit";

/// The items whose marks follow the settings.
pub struct Marks {
    talk: CheckMenuItem<Wry>,
    mute: CheckMenuItem<Wry>,
    pet: CheckMenuItem<Wry>,
}

/// Puts the icon into the tray.
///
/// # Errors
/// When the desktop has no tray library.
pub fn start(app: &AppHandle) -> tauri::Result<Marks> {
    let settings = app.state::<Shell>().engine.settings();
    let toggle = MenuItem::with_id(app, TOGGLE, "Show or hide Familiar", true, None::<&str>)?;
    let marks = Marks {
        talk: CheckMenuItem::with_id(
            app,
            TALK,
            "Push-to-talk",
            true,
            settings.voice_enabled,
            None::<&str>,
        )?,
        mute: CheckMenuItem::with_id(
            app,
            MUTE,
            "Mute sounds",
            true,
            !settings.sounds,
            None::<&str>,
        )?,
        pet: CheckMenuItem::with_id(
            app,
            PET,
            "Pet on the desktop",
            true,
            settings.pet_shown,
            None::<&str>,
        )?,
    };
    let quit = MenuItem::with_id(app, QUIT, "Quit", true, None::<&str>)?;
    let line = PredefinedMenuItem::separator(app)?;
    let menu = Menu::with_items(
        app,
        &[&toggle, &marks.talk, &marks.mute, &marks.pet, &line, &quit],
    )?;
    TrayIconBuilder::with_id("main")
        .icon(tauri::include_image!("assets/icons/tray.png"))
        .tooltip("Familiar")
        .menu(&menu)
        .on_menu_event(|app, event| on_menu(app, event.id().as_ref()))
        .build(app)?;
    Ok(marks)
}

impl Marks {
    /// Shows the settings in force.
    pub fn follow(&self, settings: &engine::Settings) {
        let set = [
            (&self.talk, settings.voice_enabled),
            (&self.mute, !settings.sounds),
            (&self.pet, settings.pet_shown),
        ];
        for (item, checked) in set {
            if let Err(error) = item.set_checked(checked) {
                tracing::debug!(%error, "a tray mark could not be set");
            }
        }
    }
}

fn on_menu(app: &AppHandle, id: &str) {
    match id {
        TOGGLE => window::main::toggle(app),
        QUIT => crate::quit(app),
        _ => change_setting(app, id),
    }
}

fn change_setting(app: &AppHandle, id: &str) {
    let mut settings = app.state::<Shell>().engine.settings();
    match id {
        TALK => settings.voice_enabled = !settings.voice_enabled,
        MUTE => settings.sounds = !settings.sounds,
        PET => settings.pet_shown = !settings.pet_shown,
        _ => return,
    }
    let shell = app.state::<Shell>();
    let app = app.clone();
    shell.spawn(async move {
        if let Err(error) = crate::ipc::settings::apply(&app, settings).await {
            tracing::warn!(%error, "a setting could not be saved");
        }
    });
}
