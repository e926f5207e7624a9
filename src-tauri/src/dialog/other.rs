//! The dialogs on macOS and Windows, through rfd. They cannot be taken back
//! once shown; an answer that comes second is simply not the first.

use std::path::PathBuf;

use protocol::{Answer, PermissionRequest, RequestId, visible};
use rfd::{MessageButtons, MessageDialog, MessageDialogResult, MessageLevel};
use tokio::sync::oneshot;

use super::reach::reach;
use super::{Choice, OnAnswer};

const ALLOW_ONCE: &str = "Allow once";
const ALLOW_SESSION: &str = "Allow for this session";
const DENY: &str = "Deny";

pub fn ask_permission(request: &PermissionRequest, on_answer: OnAnswer) {
    let mut words = visible(&request.subject);
    let home = std::env::home_dir();
    let reach = reach(request, home.as_deref());
    if !reach.is_empty() {
        words.push_str(&format!("\n\n{reach}"));
    }
    for finding in &request.findings {
        words.push_str("\n• ");
        words.push_str(&visible(&finding.reason));
    }
    let buttons = match &request.session_scope {
        Some(_) => {
            MessageButtons::YesNoCancelCustom(ALLOW_ONCE.into(), ALLOW_SESSION.into(), DENY.into())
        }
        None => MessageButtons::OkCancelCustom(ALLOW_ONCE.into(), DENY.into()),
    };
    let dialog = MessageDialog::new()
        .set_level(MessageLevel::Warning)
        .set_title(visible(&request.title))
        .set_description(words)
        .set_buttons(buttons);
    let id = request.id.clone();
    // A thread of its own: `show` blocks until the person answers.
    std::thread::spawn(move || {
        let answer = match dialog.show() {
            MessageDialogResult::Custom(text) if text == ALLOW_ONCE => Answer::AllowOnce,
            MessageDialogResult::Custom(text) if text == ALLOW_SESSION => Answer::AllowSession,
            _ => Answer::Deny { feedback: None },
        };
        on_answer(&id, answer);
    });
}

pub fn withdraw(_: &RequestId) {}

pub fn choose(choice: Choice, chosen: oneshot::Sender<Option<PathBuf>>) {
    std::thread::spawn(move || {
        let dialog = rfd::FileDialog::new();
        let path = match choice {
            Choice::Workspace => dialog.pick_folder(),
            Choice::SpeechModel => dialog.add_filter("Speech model", &["bin"]).pick_file(),
            Choice::Save(name) => dialog.set_file_name(name).save_file(),
        };
        // Nobody waits any more when the window was closed meanwhile.
        let _ = chosen.send(path);
    });
}
