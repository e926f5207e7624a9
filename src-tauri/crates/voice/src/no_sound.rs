//! In a build without voice: silence.

use crate::push_to_talk::Cue;

/// Plays nothing.
#[derive(Debug, Clone)]
pub enum Sounds {}

impl Sounds {
    /// None: there is nothing to play on.
    #[must_use]
    pub fn start() -> Option<Self> {
        None
    }

    /// Plays nothing.
    pub fn play(&self, _: Cue, _: f32) {
        match *self {}
    }
}
