//! In a build without voice: no model is ever loaded, and it says so.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::SpeechModel;
use crate::VoiceError;

/// What the model wrote, before anybody judged it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Raw {
    pub text: String,
    pub confidence: f32,
    pub no_speech: f32,
}

/// None exists.
#[derive(Debug)]
pub enum Engine {}

impl Engine {
    /// Loads nothing.
    ///
    /// # Errors
    /// Always `NotBuilt`.
    pub fn load(_: &Path) -> Result<Self, VoiceError> {
        Err(VoiceError::NotBuilt)
    }

    /// True when this is the engine for that file.
    #[must_use]
    pub fn holds(&self, _: &Path) -> bool {
        match *self {}
    }

    /// Runs the model once.
    ///
    /// # Errors
    /// None: there is nothing to run.
    pub fn warm(&mut self, _: &SpeechModel) -> Result<(), VoiceError> {
        match *self {}
    }

    pub(super) fn decode(
        &mut self,
        _: &SpeechModel,
        _: &[f32],
        _: &AtomicBool,
    ) -> Result<Raw, VoiceError> {
        match *self {}
    }
}
