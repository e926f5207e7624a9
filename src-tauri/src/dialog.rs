//! Native dialogs: the permission question, and the choice of a folder or a
//! file. No web page can draw them, so nothing a model writes can fake one.

#[cfg(target_os = "linux")]
mod gtk_dialog;
#[cfg(not(target_os = "linux"))]
mod other;
mod reach;

#[cfg(target_os = "linux")]
use gtk_dialog as platform;
#[cfg(not(target_os = "linux"))]
use other as platform;

use std::path::PathBuf;

use protocol::{Answer, PermissionRequest, RequestId};
use tauri::AppHandle;

/// What a chooser chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// A folder to work in.
    Workspace,
    /// A speech model's file.
    SpeechModel,
    /// Where to save something, with the name to suggest.
    Save(String),
}

/// Called once with the person's answer.
pub type OnAnswer = Box<dyn FnOnce(&RequestId, Answer) + Send>;

/// Shows the question. Closing the dialog is a no; it has no time limit.
/// Where it cannot be shown the card in the window remains.
pub fn ask_permission(app: &AppHandle, request: PermissionRequest, on_answer: OnAnswer) {
    let shown = app.run_on_main_thread(move || platform::ask_permission(&request, on_answer));
    if let Err(error) = shown {
        tracing::error!(%error, "the permission dialog cannot be shown");
    }
}

/// Takes the question back: it was answered elsewhere.
pub fn withdraw(app: &AppHandle, id: RequestId) {
    let withdrawn = app.run_on_main_thread(move || platform::withdraw(&id));
    if let Err(error) = withdrawn {
        tracing::error!(%error, "the permission dialog cannot be closed");
    }
}

/// Lets the person choose; `None` when they close the chooser.
pub async fn choose(app: &AppHandle, choice: Choice) -> Option<PathBuf> {
    let (tx, rx) = tokio::sync::oneshot::channel();
    app.run_on_main_thread(move || platform::choose(choice, tx))
        .ok()?;
    rx.await.ok().flatten()
}
