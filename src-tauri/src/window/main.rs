//! The main window. Closing it releases the web view; the agent goes on.

use tauri::{
    AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
};

use crate::Shell;

/// Label of the window, also named by its capability.
pub const LABEL: &str = "main";

/// Opens the window, or brings the open one to the front. On any thread.
pub fn show(app: &AppHandle) {
    let handle = app.clone();
    let asked = app.run_on_main_thread(move || {
        let shown = match handle.get_webview_window(LABEL) {
            Some(window) => bring_to_front(&window),
            None => open(&handle),
        };
        if let Err(error) = shown {
            tracing::error!(%error, "the window cannot be shown");
        }
    });
    if let Err(error) = asked {
        tracing::error!(%error, "the window cannot be shown");
    }
}

/// Shows the window, or closes it when it is in front.
pub fn toggle(app: &AppHandle) {
    match app.get_webview_window(LABEL) {
        Some(window) if window.is_focused().unwrap_or(false) => {
            if let Err(error) = window.close() {
                tracing::error!(%error, "the window cannot be closed");
            }
        }
        _ => show(app),
    }
}

fn bring_to_front(window: &WebviewWindow) -> tauri::Result<()> {
    window.unminimize()?;
    window.show()?;
    window.set_focus()
}

fn open(app: &AppHandle) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Familiar")
        .inner_size(1280.0, 820.0)
        .min_inner_size(480.0, 420.0)
        .on_navigation(is_ours)
        // Files dropped on it are the page's to take.
        .disable_drag_drop_handler()
        .build()?;
    #[cfg(target_os = "linux")]
    super::graphics::fit(&window)?;
    let app = app.clone();
    window.on_window_event(move |event| {
        let Some(shell) = app.try_state::<Shell>() else {
            return;
        };
        match event {
            WindowEvent::Focused(focused) => shell.set_focused(*focused),
            WindowEvent::Destroyed => {
                shell.set_focused(false);
                shell.set_files_waiting(false);
                shell.listener.set(None);
            }
            _ => {}
        }
    });
    Ok(())
}

/// The window shows the app and nothing else, whatever a page tries.
fn is_ours(url: &Url) -> bool {
    url.scheme() == "tauri" || (url.scheme() == "http" && url.host_str() == Some("tauri.localhost"))
}

#[cfg(test)]
mod tests;
