//! How the web view paints. Without a graphics card WebKit composites with
//! Mesa's software renderer: every layer is painted twice, and the web process
//! holds LLVM and a buffer for each layer. Plain painting is 80 MB lighter
//! there (the web process 123 MB instead of 203, WebKitGTK 2.50 under Xvfb).

use std::path::Path;

use tauri::WebviewWindow;
use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};

/// Where Linux shows the graphics cards a program may render with:
/// `renderD128` and up.
const DEVICES: &str = "/dev/dri";

/// Lets the window paint plainly where no graphics card is.
pub fn fit(window: &WebviewWindow) -> tauri::Result<()> {
    if has_render_node(Path::new(DEVICES)) {
        return Ok(());
    }
    tracing::info!("there is no graphics card here: the window is painted without compositing");
    window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

fn has_render_node(devices: &Path) -> bool {
    let entries = std::fs::read_dir(devices).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .any(|name| name.starts_with("renderD"))
}

#[cfg(test)]
mod tests;
