//! A window that floats above the others and never takes the keyboard.

use gtk::gdk;
use gtk::prelude::*;

/// Without decoration, transparent where a compositor allows it, on every
/// desktop, in no list of windows.
pub fn window(title: &str) -> gtk::Window {
    let window = gtk::Window::new(gtk::WindowType::Toplevel);
    window.set_title(title);
    window.set_decorated(false);
    window.set_resizable(false);
    window.set_keep_above(true);
    window.stick();
    window.set_skip_taskbar_hint(true);
    window.set_skip_pager_hint(true);
    window.set_accept_focus(false);
    window.set_focus_on_map(false);
    window.set_type_hint(gdk::WindowTypeHint::Utility);
    window.set_app_paintable(true);
    if let Some(visual) = WidgetExt::screen(&window).and_then(|screen| screen.rgba_visual()) {
        window.set_visual(Some(&visual));
    }
    window
}
