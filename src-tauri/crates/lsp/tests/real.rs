//! Real language servers, on small projects written for them. A server that is
//! missing fails its tests and says how to get it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

#[path = "real/clangd.rs"]
mod clangd;
#[path = "real/launcher.rs"]
mod launcher;
#[path = "real/pyright.rs"]
mod pyright;
#[path = "real/typescript.rs"]
mod typescript;
