//! The desktop shell: windows, tray, hotkey, native dialogs, notifications
//! and the border to the web view, around the engine, the microphone and the
//! pet. The only crate that names tauri; it decides nothing about the agent.

mod brief;
mod bus;
mod desk;
mod dialog;
mod hotkey;
mod ipc;
mod log;
mod notify;
mod page;
mod shell;
mod start;
mod tray;
mod window;

pub use start::run;

pub(crate) use shell::Shell;
pub(crate) use start::quit;
