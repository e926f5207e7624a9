//! The pet's bubble: a permission question in brief, with buttons. A window of
//! its own beside the pet, which never takes the keyboard: no key that was
//! meant for something else can answer.

use std::sync::Once;

use gtk::gdk;
use gtk::glib;
use gtk::prelude::*;

use super::float;
use crate::brief::{ARMING, Brief, Choice};

/// Width of the text, in characters.
const COLUMNS: i32 = 34;
/// Room between the pet and its bubble, in logical pixels.
const GAP: i32 = 4;
/// Room between it and the edge of the screen, in logical pixels.
const EDGE: i32 = 8;
const STYLE: &str = "
window.familiar-bubble { background-color: transparent; }
window.familiar-bubble > box {
  padding: 12px 14px;
  border: 1px solid alpha(@theme_fg_color, 0.22);
  border-radius: 14px;
  background-color: @theme_base_color;
}
window.familiar-bubble.square > box { border-radius: 0; }
";

/// The style is the screen's, so once is enough.
static STYLED: Once = Once::new();

/// The window. Dropping it closes it.
pub struct Bubble {
    window: gtk::Window,
}

impl Bubble {
    /// Opens it beside the pet, whose place and size are given in logical
    /// pixels; `waiting` is how many questions there are.
    pub fn open(
        brief: &Brief,
        waiting: usize,
        pet: gdk::Rectangle,
        on_choice: impl Fn(Choice) + Clone + 'static,
    ) -> Self {
        let window = window();
        let content = gtk::Box::new(gtk::Orientation::Vertical, 8);
        content.add(&title(brief, waiting));
        content.add(&subject(brief));
        content.add(&buttons(brief, on_choice));
        window.add(&content);
        let bubble = Self { window };
        content.show_all();
        bubble.settle(pet);
        bubble.window.show();
        bubble
    }

    /// Puts it above the pet, or below where there is no room above.
    pub fn settle(&self, pet: gdk::Rectangle) {
        let (_, size) = self.window.preferred_size();
        let area = gdk::Display::default()
            .and_then(|display| display.monitor_at_point(pet.x(), pet.y()))
            .map_or(pet, |monitor| monitor.workarea());
        let (x, y) = beside(pet, (size.width, size.height), area);
        self.window.move_(x, y);
    }
}

impl Drop for Bubble {
    fn drop(&mut self) {
        self.window.close();
    }
}

/// Where a bubble of this size stands: upper left.
fn beside(pet: gdk::Rectangle, (width, height): (i32, i32), area: gdk::Rectangle) -> (i32, i32) {
    let middle = pet.x() + (pet.width() - width) / 2;
    let right = area.x() + area.width() - width - EDGE;
    let above = pet.y() - height - GAP;
    let y = if above >= area.y() + EDGE {
        above
    } else {
        pet.y() + pet.height() + GAP
    };
    (middle.min(right).max(area.x() + EDGE), y)
}

fn window() -> gtk::Window {
    let window = float::window("Familiar pet asks");
    let classes = window.style_context();
    classes.add_class("familiar-bubble");
    if let Some(screen) = WidgetExt::screen(&window) {
        if !screen.is_composited() {
            classes.add_class("square");
        }
        STYLED.call_once(|| style(&screen));
    }
    window
}

fn style(screen: &gdk::Screen) {
    let provider = gtk::CssProvider::new();
    if let Err(error) = provider.load_from_data(STYLE.as_bytes()) {
        tracing::error!(%error, "the bubble's style cannot be read");
    }
    let priority = gtk::STYLE_PROVIDER_PRIORITY_APPLICATION;
    gtk::StyleContext::add_provider_for_screen(screen, &provider, priority);
}

fn title(brief: &Brief, waiting: usize) -> gtk::Label {
    let more = match waiting {
        0 | 1 => String::new(),
        _ => format!("  <small>1 of {waiting}</small>"),
    };
    let label = text();
    label.set_markup(&format!(
        "<b>{}</b>{more}",
        glib::markup_escape_text(&brief.title)
    ));
    label
}

fn subject(brief: &Brief) -> gtk::Label {
    let label = text();
    label.set_line_wrap_mode(gtk::pango::WrapMode::WordChar);
    label.set_markup(&format!(
        "<tt>{}</tt>",
        glib::markup_escape_text(&brief.subject)
    ));
    label
}

fn text() -> gtk::Label {
    let label = gtk::Label::new(None);
    label.set_xalign(0.0);
    label.set_line_wrap(true);
    label.set_max_width_chars(COLUMNS);
    label
}

fn buttons(brief: &Brief, on_choice: impl Fn(Choice) + Clone + 'static) -> gtk::Box {
    let row = gtk::Box::new(gtk::Orientation::Horizontal, 6);
    let button = |label: &str, choice: Choice| {
        let button = gtk::Button::with_label(label);
        button.set_can_focus(false);
        let on_choice = on_choice.clone();
        button.connect_clicked(move |_| on_choice(choice));
        button
    };
    row.add(&button("Deny", Choice::Deny));
    row.add(&button("Show", Choice::Open));
    if brief.allowable {
        let allow = button("Allow once", Choice::Allow);
        allow.set_sensitive(false);
        row.pack_end(&allow, false, false, 0);
        glib::timeout_add_local_once(ARMING, move || allow.set_sensitive(true));
    }
    row
}

#[cfg(test)]
mod tests {
    use gtk::gdk::Rectangle;

    use super::beside;

    #[test]
    fn it_stands_above_the_pet_and_within_the_screen() {
        let area = Rectangle::new(0, 0, 1440, 900);
        let size = (260, 120);
        let pet = |x, y| Rectangle::new(x, y, 100, 100);
        assert_eq!(beside(pet(600, 500), size, area), (520, 376));
        assert_eq!(beside(pet(1330, 780), size, area), (1172, 656));
        assert_eq!(beside(pet(2, 50), size, area), (8, 154));
    }
}
