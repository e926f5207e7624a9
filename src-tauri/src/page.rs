//! The page and what it may do, as the build script wrote them down.

/// The configuration, the capabilities and every file of the page.
#[expect(
    clippy::excessive_nesting,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "written by tauri's build script; it panics on a broken build only"
)]
pub fn context() -> tauri::Context {
    tauri::tauri_build_context!()
}
