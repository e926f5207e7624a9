//! The pet's window on GTK: paints frames with cairo, shapes its input
//! region after them, can be dragged and clicked, takes no focus.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use buddy::{Frame, hit_region};
use gtk::cairo::{Format, ImageSurface, Operator, RectangleInt, Region};
use gtk::gdk;
use gtk::prelude::*;

use super::float;

/// A pixel this opaque belongs to the pet: its soft shadow (41 of 255) does
/// not catch clicks.
const HIT_ALPHA: u8 = 64;

/// The pointer may wander this far, in pixels, before a click is a drag.
const DRAG_AFTER: f64 = 4.0;

/// Room between the pet and the edge of the screen, in logical pixels.
const MARGIN: i32 = 24;

/// The window and what it shows. Dropping it closes the window.
pub struct Surface {
    window: gtk::Window,
    picture: Rc<RefCell<Option<ImageSurface>>>,
}

impl Surface {
    /// Opens the window at `place`, or at the lower right of the screen.
    pub fn open(side: u32, place: Option<(i32, i32)>) -> Self {
        let window = float::window("Familiar pet");
        let picture = Rc::new(RefCell::new(None));
        window.add(&canvas(side, &picture));
        follow_pointer(&window);
        let (x, y) = clamp(side, place);
        window.move_(x, y);
        window.show_all();
        Self { window, picture }
    }

    /// Physical pixels per logical pixel.
    pub fn scale(&self) -> u32 {
        u32::try_from(self.window.scale_factor())
            .unwrap_or(1)
            .max(1)
    }

    /// Where it is, in logical pixels.
    pub fn place(&self) -> gdk::Rectangle {
        let ((x, y), (width, height)) = (self.window.position(), self.window.size());
        gdk::Rectangle::new(x, y, width, height)
    }

    /// A new size, in logical pixels.
    pub fn resize(&self, side: u32) {
        if let Some(canvas) = self.window.child() {
            let side = i32::try_from(side).unwrap_or(i32::MAX);
            canvas.set_size_request(side, side);
            self.window.resize(side, side);
        }
    }

    /// Shows a frame and shapes the input region after it.
    pub fn show(&self, frame: &Arc<Frame>) {
        let scale = self.scale();
        match image_of(frame, scale) {
            Ok(image) => {
                *self.picture.borrow_mut() = Some(image);
                self.shape(frame, scale);
                self.window.queue_draw();
            }
            Err(error) => tracing::error!(%error, "the pet's frame makes no image"),
        }
    }

    fn shape(&self, frame: &Frame, scale: u32) {
        let Some(window) = self.window.window() else {
            return;
        };
        let logical = |pixels: u32| i32::try_from(pixels / scale).unwrap_or(0);
        let rectangles: Vec<RectangleInt> = hit_region(frame, HIT_ALPHA)
            .iter()
            .map(|rect| {
                let (width, height) = (logical(rect.width).max(1), logical(rect.height).max(1));
                RectangleInt::new(logical(rect.x), logical(rect.y), width, height)
            })
            .collect();
        let region = Region::create_rectangles(&rectangles);
        window.input_shape_combine_region(&region, 0, 0);
        // Without a compositor what is transparent would be black.
        let composited =
            WidgetExt::screen(&self.window).is_some_and(|screen| screen.is_composited());
        window.shape_combine_region((!composited).then_some(&region), 0, 0);
    }
}

impl Drop for Surface {
    fn drop(&mut self) {
        self.window.close();
    }
}

fn canvas(side: u32, picture: &Rc<RefCell<Option<ImageSurface>>>) -> gtk::DrawingArea {
    let canvas = gtk::DrawingArea::new();
    let side = i32::try_from(side).unwrap_or(i32::MAX);
    canvas.set_size_request(side, side);
    let picture = Rc::clone(picture);
    canvas.connect_draw(move |_, cairo| {
        // Source, not Over: what was painted before must not shine through.
        cairo.set_operator(Operator::Source);
        let painted = match picture.borrow().as_ref() {
            Some(image) => cairo
                .set_source_surface(image, 0.0, 0.0)
                .and_then(|()| cairo.paint()),
            None => {
                cairo.set_source_rgba(0.0, 0.0, 0.0, 0.0);
                cairo.paint()
            }
        };
        if let Err(error) = painted {
            tracing::debug!(%error, "the pet could not be painted");
        }
        gtk::glib::Propagation::Stop
    });
    canvas
}

fn image_of(frame: &Frame, scale: u32) -> Result<ImageSurface, gtk::cairo::Error> {
    let side = |pixels: u32| i32::try_from(pixels).map_err(|_| gtk::cairo::Error::InvalidSize);
    let image = ImageSurface::create_for_data(
        frame.argb_premultiplied.clone(),
        Format::ARgb32,
        side(frame.width)?,
        side(frame.height)?,
        side(frame.stride)?,
    )?;
    image.set_device_scale(f64::from(scale), f64::from(scale));
    Ok(image)
}

/// Press and let go: a poke. Press and move: a drag, done by the window
/// manager, so that it works the same everywhere.
fn follow_pointer(window: &gtk::Window) {
    window.add_events(
        gdk::EventMask::BUTTON_PRESS_MASK
            | gdk::EventMask::BUTTON_RELEASE_MASK
            | gdk::EventMask::BUTTON1_MOTION_MASK,
    );
    let pressed: Rc<Cell<Option<(f64, f64)>>> = Rc::default();
    let at = Rc::clone(&pressed);
    window.connect_button_press_event(move |_, event| {
        if event.button() == 1 {
            at.set(Some(event.root()));
        }
        gtk::glib::Propagation::Stop
    });
    let at = Rc::clone(&pressed);
    window.connect_motion_notify_event(move |window, event| {
        let (x, y) = event.root();
        if let Some((from_x, from_y)) = at.get()
            && (x - from_x).hypot(y - from_y) > DRAG_AFTER
        {
            at.set(None);
            #[expect(
                clippy::cast_possible_truncation,
                reason = "screen coordinates are small"
            )]
            window.begin_move_drag(1, x as i32, y as i32, event.time());
        }
        gtk::glib::Propagation::Stop
    });
    window.connect_button_release_event(move |_, event| {
        if event.button() == 1 && pressed.take().is_some() {
            super::poked();
        }
        gtk::glib::Propagation::Stop
    });
    remember_place(window);
}

/// A drag ends without an event of its own; the place is kept once the
/// window stood still for a moment.
fn remember_place(window: &gtk::Window) {
    let pending: Rc<RefCell<Option<gtk::glib::SourceId>>> = Rc::default();
    window.connect_configure_event(move |window, _| {
        if let Some(earlier) = pending.borrow_mut().take() {
            earlier.remove();
        }
        let (window, done) = (window.clone(), Rc::clone(&pending));
        let wait = std::time::Duration::from_millis(600);
        *pending.borrow_mut() = Some(gtk::glib::timeout_add_local_once(wait, move || {
            done.borrow_mut().take();
            let (x, y) = window.position();
            super::moved(x, y);
        }));
        false
    });
}

/// `place` moved into the work area it is nearest to; without one, the lower
/// right of the first monitor.
fn clamp(side: u32, place: Option<(i32, i32)>) -> (i32, i32) {
    let side = i32::try_from(side).unwrap_or(i32::MAX);
    let display = gdk::Display::default();
    let monitor = display.as_ref().and_then(|display| match place {
        Some((x, y)) => display.monitor_at_point(x, y),
        None => display.primary_monitor().or_else(|| display.monitor(0)),
    });
    let Some(area) = monitor.map(|monitor| monitor.workarea()) else {
        return place.unwrap_or((MARGIN, MARGIN));
    };
    let right = area.x() + area.width() - side;
    let bottom = area.y() + area.height() - side;
    let (x, y) = place.unwrap_or((right - MARGIN, bottom - MARGIN));
    (x.min(right).max(area.x()), y.min(bottom).max(area.y()))
}
