//! The global push-to-talk key: press starts, release ends, Escape cancels.
//! Escape is grabbed only while the key is held, so it stays everybody's.

use std::cell::RefCell;

use global_hotkey::hotkey::{Code, HotKey};
use global_hotkey::{GlobalHotKeyEvent, GlobalHotKeyManager, HotKeyState};
use tauri::{AppHandle, Manager};

use crate::Shell;
use crate::ipc::types::HotkeyStatus;

thread_local! {
    /// Made and used on the main thread only, as macOS and Windows want it.
    static GRAB: RefCell<Option<Grab>> = const { RefCell::new(None) };
}

struct Grab {
    manager: GlobalHotKeyManager,
    talk: Option<HotKey>,
}

/// Opens the way to the global keys. Call once, on the main thread.
pub fn start(app: &AppHandle) {
    match GlobalHotKeyManager::new() {
        Ok(manager) => {
            GRAB.set(Some(Grab {
                manager,
                talk: None,
            }));
            let app = app.clone();
            GlobalHotKeyEvent::set_event_handler(Some(move |event| on_event(&app, event)));
        }
        Err(error) => tracing::warn!(%error, "no global hotkeys here"),
    }
}

/// Grabs `keys` instead of what was grabbed; `None` lets go. On the main thread.
pub fn grab(keys: Option<&str>) -> HotkeyStatus {
    if is_wayland_only() {
        return inactive(
            "Wayland gives apps no global keys; hold the microphone button in the window.",
        );
    }
    GRAB.with_borrow_mut(|grab| match grab {
        Some(grab) => grab.take(keys),
        None => {
            inactive("This desktop gives no global keys; hold the microphone button in the window.")
        }
    })
}

impl Grab {
    fn take(&mut self, keys: Option<&str>) -> HotkeyStatus {
        if let Some(old) = self.talk.take()
            && let Err(error) = self.manager.unregister(old)
        {
            tracing::warn!(%error, "the old hotkey could not be let go");
        }
        let Some(keys) = keys else {
            return inactive("Push-to-talk is off.");
        };
        let hotkey: HotKey = match keys.parse() {
            Ok(hotkey) => hotkey,
            Err(error) => return inactive(&format!("`{keys}` is no key combination: {error}.")),
        };
        match self.manager.register(hotkey) {
            Ok(()) => {
                self.talk = Some(hotkey);
                HotkeyStatus {
                    active: true,
                    detail: format!("Hold {keys} and speak."),
                }
            }
            Err(error) => inactive(&format!(
                "{keys} cannot be used: {error}. Choose another combination."
            )),
        }
    }
}

fn inactive(detail: &str) -> HotkeyStatus {
    HotkeyStatus {
        active: false,
        detail: detail.to_owned(),
    }
}

fn is_wayland_only() -> bool {
    cfg!(target_os = "linux") && std::env::var_os("DISPLAY").is_none()
}

fn escape() -> HotKey {
    HotKey::new(None, Code::Escape)
}

/// Runs on the grabbing thread: hands over and returns.
fn on_event(app: &AppHandle, event: GlobalHotKeyEvent) {
    let Some(shell) = app.try_state::<Shell>() else {
        return;
    };
    let pressed = event.state() == HotKeyState::Pressed;
    if event.id() == escape().id() {
        if pressed {
            shell.voice.cancel();
        }
        return;
    }
    if pressed {
        shell.voice.press();
    } else {
        shell.voice.release();
    }
}

/// Grabs Escape while somebody speaks. On the main thread.
pub fn grab_escape(listening: Listening) {
    GRAB.with_borrow(|grab| {
        let Some(grab) = grab else { return };
        let done = match listening {
            Listening::Began => grab.manager.register(escape()),
            Listening::Ended => grab.manager.unregister(escape()),
        };
        if let Err(error) = done {
            tracing::debug!(%error, "Escape could not be grabbed or let go");
        }
    });
}

/// Whether somebody speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listening {
    /// The key went down.
    Began,
    /// It was let go, or the recording ended.
    Ended,
}
