//! The companion on the desktop: which mood it is in, how it moves and what
//! it looks like.
//!
//! Everything here is pure: events and times go in, a mood, a pose and pixels
//! come out. No window, no timer, no clock; the shell owns those and asks
//! [`Species::next_frame_at`] when it has to paint again.

mod choreography;
mod mood;
mod pose;
mod raster;
mod rig;
mod species;

pub use choreography::{Choreographies, Choreography, ChoreographyError, Eyes, Mouth};
pub use mood::{Accent, BuddyInput, Look, Mood, MoodChange, MoodMachine};
pub use pose::{BLEND_MS, FRAME_MS, Gaze, Moment, Motion, Pose};
pub use raster::{Atlas, Frame, RasterError, Rect, draw, hit_region};
pub use rig::{REQUIRED_ANCHORS, REQUIRED_GROUPS, RigError};
pub use species::{Palette, Rarity, Species, SpeciesError, find, species};
