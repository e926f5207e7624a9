//! Is there speech in this clip at all? Silence, noise, hum, clicks and
//! plucked strings must never reach the model, which would write words into
//! them, and the words could approve something. Judges the sound alone.

mod features;
mod pitch;

use std::ops::Range;

use features::Frames;

use crate::SAMPLE_RATE;

/// The loudest frame of speech is above this, even into a poor microphone.
const LEAST_LEVEL_DB: f32 = -52.0;

/// Frames in which the detector must hear a voice, and how sure it must be.
const VOICE_PROBABILITY: f32 = 0.75;
const LEAST_VOICED_MS: u64 = 100;

/// Sound kept on both sides of the speech, so that soft consonants stay.
const MARGIN_MS: u64 = 400;

/// A clip with speech in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speech {
    start: usize,
    end: usize,
    /// How long a voice was heard.
    pub voiced_ms: u64,
    /// Loudest frame, in decibels below full scale.
    pub level_db: f32,
}

impl Speech {
    /// The samples from a little before the first voice to a little after
    /// the last.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// Why a clip is not speech.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NoSpeech {
    /// Too short to hold a word.
    TooShort,
    /// Nothing but zeros.
    Dead,
    /// Too quiet.
    Quiet {
        /// Loudest frame, in decibels below full scale.
        level_db: f32,
    },
    /// No voice was heard in it.
    NoVoice {
        /// How long something like a voice was heard.
        voiced_ms: u64,
    },
    /// No pitch in it, or none that moves as a speaking voice does.
    Tones,
}

/// Judges a clip of [`SAMPLE_RATE`] mono samples.
///
/// # Errors
/// The reason, when it holds no speech.
pub fn judge(clip: &[f32]) -> Result<Speech, NoSpeech> {
    if clip.iter().all(|sample| *sample == 0.0) {
        return Err(NoSpeech::Dead);
    }
    let frames = Frames::of(clip);
    if frames.len() < 10 {
        return Err(NoSpeech::TooShort);
    }
    let level_db = frames.loudest_db();
    if level_db < LEAST_LEVEL_DB {
        return Err(NoSpeech::Quiet { level_db });
    }
    let voiced = frames.voiced(VOICE_PROBABILITY);
    let voiced_ms = voiced.len() as u64 * features::FRAME_MS;
    if voiced_ms < LEAST_VOICED_MS {
        return Err(NoSpeech::NoVoice { voiced_ms });
    }
    let movement = pitch::movement(clip, &voiced);
    if !movement.is_speech() {
        return Err(NoSpeech::Tones);
    }
    let (first, last) = (voiced[0], voiced[voiced.len() - 1]);
    let sample = |ms: u64| (ms * u64::from(SAMPLE_RATE) / 1_000) as usize;
    Ok(Speech {
        start: sample((first as u64 * features::FRAME_MS).saturating_sub(MARGIN_MS)),
        end: sample((last as u64 + 1) * features::FRAME_MS + MARGIN_MS).min(clip.len()),
        voiced_ms,
        level_db,
    })
}

#[cfg(test)]
pub(crate) mod tests;
