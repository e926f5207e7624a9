//! The dialogs on GTK. Everything here runs on the main thread.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;

use gtk::prelude::*;
use protocol::{Answer, PermissionRequest, RequestId, visible, visible_line};
use tokio::sync::oneshot;

use super::reach::reach;
use super::{Choice, OnAnswer};

/// Width of the dialog, in logical pixels: a command of 80 columns fits.
const WIDTH: i32 = 560;

/// Height at which a long command begins to scroll, in logical pixels.
const LONGEST_SUBJECT: i32 = 220;

thread_local! {
    /// The questions on screen. GTK objects never leave this thread.
    static OPEN: RefCell<HashMap<RequestId, gtk::Dialog>> = RefCell::new(HashMap::new());
}

pub fn ask_permission(request: &PermissionRequest, on_answer: OnAnswer) {
    let dialog = build(request);
    let id = request.id.clone();
    let on_answer = RefCell::new(Some(on_answer));
    dialog.connect_response(move |dialog, response| {
        OPEN.with_borrow_mut(|open| open.remove(&id));
        if let Some(on_answer) = on_answer.take() {
            on_answer(&id, answer_of(response));
        }
        dialog.close();
    });
    OPEN.with_borrow_mut(|open| open.insert(request.id.clone(), dialog.clone()));
    dialog.show_all();
}

pub fn withdraw(id: &RequestId) {
    // Taken out first: closing sends a last response, which then finds
    // the question answered.
    let dialog = OPEN.with_borrow_mut(|open| open.remove(id));
    if let Some(dialog) = dialog {
        dialog.close();
    }
}

/// Only the buttons that say so allow. Escape, the close button, a window
/// manager's kill: all of them are a no.
fn answer_of(response: gtk::ResponseType) -> Answer {
    match response {
        gtk::ResponseType::Other(ALLOW_ONCE) => Answer::AllowOnce,
        gtk::ResponseType::Other(ALLOW_SESSION) => Answer::AllowSession,
        gtk::ResponseType::Other(ALLOW_PROJECT) => Answer::AllowProject,
        gtk::ResponseType::Other(ALLOW_ALWAYS) => Answer::AllowAlways,
        _ => Answer::Deny { feedback: None },
    }
}

const ALLOW_ONCE: u16 = 1;
const ALLOW_SESSION: u16 = 2;
const ALLOW_PROJECT: u16 = 3;
const ALLOW_ALWAYS: u16 = 4;

fn build(request: &PermissionRequest) -> gtk::Dialog {
    let dialog = gtk::Dialog::new();
    dialog.set_title("Familiar asks for permission");
    dialog.set_default_width(WIDTH);
    dialog.set_position(gtk::WindowPosition::Center);
    dialog.set_keep_above(true);
    dialog.set_skip_taskbar_hint(false);
    dialog.set_urgency_hint(true);
    // It must not catch a key that was meant for what the person types now.
    dialog.set_focus_on_map(false);

    let content = dialog.content_area();
    content.set_spacing(10);
    content.set_margin(16);
    content.add(&question(request));
    content.add(&subject(request));
    let reach = reach(request, Some(&gtk::glib::home_dir()));
    if !reach.is_empty() {
        content.add(&text(&reach));
    }
    if let Some(reasons) = reasons(request) {
        content.add(&reasons);
    }
    if let Some(scope) = &request.session_scope {
        content.add(&text(&format!(
            "\u{201c}Allow for this session\u{201d}: {}",
            visible(scope)
        )));
    }
    if let Some(rule) = request.rule.as_deref().filter(|_| !request.danger) {
        content.add(&lasting(&dialog, rule));
    }
    add_buttons(&dialog, request);
    dialog
}

/// The answers that leave a rule behind, and the rule.
fn lasting(dialog: &gtk::Dialog, rule: &str) -> gtk::Box {
    let row = gtk::Box::new(gtk::Orientation::Horizontal, 8);
    let words = text(&format!("Always allow {}", visible_line(rule)));
    words.set_hexpand(true);
    row.add(&words);
    for (label, answer) in [
        ("In this _project", ALLOW_PROJECT),
        ("_Everywhere", ALLOW_ALWAYS),
    ] {
        let button = gtk::Button::with_mnemonic(label);
        button.set_valign(gtk::Align::Center);
        // Weak: the dialog holds the button.
        let dialog = dialog.downgrade();
        button.connect_clicked(move |_| {
            if let Some(dialog) = dialog.upgrade() {
                dialog.response(gtk::ResponseType::Other(answer));
            }
        });
        row.add(&button);
    }
    row
}

fn question(request: &PermissionRequest) -> gtk::Label {
    let label = text("");
    let size = "larger";
    label.set_markup(&format!(
        "<span size=\"{size}\" weight=\"bold\">{}</span>",
        gtk::glib::markup_escape_text(&visible(&request.title))
    ));
    label
}

fn subject(request: &PermissionRequest) -> gtk::ScrolledWindow {
    let label = text("");
    label.set_selectable(true);
    label.set_can_focus(false);
    label.set_line_wrap_mode(gtk::pango::WrapMode::WordChar);
    label.set_markup(&format!(
        "<tt>{}</tt>",
        gtk::glib::markup_escape_text(&visible(&request.subject))
    ));
    label.set_margin(8);
    let scroll = gtk::ScrolledWindow::new(gtk::Adjustment::NONE, gtk::Adjustment::NONE);
    scroll.set_policy(gtk::PolicyType::Never, gtk::PolicyType::Automatic);
    scroll.set_propagate_natural_height(true);
    scroll.set_max_content_height(LONGEST_SUBJECT);
    scroll.set_shadow_type(gtk::ShadowType::In);
    scroll.add(&label);
    scroll
}

fn reasons(request: &PermissionRequest) -> Option<gtk::Label> {
    if request.findings.is_empty() {
        return None;
    }
    let lines: Vec<String> = request
        .findings
        .iter()
        .map(|finding| {
            format!(
                "{} {}",
                if finding.danger {
                    "\u{26a0}"
                } else {
                    "\u{2022}"
                },
                visible(&finding.reason)
            )
        })
        .collect();
    Some(text(&lines.join("\n")))
}

fn text(words: &str) -> gtk::Label {
    let label = gtk::Label::new(Some(words));
    label.set_xalign(0.0);
    label.set_line_wrap(true);
    label.set_max_width_chars(72);
    label
}

fn add_buttons(dialog: &gtk::Dialog, request: &PermissionRequest) {
    let deny = dialog.add_button("_Deny", gtk::ResponseType::Reject);
    if request.session_scope.is_some() {
        dialog.add_button(
            "Allow for this _session",
            gtk::ResponseType::Other(ALLOW_SESSION),
        );
    }
    dialog.add_button("Allow _once", gtk::ResponseType::Other(ALLOW_ONCE));
    // The key that was going to be pressed anyway (Enter, space) is a no.
    dialog.set_default_response(gtk::ResponseType::Reject);
    deny.grab_focus();
}

pub fn choose(choice: Choice, chosen: oneshot::Sender<Option<PathBuf>>) {
    let (title, action) = match &choice {
        Choice::Workspace => (
            "Choose a folder to work in",
            gtk::FileChooserAction::SelectFolder,
        ),
        Choice::SpeechModel => (
            "Choose a speech model (ggml-….bin)",
            gtk::FileChooserAction::Open,
        ),
        Choice::Save(_) => ("Save the session as", gtk::FileChooserAction::Save),
    };
    let chooser = gtk::FileChooserNative::new(
        Some(title),
        gtk::Window::NONE,
        action,
        Some("_Choose"),
        Some("_Cancel"),
    );
    if let Choice::Save(name) = &choice {
        chooser.set_current_name(name);
        chooser.set_do_overwrite_confirmation(true);
    }
    let chosen = RefCell::new(Some(chosen));
    // The closure holds the chooser: a native chooser is not owned by a window.
    let keep = chooser.clone();
    chooser.connect_response(move |_, response| {
        let path = (response == gtk::ResponseType::Accept)
            .then(|| keep.filename())
            .flatten();
        if let Some(chosen) = chosen.take() {
            // Nobody waits any more when the window was closed meanwhile.
            let _ = chosen.send(path);
        }
        keep.destroy();
    });
    chooser.show();
}
