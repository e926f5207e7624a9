//! The clipboard, for what a web view does not give to its page.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use protocol::{ErrorInfo, ErrorKind};
use tauri::AppHandle;

/// A larger picture is not taken over: no message takes more, in base64.
const MOST_BYTES: usize = 18 * 1024 * 1024;

/// Longest wait for whoever copied it, who makes a PNG of it only now.
#[cfg(target_os = "linux")]
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// A picture in the clipboard as a PNG in base64, when there is one.
#[tauri::command]
pub async fn clipboard_picture(app: AppHandle) -> Result<Option<String>, ErrorInfo> {
    let picture = native::picture(&app).await;
    match picture {
        Some(picture) if picture.len() > MOST_BYTES => Err(ErrorInfo::new(
            ErrorKind::Usage,
            "The picture in the clipboard is too large.",
            "Save it to a file, make it smaller, and attach that.",
        )),
        picture => Ok(picture.map(|picture| BASE64_STANDARD.encode(picture))),
    }
}

#[cfg(target_os = "linux")]
mod native {
    use gtk::gdk;
    use tauri::AppHandle;
    use tokio::sync::oneshot;

    /// Asked for on the main thread, and answered there by whoever copied it.
    pub async fn picture(app: &AppHandle) -> Option<Vec<u8>> {
        let (tx, rx) = oneshot::channel();
        let asked = app.run_on_main_thread(move || {
            let clipboard = gtk::Clipboard::get(&gdk::SELECTION_CLIPBOARD);
            clipboard.request_contents(&gdk::Atom::intern("image/png"), move |_, given| {
                let bytes = (given.length() > 0).then(|| given.data());
                // The page may be gone by now.
                let _ = tx.send(bytes);
            });
        });
        if let Err(error) = asked {
            tracing::warn!(%error, "the clipboard cannot be asked");
            return None;
        }
        let given = tokio::time::timeout(super::PATIENCE, rx).await;
        given.ok()?.ok().flatten()
    }
}

/// Other web views give their page what is pasted.
#[cfg(not(target_os = "linux"))]
mod native {
    use tauri::AppHandle;

    pub async fn picture(_: &AppHandle) -> Option<Vec<u8>> {
        None
    }
}
