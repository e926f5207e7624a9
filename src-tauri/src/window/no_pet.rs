//! Where no native drawing of the pet exists yet (macOS, Windows), or it was
//! left out at compile time: nothing is shown.

use tauri::AppHandle;

/// Does nothing here.
pub fn start(_: &AppHandle) {}

/// Does nothing here.
pub fn apply(_: &AppHandle, _: &engine::Settings) {}

/// Does nothing here.
pub fn on_agent(_: &AppHandle, _: &protocol::Event) {}

/// Does nothing here.
pub fn ask(_: &AppHandle, _: protocol::RequestId, _: protocol::SessionId, _: crate::brief::Brief) {}

/// Does nothing here.
pub fn withdraw(_: &AppHandle, _: &protocol::RequestId) {}

/// Does nothing here.
pub fn on_voice(_: &AppHandle, _: &voice::VoiceEvent) {}
