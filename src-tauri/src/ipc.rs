//! The border to the window: commands by domain, the types that cross it,
//! and the relay of events. The web view can do nothing else.

pub mod app;
#[cfg(test)]
mod bindings;
pub mod clipboard;
pub mod context;
pub mod history;
pub mod permission;
pub mod relay;
pub mod rewind;
pub mod session;
pub mod settings;
pub mod shelf;
pub mod types;
pub mod voice;
