//! The real window on a real (virtual) desktop: X server, window manager,
//! compositor, D-Bus, notification daemon, sound server, web driver. Only the
//! model provider is played, over its real wire.
//!
//! Screenshots and logs stay in `artifacts/e2e/`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod advisories;
mod app;
mod background;
mod belt;
mod crash;
mod desktop;
mod files;
mod keys;
mod law;
mod machine;
mod orders;
mod places;
mod shelf;
mod speak;
mod trouble;
