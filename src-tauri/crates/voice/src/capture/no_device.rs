//! In a build without voice: no microphone, and it says so.

use super::{Feed, Microphone, Source, Stream};
use crate::VoiceError;

/// The microphones of this machine.
///
/// # Errors
/// Always `NotBuilt`.
pub fn microphones() -> Result<Vec<Microphone>, VoiceError> {
    Err(VoiceError::NotBuilt)
}

/// A source that never opens.
#[derive(Debug, Default)]
pub struct Device;

impl Source for Device {
    fn open(&mut self, _: Option<&str>, _: Feed) -> Result<Stream, VoiceError> {
        Err(VoiceError::NotBuilt)
    }
}
