//! The pet: a small native window, transparent, above the others, never
//! focused. Its input region is the drawing itself, so a click beside it
//! reaches what lies below. All of it lives on the main thread.

mod bubble;
mod float;
mod place;
mod surface;

use std::cell::RefCell;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use buddy::{Atlas, BuddyInput, Frame, Gaze, Moment, MoodMachine, Motion, Species};
use engine::{BUDDY_FLAG, Settings};
use gtk::glib;
use protocol::{AnsweredBy, Event, RequestId, SessionId};
use tauri::{AppHandle, Manager};
use voice::{VoiceEvent, VoiceState};

use crate::brief::{Brief, Choice};
use crate::{Shell, desk};
use bubble::Bubble;
use surface::Surface;

thread_local! {
    static PET: RefCell<Option<Pet>> = const { RefCell::new(None) };
}

/// The pet's mind and body.
struct Pet {
    app: AppHandle,
    machine: MoodMachine,
    species: &'static Species,
    side: u32,
    motion: Motion,
    seed: u64,
    atlas: Atlas,
    surface: Option<Surface>,
    shown: Option<Arc<Frame>>,
    timer: Option<glib::SourceId>,
    asked: Vec<Asked>,
    bubble: Option<Bubble>,
}

/// A permission question that waits.
struct Asked {
    id: RequestId,
    session: SessionId,
    brief: Brief,
}

/// Brings the pet to life as the settings say. On the main thread.
pub fn start(app: &AppHandle) {
    let settings = app.state::<Shell>().engine.settings();
    let Some(species) = species_of(&settings) else {
        tracing::error!("no species ships with this build");
        return;
    };
    PET.set(Some(Pet {
        app: app.clone(),
        machine: MoodMachine::new(now_ms()),
        species,
        side: settings.pet_size,
        motion: Motion::Full,
        seed: now_ms(),
        atlas: Atlas::default(),
        surface: None,
        shown: None,
        timer: None,
        asked: Vec::new(),
        bubble: None,
    }));
    with_pet(|pet| pet.apply(&settings));
}

/// Follows changed settings. On any thread.
pub fn apply(app: &AppHandle, settings: &Settings) {
    let settings = settings.clone();
    on_main(app, move |pet| pet.apply(&settings));
}

/// Follows the agent. On any thread.
pub fn on_agent(app: &AppHandle, event: &Event) {
    // Deltas come by the hundred and change no mood beyond the first.
    if matches!(
        event.kind,
        protocol::EventKind::ToolOutput { .. } | protocol::EventKind::ThinkingDelta { .. }
    ) {
        return;
    }
    let (id, kind) = (event.session_id.clone(), event.kind.clone());
    on_main(app, move |pet| pet.feel(BuddyInput::Agent(&id, &kind)));
}

/// Asks in the bubble, behind what it asks already. On any thread.
pub fn ask(app: &AppHandle, id: RequestId, session: SessionId, brief: Brief) {
    on_main(app, move |pet| {
        pet.asked.push(Asked { id, session, brief });
        pet.show_question();
    });
}

/// Takes a question back: it was answered elsewhere. On any thread.
pub fn withdraw(app: &AppHandle, id: &RequestId) {
    let id = id.clone();
    on_main(app, move |pet| pet.forget(&id));
}

/// Follows the microphone. On any thread.
pub fn on_voice(app: &AppHandle, event: &VoiceEvent) {
    let VoiceEvent::State { state } = event else {
        return;
    };
    let state = state.clone();
    on_main(app, move |pet| {
        pet.feel(BuddyInput::Listening(matches!(
            state,
            VoiceState::Listening { .. }
        )));
        pet.feel(BuddyInput::Transcribing(matches!(
            state,
            VoiceState::Transcribing
        )));
        if matches!(state, VoiceState::Error { .. }) {
            pet.feel(BuddyInput::Trouble);
        }
    });
}

fn on_main(app: &AppHandle, work: impl FnOnce(&mut Pet) + Send + 'static) {
    if let Err(error) = app.run_on_main_thread(move || with_pet(work)) {
        tracing::debug!(%error, "the pet is gone");
    }
}

fn with_pet(work: impl FnOnce(&mut Pet)) {
    PET.with_borrow_mut(|pet| {
        if let Some(pet) = pet {
            work(pet);
        }
    });
}

impl Pet {
    fn apply(&mut self, settings: &Settings) {
        let species = species_of(settings).unwrap_or(self.species);
        let side = settings.pet_size.clamp(48, 320);
        self.motion = if settings.reduced_motion {
            Motion::Reduced
        } else {
            Motion::Full
        };
        if species.name != self.species.name || side != self.side {
            self.species = species;
            self.side = side;
            self.shown = None;
        }
        let has_pet = self.app.state::<Shell>().engine.has(BUDDY_FLAG);
        match (&self.surface, settings.pet_shown && has_pet) {
            (None, true) => {
                self.surface = Some(Surface::open(self.side, place::load(&self.app)));
                self.show_question();
            }
            (Some(_), false) => {
                self.surface = None;
                self.shown = None;
                self.bubble = None;
            }
            (Some(surface), true) => {
                surface.resize(self.side);
                self.settle_bubble();
            }
            (None, false) => {}
        }
        self.paint();
    }

    /// Shows the question that waits longest, if there is one and a pet.
    fn show_question(&mut self) {
        self.bubble = None;
        let (Some(surface), Some(first)) = (&self.surface, self.asked.first()) else {
            return;
        };
        let id = first.id.clone();
        self.bubble = Some(Bubble::open(
            &first.brief,
            self.asked.len(),
            surface.place(),
            move |choice| chosen(&id, choice),
        ));
    }

    /// Follows the pet to where it is now.
    fn settle_bubble(&self) {
        if let (Some(surface), Some(bubble)) = (&self.surface, &self.bubble) {
            bubble.settle(surface.place());
        }
    }

    fn forget(&mut self, id: &RequestId) {
        let before = self.asked.len();
        self.asked.retain(|asked| asked.id != *id);
        if self.asked.len() != before {
            self.show_question();
        }
    }

    fn feel(&mut self, input: BuddyInput<'_>) {
        if let Some(change) = self.machine.apply(input, now_ms()) {
            tracing::info!(target: "familiar::pet", from = ?change.from, to = ?change.to, "mood");
        }
        self.paint();
    }

    /// Draws the pose of now if it differs from what is shown, and sets the
    /// timer for the next one; with nothing to come, no timer runs.
    fn paint(&mut self) {
        if let Some(timer) = self.timer.take() {
            timer.remove();
        }
        let moment = self.moment();
        if let Some(surface) = &self.surface {
            let pixels = self.side * surface.scale();
            match self
                .atlas
                .frame(self.species, "", &self.species.pose(&moment), pixels)
            {
                Ok(frame)
                    if self
                        .shown
                        .as_ref()
                        .is_some_and(|shown| Arc::ptr_eq(shown, &frame)) => {}
                Ok(frame) => {
                    surface.show(&frame);
                    self.shown = Some(frame);
                }
                Err(error) => tracing::error!(%error, "the pet cannot be drawn"),
            }
        }
        self.set_timer(&moment);
    }

    fn set_timer(&mut self, moment: &Moment) {
        let frame_at = self
            .surface
            .as_ref()
            .and_then(|_| self.species.next_frame_at(moment));
        let Some(next) = [frame_at, self.machine.next_change_at()]
            .into_iter()
            .flatten()
            .min()
        else {
            return;
        };
        let wait = Duration::from_millis(next.saturating_sub(moment.now_ms).max(1));
        self.timer = Some(glib::timeout_add_local_once(wait, || {
            with_pet(|pet| {
                // The source is spent; removing it again would be an error.
                pet.timer = None;
                pet.feel(BuddyInput::Tick);
            });
        }));
    }

    fn moment(&self) -> Moment {
        let (since_ms, previous) = self.machine.since();
        Moment {
            look: self.machine.look(),
            since_ms,
            previous,
            now_ms: now_ms(),
            seed: self.seed,
            gaze: Gaze::default(),
            motion: self.motion,
        }
    }
}

/// A click: it is pleased, and the window comes.
fn poked() {
    let mut app = None;
    with_pet(|pet| {
        pet.feel(BuddyInput::Poked);
        app = Some(pet.app.clone());
    });
    // Outside the borrow: on this thread tauri opens the window at once.
    if let Some(app) = app {
        super::main::show(&app);
    }
}

/// A button of the bubble was pressed.
fn chosen(id: &RequestId, choice: Choice) {
    let mut answered = None;
    with_pet(|pet| {
        let asked = pet.asked.iter().find(|asked| asked.id == *id);
        answered = asked.map(|asked| (pet.app.clone(), asked.session.clone()));
    });
    if let Some((app, session)) = answered {
        desk::choose(&app, &session, id, choice, AnsweredBy::Pet);
        // GTK closes the window of the bubble when it is idle, not within
        // the signal of a button that is part of it.
        withdraw(&app, id);
    }
}

/// It was dragged somewhere: it stays there next time, too.
fn moved(x: i32, y: i32) {
    with_pet(|pet| {
        place::save(&pet.app, x, y);
        pet.settle_bubble();
    });
}

fn species_of(settings: &Settings) -> Option<&'static Species> {
    buddy::find(&settings.pet_species).or_else(|| buddy::species().first())
}

fn now_ms() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX))
}
