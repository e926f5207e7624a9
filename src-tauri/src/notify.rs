//! Desktop notifications, for when the window is not looked at.

#[cfg(not(target_os = "linux"))]
#[path = "notify/no_buttons.rs"]
mod question;
#[cfg(target_os = "linux")]
mod question;

use protocol::{EventKind, StopReason};

use crate::brief;

pub use question::Questions;

/// Longest body, in characters; daemons cut at about this length anyway.
const LONGEST: usize = 200;

/// Summary and body for an event worth a notification. Permission questions
/// have buttons, and are shown by [`Questions`].
pub fn words(kind: &EventKind, last_answer: &str) -> Option<(&'static str, String)> {
    match kind {
        EventKind::QuestionAsked { question } => {
            Some(("Familiar has a question", shorten(&question.text)))
        }
        EventKind::TurnFinished { reason, error, .. } => match reason {
            StopReason::Cancelled => None,
            StopReason::Failed => {
                let message = error
                    .as_ref()
                    .map(|error| error.message.as_str())
                    .unwrap_or_default();
                Some(("Familiar could not finish", shorten(message)))
            }
            _ => Some(("Familiar has an answer", shorten(last_answer))),
        },
        _ => None,
    }
}

/// Shows a notification. Blocks on D-Bus: call it off the runtime.
pub fn show(summary: &str, body: &str) {
    let shown = notify_rust::Notification::new()
        .appname("Familiar")
        .summary(summary)
        .body(&escape(body))
        .icon("dev.familiar.desktop")
        .show();
    if let Err(error) = shown {
        tracing::warn!(%error, "the notification could not be shown");
    }
}

fn shorten(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    brief::cut(&line, LONGEST)
}

/// Bodies are markup to most daemons; what a model wrote must stay text.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests;
